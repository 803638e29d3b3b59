import type { Secret } from "../../src/kernel/secret.ts";

/**
 * The header in which whoever ends TLS before us vouches for the caller's certificate: with its SHA-256 fingerprint in
 * hexadecimal, or with a word that only it and we know. A fingerprint is no secret, so the proxy must overwrite what a
 * caller sends under this name.
 */
export const proofHeader = "x-client-certificate-proof";
/** RFC 9440: the certificate itself, as a structured byte sequence. */
const wholeCertificate = "client-cert";
/** A shorter word could be guessed. */
const shortest = 16;

/** Whether what vouches for the caller is one of what the account knows. No header, or one that cannot be read: no. */
export async function isKnownCertificate(
  headers: Readonly<Record<string, string>>,
  known: readonly Secret[],
): Promise<boolean> {
  const proof = headers[proofHeader] ?? (await fingerprintOf(headers[wholeCertificate]));
  if (proof === undefined || proof.length < shortest) return false;
  let matches = false;
  // Every one is compared, so that the time taken tells nothing.
  for (const one of known) matches = sameText(bare(proof), bare(one.reveal())) || matches;
  return matches;
}

/** A fingerprint as 64 digits in lower case without colons; any other word as it is. */
function bare(text: string): string {
  const digits = text.replaceAll(/[\s:]/g, "").toLowerCase();
  return /^[0-9a-f]{64}$/.test(digits) ? digits : text;
}

async function fingerprintOf(header: string | undefined): Promise<string | undefined> {
  const encoded = /^:([A-Za-z0-9+/=]{1,16384}):$/.exec(header ?? "")?.[1];
  if (encoded === undefined) return undefined;
  try {
    const bytes = Uint8Array.from(atob(encoded), (c) => c.charCodeAt(0));
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  } catch {
    return undefined;
  }
}

function sameText(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
