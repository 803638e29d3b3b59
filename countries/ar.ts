import { arDniDocument } from "./checks/ar-dni.ts";
import { cuitDocument } from "./checks/cuit.ts";
import { acknowledgmentUnlike, defineCountry, ofrenda, text } from "./define.ts";
import { bankHolidays } from "./generated/bank-holidays.ts";
import { transfer } from "./methods/banks.ts";
import { brands, cardThroughMercadoPago } from "./methods/cards.ts";
import { everywhere } from "./methods/everywhere.ts";
import { cashAt, cashVoucherFields } from "./methods/vouchers.ts";
import { mercadoPago } from "./methods/wallets.ts";

/**
 * Argentina. PayPal has no pesos and serves only givers abroad, so it is not offered (facts: methods). Deductible
 * gifts need the church on ARCA's list and a bank's trail: another document (facts: tax).
 */
export const ar = defineCountry({
  code: "ar",
  name: text("Argentina", "Argentina", "Argentina"),
  currency: "ARS",
  timeZone: "America/Argentina/Buenos_Aires",
  locales: ["es-AR", "en-US"],
  methods: [
    mercadoPago(),
    cardThroughMercadoPago(brands("Cabal, Naranja, American Express"), ["mercadopago"]),
    transfer({
      type: "bank_transfer",
      label: text("Transferencia a CBU o alias", "Transfer to a CBU", "Transferência para CBU"),
      hint: text(
        "Te damos la CBU de la iglesia y una referencia; llega en segundos desde tu banco o billetera.",
        "You get the church's CBU and a reference; it arrives in seconds from your bank or wallet.",
        "Você recebe a CBU da igreja e uma referência; chega em segundos do seu banco ou carteira.",
      ),
      gateways: ["transfer"],
      confirms: "minutes",
    }),
    cashAt("rapipago", "Rapipago", ["mercadopago"], cashVoucherFields),
    cashAt("pago_facil", "Pago Fácil", ["mercadopago"], cashVoucherFields),
    ...everywhere,
  ],
  donorDocuments: [arDniDocument, cuitDocument],
  entityDocument: cuitDocument,
  suggestedAmounts: [500_000n, 1_000_000n, 2_000_000n, 5_000_000n],
  acknowledgment: acknowledgmentUnlike(
    text(
      "un recibo de donación deducible ante ARCA",
      "a receipt of a gift deductible before ARCA",
      "um recibo de doação dedutível perante a ARCA",
    ),
  ),
  words: ofrenda,
  bankHolidays: bankHolidays.ar,
});
