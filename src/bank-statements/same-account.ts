import type { GatewayCredentials } from "../gateway/adapter.ts";
import { plain } from "../kernel/written-number.ts";

/**
 * Whether a file says it is of another account than the connected one. Banks name accounts in their own ways (a CLABE
 * by the eleven digits inside it, an IBAN by bank and account), so a shared end or middle is enough; where the
 * connected account is known by a phone or a short number, nothing can be said.
 */
export function namesAnother(credentials: GatewayCredentials, named: string | undefined): boolean {
  const theirs = digitsOf(named ?? "");
  const ours = Object.values(credentials)
    .filter((value) => !value.trim().startsWith("+"))
    .map(digitsOf)
    .filter((digits) => digits.length >= 12);
  if (theirs.length < 6 || ours.length === 0) return false;
  // Without the letters of a bank, the account is at the end of what they call it.
  const end = theirs.slice(-10).replace(/^0+/, "");
  return !ours.some((digits) => digits.includes(theirs) || theirs.includes(digits) || digits.includes(end));
}

const digitsOf = (text: string): string => plain(text, " .-/").replace(/\D/g, "");
