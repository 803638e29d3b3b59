import type { SimulatedAccount } from "../../../src/gateway/gateway-module.ts";

/** Letters `a`–`p` for hexadecimal digits, turned by `by`: keys of one account that differ and name its number. */
const turned = (text: string, by: number): string =>
  [...text].map((digit) => String.fromCharCode(97 + ((Number.parseInt(digit, 16) + by) % 16))).join("");

/** Eight digits out of a name; this is a sandbox, so they need not be secret. */
function numberOf(name: string): string {
  let sum = 7;
  for (const letter of name) sum = (sum * 131 + (letter.codePointAt(0) ?? 0)) % 90_000_000;
  return String(sum + 10_000_000);
}

/** An account of its own for every name; everything in it follows from its number. */
export function openAccount(name: string): SimulatedAccount {
  const id = numberOf(name);
  return {
    credentials: {
      public_key: publicKeyOf(id),
      private_key: privateKeyOf(id),
      customer_id: id,
      mode: "test",
    },
    webhookSecret: signingKeyOf(id),
  };
}

export const publicKeyOf = (id: string): string => turned(id.repeat(4), 0);
export const privateKeyOf = (id: string): string => turned(id.repeat(4), 3);
/** P_KEY */
export const signingKeyOf = (id: string): string => turned(id.repeat(5), 6);

/** The account a public key is of; `undefined` for one nobody was given. */
export function accountOfKey(publicKey: string): string | undefined {
  const digits = [...publicKey.slice(0, 8)].map((letter) => letter.charCodeAt(0) - 97);
  const id = digits.every((digit) => digit >= 0 && digit <= 9) ? digits.join("") : "";
  return id.length === 8 && publicKeyOf(id) === publicKey ? id : undefined;
}
