import { describe, expect, test } from "vitest";
import { feeOn } from "../../src/gateway/fees.ts";
import type { GatewayManifest } from "../../src/gateway/manifest.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { secret } from "../../src/kernel/secret.ts";
import { call, type GatewayUnderTest, now } from "./gateway-under-test.ts";
import { recording } from "./recording-transport.ts";

/** Verifying and reading deliveries. */
export function describeEvents(gateway: GatewayUnderTest): void {
  const { transport } = recording(() => ({ fails: "before_send" }));
  const { webhooks } = gateway.factory.create({ credentials: gateway.credentials, transport });
  const attemptId = newId("attempt");
  const key = "whsec_conformance";
  const bytes = (body: string) => new TextEncoder().encode(body);
  const delivered = (body: string, at = now, signedWith = key) =>
    gateway.events.deliver(body, signedWith, at);
  const minutes = (n: number) => new Date(now.getTime() + n * 60_000);
  const { signs } = gateway.events;

  describe(`${gateway.factory.manifest.name}: webhooks`, () => {
    const body = gateway.events.captured(attemptId);

    test("a genuine delivery is genuine, under any of several live secrets", async () => {
      const delivery = await delivered(body);
      expect(await webhooks.verify(delivery, [secret("whsec_other"), secret(key)], now)).toBe("genuine");
    });

    test("forged: another secret, no proof, no secrets at all", async () => {
      const delivery = await delivered(body);
      expect(await webhooks.verify(delivery, [secret("whsec_other")], now)).toBe("forged");
      const bare = { headers: {}, body: bytes(body), target: delivery.target };
      expect(await webhooks.verify(bare, [secret(key)], now)).toBe("forged");
      expect(await webhooks.verify(delivery, [], now)).toBe("forged");
    });

    test.runIf(signs.body)("forged: a changed byte", async () => {
      const changed = { ...(await delivered(body)), body: bytes(`${body} `) };
      expect(await webhooks.verify(changed, [secret(key)], now)).toBe("forged");
    });

    test.runIf(signs.time)("stale: signed ten minutes ago, or ten minutes ahead", async () => {
      expect(await webhooks.verify(await delivered(body, minutes(-10)), [secret(key)], now)).toBe("stale");
      expect(await webhooks.verify(await delivered(body, minutes(10)), [secret(key)], now)).toBe("stale");
    });

    test("a replayed delivery has the same event key and order key", async () => {
      const first = webhooks.envelope(await delivered(body));
      const second = webhooks.envelope(await delivered(body, minutes(1)));
      expect(first.ok).toBe(true);
      expect(second).toEqual(first);
    });

    test("a captured payment is read for what it tells", async () => {
      const read = webhooks.read(await delivered(body));
      const expected =
        gateway.events.tells === "outcome"
          ? { kind: "attempt_changed", subject: { attemptId }, outcome: { kind: "captured" } }
          : { kind: "attempt_hint" };
      expect(read).toMatchObject({ ok: true, value: [expected] });
    });

    test("every fact of one delivery is read", async () => {
      const batch = gateway.events.batch(attemptId);
      const read = webhooks.read(await delivered(batch.body));
      expect(read.ok && read.value.length).toBe(batch.facts);
    });

    test.each(["", "{", "null", "[]", '"text"', "{}", "\uFFFF"])(
      "a body that is no event is an error: %j",
      (text) => {
        const delivery = { headers: {}, body: bytes(text), target: "" };
        expect(webhooks.envelope(delivery).ok).toBe(false);
        expect(webhooks.read(delivery).ok).toBe(false);
      },
    );
  });
}

/** The manifest, and that the adapter and its simulator agree with it. */
export function describeManifest(
  gateway: Pick<GatewayUnderTest, "factory" | "credentials" | "order" | "capture">,
): void {
  const { manifest } = gateway.factory;
  const { transport } = recording(() => ({ fails: "before_send" }));
  const adapter = gateway.factory.create({ credentials: gateway.credentials, transport });

  describe(`${manifest.name}: manifest`, () => {
    test("the adapter carries the manifest of its factory", () => {
      expect(adapter.manifest).toBe(manifest);
    });

    test("every method is for account countries, in currencies that have a minimum and a maximum", () => {
      for (const method of manifest.methods) {
        for (const country of method.accounts ?? method.countries) {
          expect(manifest.accountCountries).toContain(country);
        }
        for (const currency of method.currencies) {
          const least = method.minimum.find((m) => m.currency === currency);
          const most = method.maximum.find((m) => m.currency === currency);
          expect(least?.minor).toBeGreaterThan(0n);
          expect(most?.minor).toBeGreaterThan(least?.minor ?? 0n);
        }
        expect(method.presentations.length).toBeGreaterThan(0);
      }
    });

    test("a price has one rule for a method and an account's country, in a currency it takes, with its source", () => {
      for (const method of manifest.methods) {
        for (const country of method.accounts ?? method.countries) {
          const rules = manifest.fees.filter((f) => f.country === country && f.methods.includes(method.type));
          const currencies = rules.map((f) => f.fixed.currency);
          expect(new Set(currencies).size).toBe(currencies.length);
          expect(rules.every((f) => f.source.length > 20)).toBe(true);
        }
      }
    });

    test("a method, country or presentation it does not name is refused without a request", async () => {
      const sent = recording(() => ({ fails: "before_send" }));
      const refusing = gateway.factory.create({
        credentials: gateway.credentials,
        transport: sent.transport,
      });
      const outcome = await refusing.payments.collect({ ...gateway.order(), country: "zz" }, call());
      expect(outcome).toMatchObject({ kind: "refused", problem: { reason: "unsupported" } });
      expect(sent.requests).toHaveLength(0);
    });

    const { capture } = gateway;
    test.skipIf(!capture)("what the simulator keeps is what the fee table says", async () => {
      for (const { rule, type, country, amount } of pricedGifts(manifest)) {
        expect(await capture?.(type, country, amount)).toEqual(feeOn(amount, rule));
      }
    });
  });
}

/** Two gifts for each price; across a border the price is the account country's, in a currency of its own. */
const pricedGifts = (manifest: GatewayManifest) =>
  manifest.methods
    .filter(({ accounts }) => accounts === undefined)
    .flatMap(({ type, countries, currencies: [currency] }) =>
      countries.flatMap((country) => {
        const rule = manifest.fees.find((f) => f.country === country && f.methods.includes(type));
        if (!rule || !currency) return [];
        return [12_345n, 99_999n].map((minor) => ({ rule, type, country, amount: money(minor, currency) }));
      }),
    );
