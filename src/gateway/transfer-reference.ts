import { present } from "../kernel/assert.ts";
import { buildCreditorReference, checkCreditorReference } from "../kernel/bank-numbers/creditor-reference.ts";
import { type AttemptId, parseId, uuidOf } from "../kernel/ids.ts";

/**
 * What a donor quotes with a transfer to the church's own bank account, and how it is known again on the statement.
 * Made from the attempt's id alone, so that asking twice gives the same words. Three forms, by what the rail carries:
 *
 * - `creditor`: ISO 11649, `RF` + 2 check digits + 12 characters (wires, IBAN accounts);
 * - `short`: 8 characters, the last a check character (SINPE Móvil, CBU and CVU);
 * - `numeric`: 7 digits, the last a check digit, the first not 0 (SPEI's referencia numérica).
 *
 * None uses the letters I and O, nor, beside letters, the digits 0 and 1.
 *
 * A reference is not unique for ever: there are 900 000 numeric ones. The gateway's payment id is (the reference, a
 * dot, the attempt), which the database holds unique per account; who reads a statement finds every attempt that was
 * told the reference, and tells them apart by what they wait for.
 */
export type ReferenceForm = "creditor" | "short" | "numeric";

/** 32 characters nobody mistakes for another, read aloud or from a screen. */
const letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const digits = "0123456789";

/** The reference a donor is told for the attempt. */
export function referenceFor(attempt: AttemptId, form: ReferenceForm): string {
  // A UUIDv7 ends in random bits; these are what tells attempts of one millisecond apart.
  const number = BigInt(`0x${uuidOf(attempt).replaceAll("-", "")}`);
  switch (form) {
    case "creditor": {
      const built = buildCreditorReference(spelled(number, 12));
      return present(built.ok ? built.value : undefined, "12 letters and digits make a creditor reference");
    }
    case "short":
      return checked(spelled(number, 7), letters);
    case "numeric":
      return checked(String(100_000n + (number % 900_000n)), digits);
  }
}

/** Whether `text`, in capitals and without spaces, has the form and its check holds. */
export function isReference(text: string, form: ReferenceForm): boolean {
  switch (form) {
    case "creditor":
      return /^RF\d\d[2-9A-HJ-NP-Z]{12}$/.test(text) && checkCreditorReference(text).ok;
    case "short":
      return /^[2-9A-HJ-NP-Z]{8}$/.test(text) && checkHolds(text, letters);
    case "numeric":
      return /^[1-9]\d{6}$/.test(text) && checkHolds(text, digits);
  }
}

/** How a payment at the church's own account is named: what the donor quotes, and which attempt it is. */
export const transferPaymentId = (attempt: AttemptId, form: ReferenceForm): string =>
  `${referenceFor(attempt, form)}.${attempt}`;

/** The parts of such a name; `undefined` for a payment id of any other gateway. */
export function readTransferPaymentId(
  id: string,
): { readonly reference: string; readonly attempt: AttemptId } | undefined {
  const dot = id.indexOf(".");
  const attempt = dot < 0 ? undefined : parseId("attempt", id.slice(dot + 1));
  return attempt && { reference: id.slice(0, dot), attempt };
}

function spelled(number: bigint, length: number): string {
  let rest = number;
  let text = "";
  for (let place = 0; place < length; place++) {
    text = `${letters.charAt(Number(rest & 31n))}${text}`;
    rest >>= 5n;
  }
  return text;
}

/** ISO 7064's hybrid system, modulo M + 1 and M: what is left after `text` has been read. */
function hybrid(text: string, alphabet: string): number {
  const m = alphabet.length;
  return [...text].reduce((product, c) => (((product + alphabet.indexOf(c)) % m || m) * 2) % (m + 1), m);
}

function checked(text: string, alphabet: string): string {
  const m = alphabet.length;
  return `${text}${alphabet.charAt((m + 1 - hybrid(text, alphabet)) % m)}`;
}

function checkHolds(text: string, alphabet: string): boolean {
  const last = alphabet.indexOf(text.slice(-1));
  return (hybrid(text.slice(0, -1), alphabet) + last) % alphabet.length === 1;
}
