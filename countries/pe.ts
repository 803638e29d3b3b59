import { peCarneExtranjeriaDocument } from "./checks/pe-ce.ts";
import { peDniDocument } from "./checks/pe-dni.ts";
import { peRucDocument } from "./checks/pe-ruc.ts";
import { acknowledgmentUnlike, atMost, defineCountry, limits, ofrenda, text } from "./define.ts";
import { email, name, phoneOfWallet } from "./fields.ts";
import { bankHolidays } from "./generated/bank-holidays.ts";
import { cardThroughMercadoPago } from "./methods/cards.ts";
import { everywhere } from "./methods/everywhere.ts";
import { cashVoucherFields, voucher } from "./methods/vouchers.ts";
import { paypalInDollars } from "./methods/wallets.ts";

/**
 * Peru. Yape takes at most 2,000 PEN, and less for some of its users; PagoEfectivo 5 to 10,000 PEN (facts:
 * methods). Worship is not among the purposes of deductible gifts (facts: tax).
 */
export const pe = defineCountry({
  code: "pe",
  name: text("Perú", "Peru", "Peru"),
  currency: "PEN",
  timeZone: "America/Lima",
  locales: ["es-PE", "en-US"],
  methods: [
    {
      type: "yape",
      kind: "wallet",
      label: text("Yape", "Yape", "Yape"),
      hint: text(
        "Escribes tu celular y el código de aprobación que te da Yape; llega al momento.",
        "You type your phone number and the approval code Yape shows you; it arrives at once.",
        "Você digita o seu celular e o código de aprovação que o Yape mostra; chega na hora.",
      ),
      gateways: ["mercadopago"],
      presentations: ["token"],
      ...atMost("PEN", 200_000n),
      donorFields: [email, name, phoneOfWallet],
      recurs: "reminder",
      confirms: "seconds",
    },
    cardThroughMercadoPago(),
    voucher(
      {
        type: "pago_efectivo",
        label: text(
          "Efectivo o banca (PagoEfectivo)",
          "Cash or banking (PagoEfectivo)",
          "Dinheiro ou banco (PagoEfectivo)",
        ),
        hint: text(
          "Te damos un código para pagar en agentes y bancos o desde la app de tu banco; puede tardar hasta dos días.",
          "You get a code to pay at agents and banks or in your bank's app; it can take up to two days.",
          "Você recebe um código para pagar em agentes e bancos ou no app do seu banco; pode levar até dois dias.",
        ),
        gateways: ["mercadopago"],
        ...limits("PEN", 500n, 1_000_000n),
        confirms: "days",
      },
      cashVoucherFields,
    ),
    paypalInDollars,
    ...everywhere,
  ],
  donorDocuments: [peDniDocument, peCarneExtranjeriaDocument, peRucDocument],
  entityDocument: peRucDocument,
  suggestedAmounts: [2_000n, 5_000n, 10_000n, 20_000n],
  acknowledgment: acknowledgmentUnlike(
    text(
      "un comprobante de recepción de donaciones de la SUNAT",
      "a SUNAT voucher of donations received",
      "um comprovante de recepção de doações da SUNAT",
    ),
  ),
  words: ofrenda,
  bankHolidays: bankHolidays.pe,
});
