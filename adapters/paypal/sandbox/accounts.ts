import { paypalManifest } from "../manifest.ts";

/** One PayPal business account with one app; the client id says the country, and a refusal is a wrong id. */
export type Account = { readonly id: string; readonly country: string };

const clientId = /^sandbox-([a-z]{2})-[a-z0-9_-]{6,100}$/;

export const clientIdFor = (country: string, name: string): string => {
  const plain = name.toLowerCase().replace(/[^a-z0-9]+/g, "_");
  return `sandbox-${country}-${plain.padEnd(8, "_")}`.slice(0, 110);
};

/** Always the same for the same client id, so that no state is needed to know it. */
export const secretFor = (id: string): string => `secret-${id}`.slice(0, 128);

/** The account of an app, or `undefined` when there is no such app. */
export function accountOf(id: string): Account | undefined {
  const country = clientId.exec(id)?.[1];
  return country !== undefined && paypalManifest.accountCountries.includes(country)
    ? { id, country }
    : undefined;
}
