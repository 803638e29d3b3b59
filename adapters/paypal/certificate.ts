import type { Transport } from "../../src/gateway/adapter.ts";
import { days } from "../../src/kernel/clock.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import { BasicConstraintsExtension, PemConverter, X509Certificate } from "./x509.ts";

/** The key PayPal signs a webhook with, and until when its certificate was good when we read it. */
export type SigningKey = { readonly key: CryptoKey; readonly from: Date; readonly until: Date };

/**
 * `unavailable`: it could not be had, PayPal may be asked to verify instead. `unfit`: it was had and is not
 * PayPal's, or not one to sign with.
 */
export type CertificateFault = "unavailable" | "unfit";

/** The certificates one adapter instance has fetched. */
export type Certificates = {
  keyAt(url: string, now: Date, signal: AbortSignal): Promise<Result<SigningKey, CertificateFault>>;
};

const hosts: ReadonlySet<string> = new Set([
  "api.paypal.com",
  "api-m.paypal.com",
  "api.sandbox.paypal.com",
  "api-m.sandbox.paypal.com",
]);
const folder = /^\/v1\/notifications\/certs\/[A-Za-z0-9_-]+$/;
const names: ReadonlySet<string> = new Set([
  "messageverificationcerts.paypal.com",
  "messageverificationcerts.sandbox.paypal.com",
]);

/**
 * Whether an address may be fetched for a certificate: PayPal's API hosts over https, nothing but the certificate
 * folder. The header is the sender's word, so any other address would let a forger bring a key of their own.
 */
export function isCertificateUrl(text: string): boolean {
  if (text.length > 500 || !URL.canParse(text)) return false;
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(text);
  const bare = port === "" && username === "" && password === "" && search === "" && hash === "";
  return protocol === "https:" && hosts.has(hostname) && bare && folder.test(pathname);
}

/** PayPal changes its certificate about once a year; a remembered one is read again after a day. */
const rememberedFor = days(1);
const mostRemembered = 8;
const longestChain = 6;
const largest = 64_000;

/** Fetches through the account's transport and remembers what proved good. */
export function certificates(transport: Transport): Certificates {
  const kept = new Map<string, { readonly key: SigningKey; readonly readAt: number }>();
  return {
    async keyAt(url, now, signal) {
      if (!isCertificateUrl(url)) return err("unfit");
      const known = kept.get(url);
      if (known && now.getTime() - known.readAt < rememberedFor && isGood(known.key, now))
        return ok(known.key);
      const pem = await fetchText(transport, url, signal);
      if (pem === undefined) return err("unavailable");
      const key = await signingKey(pem, now);
      if (!key.ok) return key;
      if (kept.size >= mostRemembered) kept.clear();
      kept.set(url, { key: key.value, readAt: now.getTime() });
      return key;
    },
  };
}

const isGood = (key: SigningKey, now: Date): boolean => key.from <= now && now <= key.until;

async function fetchText(
  transport: Transport,
  url: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    // A redirect would lead away from the host that was checked.
    const response = await transport(url, { method: "GET", redirect: "manual", signal });
    if (response.status !== 200) return undefined;
    const text = await response.text();
    return text.length <= largest && text.includes("BEGIN CERTIFICATE") ? text : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The key of the first certificate of the file, when the file is in order: its common name is PayPal's message
 * verification, every certificate is within its dates, each is signed by the one after it, which is an authority,
 * and the first is not its own issuer. That the chain ends at PayPal's authority is vouched for by TLS: the file
 * comes from PayPal's host, and no list of roots is at hand in every runtime.
 */
export async function signingKey(pem: string, now: Date): Promise<Result<SigningKey, CertificateFault>> {
  try {
    const chain = PemConverter.decode(pem).map((der) => new X509Certificate(der));
    const [leaf] = chain;
    if (!leaf || chain.length > longestChain) return err("unfit");
    const inDate = chain.every((one) => one.notBefore <= now && now <= one.notAfter);
    if (!inDate || !isNamed(leaf) || leaf.subject === leaf.issuer) return err("unfit");
    if (!(await isLinked(chain, now))) return err("unfit");
    const key = await leaf.publicKey.export(algorithm, ["verify"]);
    return ok({ key, from: leaf.notBefore, until: leaf.notAfter });
  } catch {
    // Not a certificate, or one whose key is no RSA key.
    return err("unfit");
  }
}

const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;

function isNamed(leaf: X509Certificate): boolean {
  const common = leaf.subjectName.getField("CN");
  return common.length === 1 && names.has((common[0] ?? "").toLowerCase());
}

async function isLinked(chain: readonly X509Certificate[], now: Date): Promise<boolean> {
  for (const [i, one] of chain.entries()) {
    const issuer = chain[i + 1];
    if (!issuer) return true;
    const authority = issuer.getExtension(BasicConstraintsExtension)?.ca === true;
    if (!authority || one.issuer !== issuer.subject) return false;
    if (!(await one.verify({ publicKey: issuer.publicKey, date: now }))) return false;
  }
  return true;
}
