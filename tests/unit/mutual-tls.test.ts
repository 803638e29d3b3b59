import { webcrypto } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:https";
import type { TLSSocket } from "node:tls";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { expect, onTestFinished, test } from "vitest";
import { mutualTls } from "../../src/platform/mutual-tls.ts";

x509.cryptoProvider.set(webcrypto as Crypto);
const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const validity = { notBefore: new Date("2026-01-01"), notAfter: new Date("2036-01-01") };

async function issue(name: string) {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: `CN=${name}`,
    keys: keys as CryptoKeyPair,
    signingAlgorithm: algorithm,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(true),
      new x509.SubjectAlternativeNameExtension([{ type: "dns", value: "localhost" }]),
    ],
  });
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { certificate: made.toString("pem"), privateKey: x509.PemConverter.encode(pkcs8, "PRIVATE KEY") };
}

async function provider(server: Awaited<ReturnType<typeof issue>>, trusted: string) {
  const listening = createServer(
    { cert: server.certificate, key: server.privateKey, ca: trusted, requestCert: true },
    (request, response) => {
      const { authorized } = request.socket as TLSSocket;
      request.on("data", () => {});
      request.on("end", () => response.writeHead(authorized ? 200 : 403).end(authorized ? "yes" : "no"));
    },
  );
  listening.listen(0);
  await once(listening, "listening");
  onTestFinished(() => void listening.close());
  const address = listening.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  return `https://localhost:${address.port}/cob`;
}

test("a provider sees the certificate of the account it is asked for, and another account's does not pass for it", async () => {
  const [server, ours, others] = await Promise.all([issue("psp"), issue("church"), issue("other")]);
  const url = await provider(server, ours.certificate);
  const out = mutualTls({ authorities: server.certificate });
  onTestFinished(() => out.close());
  const put = { method: "PUT", body: "{}", headers: { "content-type": "application/json" } };
  expect((await out.with(ours)(url, put)).status).toBe(200);
  await expect(out.with(others)(url, put)).rejects.toThrow();
});
