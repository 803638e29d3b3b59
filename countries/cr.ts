import { crCedulaDocument } from "./checks/cr-cedula.ts";
import { crCedulaJuridicaDocument } from "./checks/cr-cedula-juridica.ts";
import { crDimexDocument } from "./checks/cr-dimex.ts";
import { acknowledgmentUnlike, defineCountry, ofrenda, text } from "./define.ts";
import { email, name, taxId } from "./fields.ts";
import { bankHolidays } from "./generated/bank-holidays.ts";
import { transfer } from "./methods/banks.ts";
import { card } from "./methods/cards.ts";
import { everywhere } from "./methods/everywhere.ts";
import { paypalInDollars } from "./methods/wallets.ts";

/** Costa Rica. SINPE Móvil goes to the church's own phone number and is confirmed from its statement; cards come across the border, PayPal in dollars (facts: methods §11). */
export const cr = defineCountry({
  code: "cr",
  name: text("Costa Rica", "Costa Rica", "Costa Rica"),
  currency: "CRC",
  timeZone: "America/Costa_Rica",
  locales: ["es-CR", "en-US"],
  methods: [
    card(["stripe"], [email, name, taxId]),
    transfer({
      type: "sinpe_movil",
      label: text("SINPE Móvil", "SINPE Móvil", "SINPE Móvil"),
      hint: text(
        "Te damos el número de celular de la iglesia y un código para el detalle; llega en segundos, cualquier día.",
        "You get the church's phone number and a code for the detail line; it arrives in seconds, any day.",
        "Você recebe o número de celular da igreja e um código para o detalhe; chega em segundos, em qualquer dia.",
      ),
      gateways: ["transfer"],
      confirms: "hours",
    }),
    paypalInDollars,
    ...everywhere,
  ],
  donorDocuments: [crCedulaDocument, crDimexDocument],
  entityDocument: crCedulaJuridicaDocument,
  suggestedAmounts: [300_000n, 500_000n, 1_000_000n, 2_500_000n],
  acknowledgment: acknowledgmentUnlike(
    text(
      "un comprobante de donación deducible ante Hacienda",
      "a receipt of a gift deductible before Hacienda",
      "um comprovante de doação dedutível perante a Hacienda",
    ),
  ),
  words: ofrenda,
  bankHolidays: bankHolidays.cr,
});
