import { clRutDocument } from "./checks/cl-rut.ts";
import { acknowledgmentUnlike, defineCountry, limits, ofrenda, text } from "./define.ts";
import { email, name, taxId, taxIdForBank } from "./fields.ts";
import { bankHolidays } from "./generated/bank-holidays.ts";
import { bankRedirect } from "./methods/banks.ts";
import { brands, cardThroughMercadoPago } from "./methods/cards.ts";
import { everywhere } from "./methods/everywhere.ts";
import { mercadoPago, paypalInDollars } from "./methods/wallets.ts";

/**
 * Chile. Pesos have no decimals. Webpay (50 to 3,000,000 CLP) and Fintoc come through Mercado Pago (facts:
 * methods §4). Certificates need the church in the register of Ley 21.440 (facts: tax).
 */
export const cl = defineCountry({
  code: "cl",
  name: text("Chile", "Chile", "Chile"),
  currency: "CLP",
  timeZone: "America/Santiago",
  locales: ["es-CL", "en-US"],
  methods: [
    cardThroughMercadoPago(brands("Redcompra, American Express")),
    bankRedirect(
      {
        type: "webpay",
        kind: "card",
        label: text("Webpay", "Webpay", "Webpay"),
        hint: text(
          "Te llevamos a Webpay para dar con tu tarjeta de débito, crédito o prepago.",
          "We take you to Webpay to give with your debit, credit or prepaid card.",
          "Levamos você ao Webpay para doar com cartão de débito, crédito ou pré-pago.",
        ),
        gateways: ["mercadopago"],
        ...limits("CLP", 50n, 3_000_000n),
        confirms: "minutes",
      },
      [email, name, taxId],
    ),
    bankRedirect(
      {
        type: "fintoc",
        label: text(
          "Transferencia desde tu banco (Fintoc)",
          "Transfer from your bank (Fintoc)",
          "Transferência do seu banco (Fintoc)",
        ),
        hint: text(
          "Te llevamos a tu banco para aprobar la transferencia; tienes diez minutos y llega enseguida.",
          "We take you to your bank to approve the transfer; you have ten minutes and it arrives right away.",
          "Levamos você ao seu banco para aprovar a transferência; você tem dez minutos e chega logo.",
        ),
        gateways: ["mercadopago"],
        confirms: "minutes",
      },
      [email, name, taxIdForBank],
    ),
    mercadoPago(),
    paypalInDollars,
    ...everywhere,
  ],
  donorDocuments: [clRutDocument],
  entityDocument: clRutDocument,
  suggestedAmounts: [5_000n, 10_000n, 20_000n, 50_000n],
  acknowledgment: acknowledgmentUnlike(
    text(
      "un certificado de donación del SII",
      "a certificate of donation of the SII",
      "um certificado de doação do SII",
    ),
  ),
  words: ofrenda,
  bankHolidays: bankHolidays.cl,
});
