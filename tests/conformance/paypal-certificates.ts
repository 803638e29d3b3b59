import {
  BasicConstraintsExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "../../adapters/paypal/x509.ts";
import type { RawDelivery } from "../../src/gateway/webhook.ts";
import { crc32 } from "../../src/kernel/crc32.ts";

const algorithm = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};
const keyPair = () => crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);

export type Signer = {
  readonly leaf: X509Certificate;
  readonly root: X509Certificate;
  readonly key: CryptoKey;
  /** What the certificate address answers with. */
  readonly pem: string;
};

export type SignerOptions = {
  readonly name?: string;
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly authority?: boolean;
};

/** An authority of our own and a certificate by it, in the place of PayPal's (facts: conformance §5). */
export async function makeSigner(options: SignerOptions = {}): Promise<Signer> {
  const authority = await keyPair();
  const keys = await keyPair();
  const dates = {
    notBefore: new Date(options.notBefore ?? "2026-01-01T00:00:00Z"),
    notAfter: new Date(options.notAfter ?? "2027-01-01T00:00:00Z"),
  };
  const root = await X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: "CN=Test authority",
    ...dates,
    signingAlgorithm: algorithm,
    keys: authority,
    extensions: [new BasicConstraintsExtension(options.authority ?? true, 1, true)],
  });
  const leaf = await X509CertificateGenerator.create({
    serialNumber: "02",
    subject: `CN=${options.name ?? "messageverificationcerts.paypal.com"}, O="PayPal, Inc."`,
    issuer: root.subject,
    ...dates,
    signingAlgorithm: algorithm,
    signingKey: authority.privateKey,
    publicKey: keys.publicKey,
  });
  return { leaf, root, key: keys.privateKey, pem: `${leaf.toString("pem")}\n${root.toString("pem")}` };
}

export const certificateUrl =
  "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-test";

/** A delivery signed as PayPal signs (facts: methods §7). */
export async function signedDelivery(
  signer: Pick<Signer, "key">,
  body: string,
  webhookId: string,
  at: Date,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawDelivery> {
  const bytes = new TextEncoder().encode(body);
  const id = "dfb3be50-fd74-11e4-8bf3-77339302725b";
  const time = `${at.toISOString().slice(0, 19)}Z`;
  const text = `${id}|${time}|${webhookId}|${crc32(bytes)}`;
  const signature = await crypto.subtle.sign(algorithm.name, signer.key, new TextEncoder().encode(text));
  return {
    headers: {
      "paypal-transmission-id": id,
      "paypal-transmission-time": time,
      "paypal-transmission-sig": btoa(String.fromCharCode(...new Uint8Array(signature))),
      "paypal-cert-url": certificateUrl,
      "paypal-auth-algo": "SHA256withRSA",
      ...headers,
    },
    body: bytes,
    target: "",
  };
}
