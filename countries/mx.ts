import { curpDocument } from "./checks/curp.ts";
import { rfcDocument } from "./checks/rfc.ts";
import { asks, defineCountry, limits, mayAsk, text, wallet } from "./define.ts";

const email = asks(
  "email",
  text(
    "Para enviarte la confirmación de tu donativo.",
    "So that we can send you the confirmation of your gift.",
  ),
);
const name = mayAsk(
  "name",
  text(
    "Para que tu iglesia sepa de quién viene el donativo.",
    "So that your church knows whom the gift is from.",
  ),
);
const taxId = mayAsk(
  "tax_id",
  text(
    "Solo si quieres que tu iglesia lo tenga para un recibo; no hace falta para donar.",
    "Only if you want your church to have it for a receipt; you do not need it to give.",
  ),
);
const cardFields = [email, name, taxId];
const walletHint = text(
  "Confirma con tu teléfono; el donativo llega al momento.",
  "Confirm on your phone; the gift arrives at once.",
);

/**
 * Mexico. Methods and limits: facts: methods (OXXO 10 to 10,000 MXN, confirmed the next business day; SPEI in
 * minutes, any day). Wording: facts: tax — offerings to a religious association have no tax effect; only an
 * authorised donee may issue a deductible receipt, which is another document.
 */
export const mx = defineCountry({
  code: "mx",
  name: text("México", "Mexico"),
  currency: "MXN",
  timeZone: "America/Mexico_City",
  locales: ["es-MX", "en-US"],
  methods: [
    {
      type: "card",
      kind: "card",
      label: text("Tarjeta de crédito o débito", "Credit or debit card"),
      hint: text("El donativo llega al momento.", "The gift arrives at once."),
      gateways: ["stripe"],
      presentations: ["embedded", "hosted", "token"],
      donorFields: cardFields,
      recurs: "card_on_file",
      confirms: "seconds",
    },
    wallet("apple_pay", "Apple Pay", walletHint, cardFields),
    wallet("google_pay", "Google Pay", walletHint, cardFields),
    {
      type: "oxxo",
      kind: "voucher",
      label: text("Efectivo en OXXO", "Cash at OXXO"),
      hint: text(
        "Te damos una ficha para pagar en la caja de cualquier OXXO; se confirma al siguiente día hábil.",
        "You get a voucher to pay at any OXXO till; it is confirmed the next business day.",
      ),
      gateways: ["stripe"],
      presentations: ["instructions"],
      ...limits("MXN", 1_000n, 1_000_000n),
      donorFields: [
        asks("name", text("OXXO exige un nombre en la ficha.", "OXXO requires a name on the voucher.")),
        asks("email", text("Para enviarte la ficha de pago.", "So that we can send you the voucher.")),
        taxId,
      ],
      recurs: "reminder",
      confirms: "next_business_day",
    },
    {
      type: "spei",
      kind: "bank_transfer",
      label: text("Transferencia SPEI", "SPEI bank transfer"),
      hint: text(
        "Te damos una CLABE para transferir desde tu banco; llega en minutos, cualquier día.",
        "You get a CLABE to transfer to from your bank; it arrives in minutes, any day.",
      ),
      gateways: ["stripe"],
      presentations: ["instructions"],
      donorFields: [
        asks(
          "name",
          text(
            "Para reconocer tu transferencia cuando llegue.",
            "So that we recognise your transfer when it arrives.",
          ),
        ),
        asks(
          "email",
          text("Para enviarte la CLABE y la confirmación.", "To send you the CLABE and the confirmation."),
        ),
        taxId,
      ],
      recurs: "reminder",
      confirms: "minutes",
    },
  ],
  donorDocuments: [rfcDocument, curpDocument],
  entityDocument: rfcDocument,
  suggestedAmounts: [10_000n, 20_000n, 50_000n, 100_000n],
  acknowledgment: {
    title: text("Constancia de donativo recibido", "Acknowledgment of a gift received"),
    statement: text(
      "Recibimos este donativo con gratitud. Esta constancia no es un comprobante fiscal y no tiene efectos fiscales: no es deducible de impuestos.",
      "We received this gift with gratitude. This acknowledgment is not a tax document and has no tax effect: it is not tax deductible.",
    ),
  },
});
