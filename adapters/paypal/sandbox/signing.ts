import { z } from "zod";
import type { SandboxStore } from "../../../src/gateway/sandbox.ts";
import { after, days } from "../../../src/kernel/clock.ts";
import { crc32 } from "../../../src/kernel/crc32.ts";
import { signedText } from "../webhook.ts";
import { BasicConstraintsExtension, X509Certificate, X509CertificateGenerator } from "../x509.ts";
import { stamp } from "./scene.ts";

/** The simulator's own authority and signer, in the place of PayPal's; kept so that all processes share it. */
const keptSchema = z.object({
  id: z.string(),
  pem: z.string(),
  privateKey: z.record(z.string(), z.unknown()),
});
type Kept = z.output<typeof keptSchema>;

const algorithm = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};
const name = "signer";

/** The name of the certificate in its address; made with the certificate. */
const certificateUrl = (id: string): string => `https://api.sandbox.paypal.com/v1/notifications/certs/${id}`;

/** The text a certificate address answers with, or `undefined` for one that was never made. */
export async function certificateText(
  store: SandboxStore,
  id: string,
  now: Date,
): Promise<string | undefined> {
  const kept = await signer(store, now);
  return kept.id === id ? kept.pem : undefined;
}

/** The headers PayPal sends with a webhook whose body is `text`. */
export async function signedHeaders(
  store: SandboxStore,
  sent: { readonly transmission: string; readonly webhookId: string; readonly text: string },
  now: Date,
): Promise<Record<string, string>> {
  const { id, privateKey } = await signer(store, now);
  const key = await crypto.subtle.importKey("jwk", privateKey, algorithm, false, ["sign"]);
  const time = stamp(now);
  const checksum = crc32(new TextEncoder().encode(sent.text));
  const text = signedText({ id: sent.transmission, time }, sent.webhookId, checksum);
  const signature = await crypto.subtle.sign(algorithm.name, key, new TextEncoder().encode(text));
  return {
    "content-type": "application/json",
    "paypal-auth-algo": "SHA256withRSA",
    "paypal-cert-url": certificateUrl(id),
    "paypal-transmission-id": sent.transmission,
    "paypal-transmission-sig": btoa(String.fromCharCode(...new Uint8Array(signature))),
    "paypal-transmission-time": time,
    "user-agent": "PayPal/AUHD-214.0-58843832",
  };
}

/** The signer of now: a new one when there is none, or when the clock was moved past the old one's dates. */
async function signer(store: SandboxStore, now: Date): Promise<Kept> {
  const found = await current(await store.get("control", name), now);
  if (found) return found;
  return store.atomically(name, async (raw) => {
    const meanwhile = await current(await raw.get("control", name), now);
    if (meanwhile) return meanwhile;
    const made = await makeSigner(now);
    await raw.put("control", name, made, []);
    return made;
  });
}

async function current(kept: object | undefined, now: Date): Promise<Kept | undefined> {
  const read = keptSchema.safeParse(kept);
  if (!read.success) return undefined;
  const leaf = new X509Certificate(read.data.pem.split("\n\n")[0] ?? "");
  return leaf.notBefore <= now && now <= leaf.notAfter ? read.data : undefined;
}

async function makeSigner(now: Date): Promise<Kept> {
  const authority = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const dates = { notBefore: after(now, -days(1)), notAfter: after(now, days(365)) };
  const root = await X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: "CN=Ofrenda TEST MODE authority",
    ...dates,
    signingAlgorithm: algorithm,
    keys: authority,
    extensions: [new BasicConstraintsExtension(true, 1, true)],
  });
  const leaf = await X509CertificateGenerator.create({
    serialNumber: "02",
    subject: "CN=messageverificationcerts.sandbox.paypal.com",
    issuer: root.subject,
    ...dates,
    signingAlgorithm: algorithm,
    signingKey: authority.privateKey,
    publicKey: keys.publicKey,
  });
  const jwk = await crypto.subtle.exportKey("jwk", keys.privateKey);
  return {
    id: `CERT-simulator-${now.getTime().toString(36)}`,
    pem: `${leaf.toString("pem")}\n\n${root.toString("pem")}`,
    privateKey: { ...jwk },
  };
}
