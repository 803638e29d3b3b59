import { einDocument } from "./checks/ein.ts";
import { asks, defineCountry, mayAsk, text, wallet } from "./define.ts";

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
    "Para que tu constancia lleve tu nombre al declarar impuestos.",
    "So that your acknowledgment carries your name at tax time.",
  ),
);
const cardFields = [email, name];
const walletHint = text(
  "Confirma con tu teléfono; el donativo llega al momento.",
  "Confirm on your phone; the gift arrives at once.",
);

/**
 * The United States. Methods: facts: methods. Wording: facts: tax — the line that is safe for every church
 * (IRC 170(f)(8), IRS Pub. 1771); donors' taxpayer numbers are not collected.
 */
export const us = defineCountry({
  code: "us",
  name: text("Estados Unidos", "United States"),
  currency: "USD",
  timeZone: "America/New_York",
  locales: ["en-US", "es-US"],
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
    wallet(
      "link",
      "Link",
      text("Usa la tarjeta que ya guardaste en Link.", "Use the card you have already saved with Link."),
      cardFields,
    ),
    {
      type: "ach_debit",
      kind: "bank_debit",
      label: text("Cuenta bancaria (ACH)", "Bank account (ACH)"),
      hint: text(
        "Se carga a tu cuenta de banco; tarda unos cuatro días hábiles y cuesta menos a tu iglesia.",
        "Taken from your bank account; it takes about four business days and costs your church less.",
      ),
      gateways: ["stripe"],
      presentations: ["embedded", "hosted", "token"],
      donorFields: [
        asks(
          "name",
          text("El banco exige el nombre del titular.", "The bank requires the account holder's name."),
        ),
        asks(
          "email",
          text(
            "Para enviarte la autorización del cargo y la confirmación.",
            "To send you the debit authorization and the confirmation.",
          ),
        ),
      ],
      recurs: "mandate",
      confirms: "days",
    },
  ],
  donorDocuments: [],
  entityDocument: einDocument,
  suggestedAmounts: [2_500n, 5_000n, 10_000n, 25_000n],
  acknowledgment: {
    title: text("Constancia de donativo", "Acknowledgment of your gift"),
    statement: text(
      "No se entregaron bienes ni servicios a cambio de este donativo, salvo beneficios religiosos intangibles.",
      "No goods or services were provided in exchange for this gift, other than intangible religious benefits.",
    ),
  },
});
