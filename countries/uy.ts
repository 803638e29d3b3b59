import { uyCedulaDocument } from "./checks/uy-ci.ts";
import { uyRutDocument } from "./checks/uy-rut.ts";
import { acknowledgmentUnlike, defineCountry, ofrenda, text } from "./define.ts";
import { bankHolidays } from "./generated/bank-holidays.ts";
import { brands, cardThroughMercadoPago } from "./methods/cards.ts";
import { everywhere } from "./methods/everywhere.ts";
import { cashAt, cashVoucherFields } from "./methods/vouchers.ts";
import { mercadoPago } from "./methods/wallets.ts";

/** Uruguay. Cards and both cash networks by Mercado Pago (facts: methods §11); PayPal has no Uruguayan pesos. */
export const uy = defineCountry({
  code: "uy",
  name: text("Uruguay", "Uruguay", "Uruguai"),
  currency: "UYU",
  timeZone: "America/Montevideo",
  locales: ["es-UY", "en-US", "pt-BR"],
  methods: [
    cardThroughMercadoPago(brands("OCA, Lider")),
    cashAt("abitab", "Abitab", ["mercadopago"], cashVoucherFields),
    cashAt("redpagos", "Redpagos", ["mercadopago"], cashVoucherFields),
    mercadoPago(),
    ...everywhere,
  ],
  donorDocuments: [uyCedulaDocument, uyRutDocument],
  entityDocument: uyRutDocument,
  suggestedAmounts: [30_000n, 50_000n, 100_000n, 200_000n],
  acknowledgment: acknowledgmentUnlike(
    text(
      "un certificado de donaciones especiales de la DGI",
      "a DGI certificate of special donations",
      "um certificado de doações especiais da DGI",
    ),
  ),
  words: ofrenda,
  bankHolidays: bankHolidays.uy,
});
