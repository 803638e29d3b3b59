import { gbRegistrationDocument } from "./checks/gb-registration.ts";
import { acknowledgmentUnlike, defineCountry, donativo, limits, sameName, text } from "./define.ts";
import { addressForBank, email, name } from "./fields.ts";
import { bankHolidays } from "./generated/bank-holidays.ts";
import { bankRedirect, debit, transfer } from "./methods/banks.ts";
import { card, link, phoneWallets } from "./methods/cards.ts";
import { everywhere } from "./methods/everywhere.ts";
import { loginWallet, paypal } from "./methods/wallets.ts";

/** The United Kingdom. A Gift Aid declaration is the donor's own, apart from this acknowledgment (facts: tax). */
export const gb = defineCountry({
  code: "gb",
  name: text("Reino Unido", "United Kingdom", "Reino Unido"),
  currency: "GBP",
  timeZone: "Europe/London",
  locales: ["en-GB", "es-ES", "pt-PT"],
  methods: [
    card(["stripe", "paypal"]),
    ...phoneWallets(),
    bankRedirect(
      {
        type: "pay_by_bank",
        label: text("Pago desde tu banco", "Pay by bank", "Pagamento pelo seu banco"),
        hint: text(
          "Te llevamos a tu banco para aprobar; llega en segundos.",
          "We take you to your bank to approve; it arrives in seconds.",
          "Levamos você ao seu banco para aprovar; chega em segundos.",
        ),
        gateways: ["stripe"],
        ...limits("GBP", 50n, 1_000_000n),
        confirms: "seconds",
      },
      [email, name],
    ),
    debit(
      {
        type: "bacs_debit",
        label: text("Domiciliación (Bacs Direct Debit)", "Direct Debit (Bacs)", "Débito direto (Bacs)"),
        hint: text(
          "Se carga a tu cuenta con la Garantía de Direct Debit; tarda unos cuatro días hábiles, siete la primera vez.",
          "Taken from your account under the Direct Debit Guarantee; it takes about four business days, seven the first time.",
          "É debitado da sua conta com a Garantia de Direct Debit; demora cerca de quatro dias úteis, sete na primeira vez.",
        ),
        gateways: ["stripe"],
        ...limits("GBP", 30n, 10_000_000n),
      },
      [addressForBank],
    ),
    transfer({
      type: "bank_transfer",
      label: text(
        "Transferencia bancaria (Faster Payments)",
        "Bank transfer (Faster Payments)",
        "Transferência bancária (Faster Payments)",
      ),
      hint: text(
        "Te damos un sort code, una cuenta y una referencia; llega en minutos.",
        "You get a sort code, an account and a reference; it arrives in minutes.",
        "Você recebe um sort code, uma conta e uma referência; chega em minutos.",
      ),
      gateways: ["stripe", "transfer"],
      confirms: "minutes",
    }),
    paypal,
    loginWallet({
      type: "revolut_pay",
      label: sameName("Revolut Pay"),
      hint: text(
        "Confirmas en tu app de Revolut; llega al momento.",
        "You confirm in your Revolut app; it arrives at once.",
        "Você confirma no app da Revolut; chega na hora.",
      ),
      gateways: ["stripe"],
    }),
    link,
    ...everywhere,
  ],
  donorDocuments: [],
  entityDocument: gbRegistrationDocument,
  suggestedAmounts: [1_000n, 2_000n, 5_000n, 10_000n],
  acknowledgment: acknowledgmentUnlike(
    text("una declaración de Gift Aid", "a Gift Aid declaration", "uma declaração de Gift Aid"),
  ),
  words: donativo,
  bankHolidays: bankHolidays.gb,
});
