import { curpDocument } from "./checks/curp.ts";
import { rfcDocument } from "./checks/rfc.ts";
import { atLeast, defineCountry, limits, ofrenda, text } from "./define.ts";
import { email, emailForVoucher, name, nameOnVoucher, taxId } from "./fields.ts";
import { bankHolidays } from "./generated/bank-holidays.ts";
import { transfer } from "./methods/banks.ts";
import { card, phoneWallets } from "./methods/cards.ts";
import { everywhere } from "./methods/everywhere.ts";
import { cashAt, voucher } from "./methods/vouchers.ts";
import { mercadoPago, paypal } from "./methods/wallets.ts";

const personal = [email, name, taxId];
const voucherFields = [nameOnVoucher, emailForVoucher, taxId];
const shops = text(
  "7-Eleven, Soriana y más tiendas",
  "7-Eleven, Soriana and more shops",
  "7-Eleven, Soriana e outras lojas",
);
const machines = text(
  "sus cajeros y ventanillas",
  "its machines and counters",
  "seus caixas eletrônicos e guichês",
);

/**
 * Mexico. Methods and limits: facts: methods (OXXO 10 to 10,000 MXN, confirmed the next business day; SPEI in
 * minutes, any day). Wording: facts: tax — offerings to a religious association have no tax effect; only an
 * authorised donee may issue a deductible receipt, which is another document.
 */
export const mx = defineCountry({
  code: "mx",
  name: text("México", "Mexico", "México"),
  currency: "MXN",
  timeZone: "America/Mexico_City",
  locales: ["es-MX", "en-US"],
  methods: [
    card(["stripe", "mercadopago", "paypal"], personal),
    ...phoneWallets(personal),
    voucher(
      {
        type: "oxxo",
        label: text("Efectivo en OXXO", "Cash at OXXO", "Dinheiro no OXXO"),
        hint: text(
          "Te damos una ficha para pagar en la caja de cualquier OXXO; se confirma al siguiente día hábil.",
          "You get a voucher to pay at any OXXO till; it is confirmed the next business day.",
          "Você recebe uma guia para pagar no caixa de qualquer OXXO; é confirmada no próximo dia útil.",
        ),
        gateways: ["stripe", "mercadopago"],
        ...limits("MXN", 1_000n, 1_000_000n),
        confirms: "next_business_day",
      },
      voucherFields,
    ),
    transfer({
      type: "spei",
      label: text("Transferencia SPEI", "SPEI bank transfer", "Transferência SPEI"),
      hint: text(
        "Te damos una CLABE para transferir desde tu banco; llega en minutos, cualquier día.",
        "You get a CLABE to transfer to from your bank; it arrives in minutes, any day.",
        "Você recebe uma CLABE para transferir do seu banco; chega em minutos, em qualquer dia.",
      ),
      gateways: ["stripe", "mercadopago", "transfer"],
      ...atLeast("MXN", 1_000n),
      confirms: "minutes",
    }),
    paypal,
    mercadoPago(personal),
    cashAt("paycash", "PayCash", ["mercadopago"], voucherFields, shops),
    cashAt("bbva_cash", "BBVA", ["mercadopago"], voucherFields, machines),
    cashAt("citibanamex_cash", "Banamex", ["mercadopago"], voucherFields, machines),
    ...everywhere,
  ],
  donorDocuments: [rfcDocument, curpDocument],
  entityDocument: rfcDocument,
  suggestedAmounts: [10_000n, 20_000n, 50_000n, 100_000n],
  acknowledgment: {
    title: text(
      "Constancia de donativo recibido",
      "Acknowledgment of a gift received",
      "Comprovante de doação recebida",
    ),
    statement: text(
      "Recibimos este donativo con gratitud. Esta constancia no es un comprobante fiscal y no tiene efectos fiscales: no es deducible de impuestos.",
      "We received this gift with gratitude. This acknowledgment is not a tax document and has no tax effect: it is not tax deductible.",
      "Recebemos esta doação com gratidão. Este comprovante não é um documento fiscal e não tem efeitos fiscais: não é dedutível de impostos.",
    ),
  },
  words: ofrenda,
  bankHolidays: bankHolidays.mx,
});
