import { describe, expect, test } from "vitest";
import { z } from "zod";
import { stripeFactory } from "../../adapters/stripe/factory.ts";
import { secret } from "../../src/kernel/secret.ts";
import { specJson, specsAbsent } from "../support/specs.ts";

const vectorsSchema = z.object({
  vectors: z.array(
    z.object({
      payload: z.string(),
      secret: z.string(),
      header: z.string(),
      receivedAt: z.number(),
      toleranceSeconds: z.literal(300),
      ok: z.boolean(),
    }),
  ),
});

const { webhooks } = stripeFactory.create({
  credentials: { secret_key: "sk_test_vectors", publishable_key: "pk_test_vectors" },
  transport: () => Promise.reject(new Error("verifying a signature sends nothing")),
});

const delivery = (payload: string, header: string) => ({
  headers: { "stripe-signature": header },
  body: new TextEncoder().encode(payload),
  target: "",
});

describe.skipIf(specsAbsent)("the published signature vectors get Stripe's own verdict", () => {
  const { vectors } = specsAbsent
    ? { vectors: [] }
    : vectorsSchema.parse(specJson("stripe/webhook-signature-vectors.json"));

  test("there are accepted and refused ones among them", () => {
    expect(vectors.filter((v) => v.ok).length).toBeGreaterThanOrEqual(2);
    expect(vectors.filter((v) => !v.ok).length).toBeGreaterThanOrEqual(4);
  });

  test.each(vectors.map((v, i) => [i, v] as const))("vector %i", async (_, vector) => {
    const verdict = await webhooks.verify(
      delivery(vector.payload, vector.header),
      [secret(vector.secret)],
      new Date(vector.receivedAt * 1000),
    );
    expect(verdict === "genuine").toBe(vector.ok);
  });
});

describe("the signature computed independently (facts: methods §7)", () => {
  const payload = '{"id":"evt_1","object":"event","type":"payment_intent.succeeded"}';
  const header = "t=1760000000,v1=0f00dadf3970a2d9e291a9f72cd4a4d206c6eef3e13cfe941f47ef31b25cd42b";
  const key = secret("whsec_test_ofrenda");
  const at = (seconds: number) => new Date((1_760_000_000 + seconds) * 1000);
  const verify = (seconds: number, head = header, secrets = [key]) =>
    webhooks.verify(delivery(payload, head), secrets, at(seconds));

  test("is genuine now, and up to 300 seconds either way", async () => {
    expect(await verify(0)).toBe("genuine");
    expect(await verify(300)).toBe("genuine");
    expect(await verify(-300)).toBe("genuine");
  });

  test("is stale after 300 seconds, not forged", async () => {
    expect(await verify(301)).toBe("stale");
    expect(await verify(86_400)).toBe("stale");
  });

  test("from the future is refused, which the SDK alone would accept", async () => {
    expect(await verify(-301)).toBe("stale");
  });

  test("two stamps in one header cannot smuggle an old signature in", async () => {
    expect(await verify(0, `t=1760000000,${header.replace("t=1760000000", "t=1")}`)).toBe("forged");
    expect(await verify(86_400, `t=1760086400,${header}`)).toBe("stale");
    expect(await verify(0, `t=1790000000,${header}`)).toBe("stale");
  });

  test("is found among several live secrets, and is forged with none of them", async () => {
    expect(await verify(0, header, [secret("whsec_old"), key])).toBe("genuine");
    expect(await verify(0, header, [key, secret("whsec_new")])).toBe("genuine");
    expect(await verify(0, header, [secret("whsec_old"), secret("whsec_new")])).toBe("forged");
    expect(await verify(0, header, [])).toBe("forged");
  });

  test("one changed byte, a missing header or an empty secret is forged", async () => {
    const changed = delivery(`${payload} `, header);
    expect(await webhooks.verify(changed, [key], at(0))).toBe("forged");
    expect(await webhooks.verify({ headers: {}, body: changed.body, target: "" }, [key], at(0))).toBe(
      "forged",
    );
    expect(await verify(0, header, [secret("")])).toBe("forged");
    expect(await verify(0, header.replace("v1=", "v0="))).toBe("forged");
  });
});
