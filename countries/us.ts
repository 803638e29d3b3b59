import { einDocument } from "./checks/ein.ts";
import { defineCountry, donativo, sameName, text } from "./define.ts";
import { email, nameForTaxes } from "./fields.ts";
import { bankHolidays } from "./generated/bank-holidays.ts";
import { debit, transfer } from "./methods/banks.ts";
import { card, link, phoneWallets } from "./methods/cards.ts";
import { everywhere, stablecoin } from "./methods/everywhere.ts";
import { loginWallet, paypal } from "./methods/wallets.ts";

const personal = [email, nameForTaxes];

/**
 * The United States. Methods: facts: methods. Wording: facts: tax — the line that is safe for every church
 * (IRC 170(f)(8), IRS Pub. 1771); donors' taxpayer numbers are not collected.
 */
export const us = defineCountry({
  code: "us",
  name: text("Estados Unidos", "United States", "Estados Unidos"),
  currency: "USD",
  timeZone: "America/New_York",
  locales: ["en-US", "es-US", "pt-BR"],
  methods: [
    card(["stripe", "paypal"], personal),
    ...phoneWallets(personal),
    link,
    debit({
      type: "ach_debit",
      label: text("Cuenta bancaria (ACH)", "Bank account (ACH)", "Conta bancária (ACH)"),
      hint: text(
        "Se carga a tu cuenta de banco; tarda unos cuatro días hábiles y cuesta menos a tu iglesia.",
        "Taken from your bank account; it takes about four business days and costs your church less.",
        "É debitado da sua conta; demora cerca de quatro dias úteis e custa menos para a sua igreja.",
      ),
      gateways: ["stripe", "ach_file"],
    }),
    paypal,
    loginWallet({
      type: "venmo",
      label: sameName("Venmo"),
      hint: text(
        "Confirmas en la app de Venmo; llega al momento.",
        "You confirm in the Venmo app; it arrives at once.",
        "Você confirma no app do Venmo; chega na hora.",
      ),
      gateways: ["paypal"],
    }),
    loginWallet({
      type: "amazon_pay",
      label: sameName("Amazon Pay"),
      hint: text(
        "Usas la tarjeta de tu cuenta de Amazon.",
        "You use the card of your Amazon account.",
        "Você usa o cartão da sua conta Amazon.",
      ),
      gateways: ["stripe"],
    }),
    transfer({
      type: "bank_transfer",
      label: text(
        "Transferencia bancaria (ACH o wire)",
        "Bank transfer (ACH or wire)",
        "Transferência bancária (ACH ou wire)",
      ),
      hint: text(
        "Te damos un número de cuenta y de ruta para transferir desde tu banco; tarda de uno a tres días hábiles.",
        "You get an account and routing number to transfer to from your bank; it takes one to three business days.",
        "Você recebe um número de conta e de roteamento para transferir do seu banco; demora de um a três dias úteis.",
      ),
      gateways: ["stripe"],
      confirms: "days",
    }),
    stablecoin,
    ...everywhere,
  ],
  donorDocuments: [],
  entityDocument: einDocument,
  suggestedAmounts: [2_500n, 5_000n, 10_000n, 25_000n],
  acknowledgment: {
    title: text("Constancia de donativo", "Acknowledgment of your gift", "Comprovante da sua doação"),
    statement: text(
      "No se entregaron bienes ni servicios a cambio de este donativo, salvo beneficios religiosos intangibles.",
      "No goods or services were provided in exchange for this gift, other than intangible religious benefits.",
      "Nenhum bem ou serviço foi entregue em troca desta doação, salvo benefícios religiosos intangíveis.",
    ),
  },
  words: donativo,
  bankHolidays: bankHolidays.us,
});
