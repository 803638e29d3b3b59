import { cnpjDocument } from "./checks/cnpj.ts";
import { cpfDocument } from "./checks/cpf.ts";
import { acknowledgmentUnlike, atLeast, defineCountry, limits, ofrenda, text } from "./define.ts";
import {
  addressForBank,
  email,
  emailForVoucher,
  name,
  nameOfPayer,
  nameOnVoucher,
  taxId,
  taxIdForGateway,
} from "./fields.ts";
import { bankHolidays } from "./generated/bank-holidays.ts";
import { brands, cardThroughMercadoPago, phoneWallets } from "./methods/cards.ts";
import { everywhere } from "./methods/everywhere.ts";
import { cashAt, voucher } from "./methods/vouchers.ts";
import { mercadoPago, paypal } from "./methods/wallets.ts";

const slipFields = [nameOnVoucher, emailForVoucher, taxIdForGateway, addressForBank];
const lotericas = text("las lotéricas de la Caixa", "Caixa lottery shops", "lotéricas da Caixa");

/**
 * Brazil. Pix goes by the church's own bank (API Pix) first: Stripe's Pix is closed to non-profits (facts:
 * methods §0). A boleto needs the payer's CPF or CNPJ and address. Wording: facts: tax — offerings of persons are
 * not deductible.
 */
export const br = defineCountry({
  code: "br",
  name: text("Brasil", "Brazil", "Brasil"),
  currency: "BRL",
  timeZone: "America/Sao_Paulo",
  locales: ["pt-BR", "en-US", "es-419"],
  methods: [
    {
      type: "pix",
      kind: "qr",
      label: text("Pix", "Pix", "Pix"),
      hint: text(
        "Escanea el código o cópialo en la app de tu banco; llega en segundos, cualquier día.",
        "Scan the code or copy it into your bank's app; it arrives in seconds, any day.",
        "Escaneie o código ou copie no app do seu banco; chega em segundos, em qualquer dia.",
      ),
      gateways: ["pix", "mercadopago"],
      presentations: ["instructions"],
      ...atLeast("BRL", 1n),
      donorFields: [nameOfPayer, email, taxIdForGateway],
      recurs: "reminder",
      confirms: "seconds",
    },
    cardThroughMercadoPago(brands("Elo, Hipercard, American Express")),
    ...phoneWallets([email, name, taxId]),
    voucher(
      {
        type: "boleto",
        label: text("Boleto bancario", "Boleto (bank slip)", "Boleto bancário"),
        hint: text(
          "Te damos un boleto para pagar en tu banco, en la app o en una lotérica; se acredita al siguiente día hábil.",
          "You get a slip to pay at your bank, in its app or at a lottery shop; it counts the next business day.",
          "Você recebe um boleto para pagar no banco, no app ou na lotérica; é confirmado no próximo dia útil.",
        ),
        gateways: ["stripe", "mercadopago"],
        ...limits("BRL", 500n, 4_999_999n),
        confirms: "next_business_day",
      },
      slipFields,
    ),
    mercadoPago(),
    paypal,
    cashAt("loterica", "lotérica", ["mercadopago"], slipFields, lotericas),
    ...everywhere,
  ],
  standingMethods: [
    {
      type: "pix_automatico",
      kind: "bank_debit",
      label: text("Pix Automático", "Pix Automático", "Pix Automático"),
      hint: text(
        "Lo autorizas una vez en la app de tu banco; puedes cancelarlo allí cuando quieras.",
        "You authorize it once in your bank's app, and may cancel it there at any time.",
        "Você autoriza uma vez no app do seu banco e pode cancelar por lá quando quiser.",
      ),
      gateways: ["pix"],
      presentations: ["instructions"],
      ...atLeast("BRL", 1n),
      donorFields: [nameOfPayer, email, taxIdForGateway],
      recurs: "mandate",
      confirms: "days",
    },
  ],
  donorDocuments: [cpfDocument, cnpjDocument],
  entityDocument: cnpjDocument,
  suggestedAmounts: [2_000n, 5_000n, 10_000n, 20_000n],
  acknowledgment: acknowledgmentUnlike(
    text(
      "un recibo de donación para el impuesto sobre la renta",
      "a donation receipt for income tax",
      "um recibo de doação para o imposto de renda",
    ),
  ),
  words: ofrenda,
  bankHolidays: bankHolidays.br,
});
