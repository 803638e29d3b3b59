import { describe, expect, test } from "vitest";
import { z } from "zod";
import { isCertificateUrl, signingKey } from "../../adapters/paypal/certificate.ts";
import { paypal } from "../../adapters/paypal/index.ts";
import { signedText } from "../../adapters/paypal/webhook.ts";
import { crc32 } from "../../src/kernel/crc32.ts";
import { newId } from "../../src/kernel/ids.ts";
import { secret } from "../../src/kernel/secret.ts";
import { specJson, specsAbsent } from "../support/specs.ts";
import { now } from "./gateway-under-test.ts";
import { capturedEvent } from "./paypal-bodies.ts";
import { certificateUrl, makeSigner, type Signer, signedDelivery } from "./paypal-certificates.ts";
import { credentials } from "./paypal-under-test.ts";
import { deliveryOf, must, orderOf, paypalWorld } from "./paypal-world.ts";
import { answers, type HttpAnswer, type Recorded, recording } from "./recording-transport.ts";

const signer = await makeSigner();
const webhookId = "4JH86294D6297924G";
const body = capturedEvent(newId("attempt"));
const token = answers(200, { access_token: "A21AAtoken", expires_in: 32_400 });

/** The adapter over a handmade PayPal that has this file at the certificate's address. */
function adapterWith(pem: string | undefined, verification: HttpAnswer = { fails: "before_send" }) {
  const { transport, requests } = recording((request: Recorded): HttpAnswer => {
    if (request.url.pathname === "/v1/oauth2/token") return token;
    if (request.url.href === certificateUrl) return pem === undefined ? answers(404, "") : answers(200, pem);
    return verification;
  });
  const { webhooks } = paypal.factory.create({
    credentials: { ...credentials, environment: "sandbox", country: "us" },
    transport,
  });
  return { webhooks, requests };
}

const live = [secret(webhookId)];
const pemOf = (...parts: readonly { toString(format: "pem"): string }[]) =>
  parts.map((one) => one.toString("pem")).join("\n");

describe("the checksum and the signed text", () => {
  const capture = z.object({
    headers: z.record(z.string(), z.string()),
    webhookId: z.string(),
    bodyUtf8: z.string(),
    crc32: z.number(),
    signedString: z.string(),
  });

  test("of a known text", () => {
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(3_421_780_262);
    expect(crc32(new Uint8Array())).toBe(0);
  });

  test.skipIf(specsAbsent)("of a real delivery of PayPal's", () => {
    const real = capture.parse(specJson("paypal/webhook-signature-capture.json"));
    const checksum = crc32(new TextEncoder().encode(real.bodyUtf8));
    expect(checksum).toBe(real.crc32);
    const sent = {
      id: real.headers["paypal-transmission-id"] ?? "",
      time: real.headers["paypal-transmission-time"] ?? "",
    };
    expect(signedText(sent, real.webhookId, checksum)).toBe(real.signedString);
    expect(isCertificateUrl(real.headers["paypal-cert-url"] ?? "")).toBe(true);
  });
});

describe("offline verification", () => {
  test("a signed delivery is genuine, and its certificate is fetched once for many", async () => {
    const { webhooks, requests } = adapterWith(signer.pem);
    for (let i = 0; i < 3; i++) {
      expect(await webhooks.verify(await signedDelivery(signer, body, webhookId, now), live, now)).toBe(
        "genuine",
      );
    }
    expect(requests.map(({ url }) => url.href)).toEqual([certificateUrl]);
  });

  test("forged: meant for another webhook, a changed byte, a header of another, a signature that is no base64", async () => {
    const { webhooks } = adapterWith(signer.pem);
    const verdict = async (delivery: Awaited<ReturnType<typeof signedDelivery>>) =>
      webhooks.verify(delivery, live, now);
    expect(await verdict(await signedDelivery(signer, body, "SOMEBODYELSES0000", now))).toBe("forged");
    const good = await signedDelivery(signer, body, webhookId, now);
    expect(await verdict({ ...good, body: new TextEncoder().encode(`${body} `) })).toBe("forged");
    expect(await verdict({ ...good, headers: { ...good.headers, "paypal-transmission-id": "x" } })).toBe(
      "forged",
    );
    expect(await verdict({ ...good, headers: { ...good.headers, "paypal-transmission-sig": "%%%" } })).toBe(
      "forged",
    );
    for (const name of Object.keys(good.headers)) {
      expect(await verdict({ ...good, headers: { ...good.headers, [name]: "" } })).toBe("forged");
    }
  });

  test.each([
    "https://api.sandbox.paypal.com.evil.example/v1/notifications/certs/CERT-1",
    "https://evil.example/v1/notifications/certs/CERT-1",
    "https://api.sandbox.paypal.com@evil.example/v1/notifications/certs/CERT-1",
    "https://evilpaypal.com/v1/notifications/certs/CERT-1",
    "https://www.paypal.com/v1/notifications/certs/CERT-1",
    "http://api.paypal.com/v1/notifications/certs/CERT-1",
    "https://api.paypal.com:8443/v1/notifications/certs/CERT-1",
    "https://api.paypal.com/v1/notifications/certs/../../../upload/CERT-1",
    "https://api.paypal.com/v1/notifications/certs/CERT-1?x=1",
    "https://api.paypal.com/v2/certs/CERT-1",
    "ftp://api.paypal.com/v1/notifications/certs/CERT-1",
    "not an address",
  ])("a certificate from %s is never fetched, nor is PayPal asked", async (url) => {
    const { webhooks, requests } = adapterWith(signer.pem, answers(200, { verification_status: "SUCCESS" }));
    const delivery = await signedDelivery(signer, body, webhookId, now, { "paypal-cert-url": url });
    expect(await webhooks.verify(delivery, live, now)).toBe("forged");
    expect(requests).toEqual([]);
  });

  test("a right signature by a certificate that is not PayPal's to sign with is forged", async () => {
    const unfit: readonly [string, Signer, string][] = await Promise.all([
      (async () => {
        const one = await makeSigner({ name: "messageverificationcerts.paypal.com.evil.example" });
        return ["another name", one, one.pem] as [string, Signer, string];
      })(),
      (async () => {
        const one = await makeSigner({ notAfter: "2026-11-01T00:00:00Z" });
        return ["out of date", one, one.pem] as [string, Signer, string];
      })(),
      (async () => {
        const one = await makeSigner({ notBefore: "2026-12-01T00:00:00Z" });
        return ["not yet valid", one, one.pem] as [string, Signer, string];
      })(),
      (async () => {
        const one = await makeSigner({ authority: false });
        return ["an issuer that is no authority", one, one.pem] as [string, Signer, string];
      })(),
      (async () => {
        const one = await makeSigner();
        return ["a chain that does not hold together", one, pemOf(one.leaf, signer.root)] as [
          string,
          Signer,
          string,
        ];
      })(),
      (async () => {
        const one = await makeSigner({ name: "messageverificationcerts.paypal.com" });
        return ["its own issuer", { ...one, key: one.key }, pemOf(one.root)] as [string, Signer, string];
      })(),
    ]);
    for (const [what, one, pem] of unfit) {
      // Even PayPal's own word would not help: the certificate was there, and it is not PayPal's.
      const { webhooks } = adapterWith(pem, answers(200, { verification_status: "SUCCESS" }));
      const delivery = await signedDelivery(one, body, webhookId, now);
      expect([what, await webhooks.verify(delivery, live, now)]).toEqual([what, "forged"]);
    }
    expect(await signingKey("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", now)).toEqual({
      ok: false,
      error: "unfit",
    });
  });

  test("a leaf alone is enough, as PayPal has been seen to serve it", async () => {
    const { webhooks } = adapterWith(pemOf(signer.leaf));
    expect(await webhooks.verify(await signedDelivery(signer, body, webhookId, now), live, now)).toBe(
      "genuine",
    );
  });
});

describe("asking PayPal, where the certificate cannot be had", () => {
  const delivery = () => signedDelivery(signer, body, webhookId, now);

  test("its word decides, and the event is sent byte for byte", async () => {
    const spaced = JSON.stringify(JSON.parse(body), null, 2);
    const { webhooks, requests } = adapterWith(undefined, answers(200, { verification_status: "SUCCESS" }));
    expect(await webhooks.verify(await signedDelivery(signer, spaced, webhookId, now), live, now)).toBe(
      "genuine",
    );
    const asked = requests.find(({ url }) => url.pathname.endsWith("/verify-webhook-signature"));
    expect(asked?.body.endsWith(`,"webhook_event":${spaced}}`)).toBe(true);
    expect(JSON.parse(asked?.body ?? "{}")).toMatchObject({
      webhook_id: webhookId,
      auth_algo: "SHA256withRSA",
    });
  });

  test.each([
    ["FAILURE", answers(200, { verification_status: "FAILURE" })],
    ["a word nobody knows", answers(200, { verification_status: "MAYBE" })],
    ["an error", answers(500, {})],
    ["no answer", { fails: "after_send" } as const],
    ["a page", answers(200, "<html></html>")],
  ])("%s is forged", async (_, verification) => {
    const { webhooks } = adapterWith(undefined, verification);
    expect(await webhooks.verify(await delivery(), live, now)).toBe("forged");
  });

  test("an algorithm we do not compute is left to PayPal", async () => {
    const { webhooks, requests } = adapterWith(signer.pem, answers(200, { verification_status: "SUCCESS" }));
    const other = await signedDelivery(signer, body, webhookId, now, { "paypal-auth-algo": "SHA512withRSA" });
    expect(await webhooks.verify(other, live, now)).toBe("genuine");
    expect(requests.some(({ url }) => url.href === certificateUrl)).toBe(false);
  });

  test("old news stays stale whoever proved it", async () => {
    const { webhooks } = adapterWith(undefined, answers(200, { verification_status: "SUCCESS" }));
    const later = new Date(now.getTime() + 20 * 60_000);
    expect(await webhooks.verify(await delivery(), live, later)).toBe("stale");
  });

  test("the simulator gives the same verdict as the offline proof, and refuses a changed event", async () => {
    const world = await paypalWorld();
    must(await world.control.approve(await world.collected(orderOf())));
    await world.control.flush();
    const [webhook] = world.inbox;
    if (!webhook) throw new Error("nothing was announced");
    const genuine = deliveryOf(webhook);
    const changed = deliveryOf({ ...webhook, body: webhook.body.replace("25.00", "99.00") });
    for (const [one, verdict] of [
      [genuine, "genuine"],
      [changed, "forged"],
    ] as const) {
      await world.control.nextCall("too_many", "GET /v1/notifications/certs/");
      const { paypal: fresh } = {
        paypal: paypal.factory.create({ credentials: world.account.credentials, transport: world.transport }),
      };
      expect(await fresh.webhooks.verify(one, [secret(world.webhookId)], world.clock.now())).toBe(verdict);
      expect(await world.adapter.webhooks.verify(one, [secret(world.webhookId)], world.clock.now())).toBe(
        verdict,
      );
    }
  });
});
