import type { CountryMethod, DonorFieldRule } from "../../src/gateway/country-profile.ts";
import { sameName, text } from "../define.ts";
import { email, name } from "../fields.ts";

/*
 * Wallets with a page of their own, where the donor logs in. Limits and times: facts: methods.
 */

/** A wallet on a page of its own, where the donor logs in. */
export const loginWallet = (
  said: Pick<CountryMethod, "type" | "label" | "hint" | "gateways"> & {
    readonly recurs?: CountryMethod["recurs"];
  },
  donorFields: readonly DonorFieldRule[] = [email, name],
): CountryMethod => ({
  kind: "wallet",
  presentations: ["hosted"],
  recurs: "mandate",
  ...said,
  donorFields,
  confirms: "seconds",
});

/** PayPal in the country's own currency. */
export const paypal = loginWallet({
  type: "paypal",
  label: sameName("PayPal"),
  hint: text(
    "Entras a tu cuenta de PayPal y confirmas; casi siempre llega al momento.",
    "You log in to PayPal and confirm; it nearly always arrives at once.",
    "Você entra na sua conta PayPal e confirma; quase sempre chega na hora.",
  ),
  gateways: ["paypal"],
});

/** PayPal where it does not carry the country's currency (facts: methods §5): the gift itself is in dollars. */
export const paypalInDollars: CountryMethod = {
  ...paypal,
  currency: "USD",
  hint: text(
    "PayPal cobra aquí solo en dólares (USD): tu banco hace el cambio.",
    "PayPal takes only US dollars here: your bank converts.",
    "Aqui o PayPal cobra só em dólares (USD): o seu banco faz a conversão.",
  ),
};

/** The balance and saved cards of a Mercado Pago account. */
export const mercadoPago = (donorFields: readonly DonorFieldRule[] = [email, name]): CountryMethod =>
  loginWallet(
    {
      type: "mercado_pago",
      label: sameName("Mercado Pago"),
      hint: text(
        "Entras a tu cuenta de Mercado Pago y das con tu saldo o tus tarjetas guardadas.",
        "You log in to Mercado Pago and give from your balance or your saved cards.",
        "Você entra na sua conta Mercado Pago e doa com o saldo ou os cartões salvos.",
      ),
      gateways: ["mercadopago"],
    },
    donorFields,
  );
