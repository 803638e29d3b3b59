import type { CountryMethod, DonorFieldRule, Localized } from "../../src/gateway/country-profile.ts";
import { sameName, text } from "../define.ts";
import { email, name, taxIdForGateway } from "../fields.ts";

/*
 * Cards, and the wallets that hold the donor's cards. Limits and times: facts: methods.
 */

const atOnce = text("El donativo llega al momento.", "The gift arrives at once.", "A doação chega na hora.");

/** Cards by these gateways; the donor sees `hint` under the name. */
export const card = (
  gateways: CountryMethod["gateways"],
  donorFields: readonly DonorFieldRule[] = [email, name],
  hint = atOnce,
): CountryMethod => ({
  type: "card",
  kind: "card",
  label: text("Tarjeta de crédito o débito", "Credit or debit card", "Cartão de crédito ou débito"),
  hint,
  gateways,
  presentations: ["embedded", "hosted", "token"],
  donorFields,
  recurs: "card_on_file",
  confirms: "seconds",
});

/** A card's hint where local brands matter to donors. */
export const brands = (local: string): Localized =>
  text(
    `Visa, Mastercard, ${local}; el donativo llega al momento.`,
    `Visa, Mastercard, ${local}; the gift arrives at once.`,
    `Visa, Mastercard, ${local}; a doação chega na hora.`,
  );

/** What Mercado Pago wants to know of who pays, everywhere but in Mexico (facts: methods §4). */
const payerFields: readonly DonorFieldRule[] = [email, name, taxIdForGateway];

/** Cards where Mercado Pago knows the local brands and Stripe comes from abroad. */
export const cardThroughMercadoPago = (
  hint = brands("American Express"),
  gateways: CountryMethod["gateways"] = ["mercadopago", "stripe"],
): CountryMethod => ({
  ...card(gateways, payerFields, hint),
  // Both have a page of their own, so that is what an order without a wish gets.
  presentations: ["hosted", "token", "embedded"],
});

/** A wallet that holds the donor's cards: given through as a card. */
const cardWallet = (
  type: CountryMethod["type"],
  label: string,
  hint: Localized,
  donorFields: readonly DonorFieldRule[],
): CountryMethod => ({
  ...card(["stripe"], donorFields, hint),
  type,
  kind: "wallet",
  label: sameName(label),
});

const onYourPhone = text(
  "Confirma con tu teléfono; el donativo llega al momento.",
  "Confirm on your phone; the gift arrives at once.",
  "Confirme no seu celular; a doação chega na hora.",
);

/** Apple Pay and Google Pay, shown only where the donor's browser has them. */
export const phoneWallets = (
  donorFields: readonly DonorFieldRule[] = [email, name],
): readonly CountryMethod[] => [
  cardWallet("apple_pay", "Apple Pay", onYourPhone, donorFields),
  cardWallet("google_pay", "Google Pay", onYourPhone, donorFields),
];

/** Stripe's own wallet of saved cards. */
export const link = cardWallet(
  "link",
  "Link",
  text(
    "Usa la tarjeta que ya guardaste en Link.",
    "Use the card you have already saved with Link.",
    "Use o cartão que você já salvou no Link.",
  ),
  [email, name],
);
