import { describe, expect, test } from "vitest";
import { isKnownCertificate, proofHeader } from "../../adapters/pix/certificate-proof.ts";
import type { RawDelivery } from "../../src/gateway/webhook.ts";
import { present } from "../../src/kernel/assert.ts";
import { seconds } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { secret } from "../../src/kernel/secret.ts";
import { specJson, specsAbsent } from "../support/specs.ts";
import { call } from "./gateway-under-test.ts";
import * as bodies from "./pix-bodies.ts";
import { collected, giftOf, handleOf, mandateOf, pixWorld, webhookUrl } from "./pix-in-sandbox.ts";
import { attemptId, pixOn, routes } from "./pix-under-test.ts";
import { answers } from "./recording-transport.ts";

const reais = (minor: bigint) => money(minor, "BRL");
const bytes = (body: unknown) =>
  new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
const notice = (body: unknown, target = "/pix", headers = {}): RawDelivery => ({
  headers,
  body: bytes(body),
  target,
});
const now = new Date("2026-11-20T15:00:00Z");

/** A paid gift whose provider knows where to post. */
async function paidGift() {
  const world = pixWorld();
  await world.listen();
  const order = giftOf();
  const txid = await collected(world, order);
  const paid = await world.control.pay(world.account, txid);
  if (!paid.ok) throw new Error(paid.error);
  return { world, order, txid, endToEndId: paid.value };
}

describe("Pix notices: who is listened to", () => {
  test("the provider posts to our address with /pix behind it, by the published shape", async () => {
    const { world } = await paidGift();
    await world.control.flush();
    expect(world.inbox.map(({ url }) => url)).toEqual([`${webhookUrl}/pix`]);
    expect(await world.told()).toHaveLength(1);
  });

  test("with fingerprints known, another certificate, none, or a short word is forged", async () => {
    const { world } = await paidGift();
    await world.control.flush();
    const [delivery] = world.deliveries();
    if (!delivery) throw new Error("no delivery");
    const known = [secret("aa".repeat(32)), secret(world.account.fingerprint)];
    const verify = (headers: Record<string, string>, secrets = known) =>
      world.webhooks.verify({ ...delivery, headers }, secrets, world.clock.now());
    expect(await verify(delivery.headers as Record<string, string>)).toBe("genuine");
    const colons = world.account.fingerprint.toUpperCase().replaceAll(/(..)(?=.)/g, "$1:");
    expect(await verify({ [proofHeader]: colons })).toBe("genuine");
    expect(await verify({ [proofHeader]: "bb".repeat(32) })).toBe("forged");
    expect(await verify({})).toBe("forged");
    expect(await verify({ [proofHeader]: "" })).toBe("forged");
    expect(await verify({ [proofHeader]: "short" }, [secret("short")])).toBe("forged");
    expect(
      await verify({ [proofHeader]: "a word only the proxy knows" }, [secret("a word only the proxy knows")]),
    ).toBe("genuine");
  });

  test("a whole certificate told by RFC 9440 is known by its own digest", async () => {
    const certificate = new Uint8Array([1, 2, 3, 4]);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", certificate));
    const print = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const headers = { "client-cert": `:${btoa(String.fromCharCode(...certificate))}:` };
    expect(await isKnownCertificate(headers, [secret(print)])).toBe(true);
    expect(await isKnownCertificate(headers, [secret("aa".repeat(32))])).toBe(false);
    for (const broken of [":%%%:", "AQIDBA==", "::", ""]) {
      expect(await isKnownCertificate({ "client-cert": broken }, [secret(print)])).toBe(false);
    }
  });

  test("without fingerprints only what the provider itself knows is let through", async () => {
    const { world } = await paidGift();
    await world.control.flush();
    const [delivery] = world.deliveries();
    if (!delivery) throw new Error("no delivery");
    const bare = { ...delivery, headers: {} };
    expect(await world.webhooks.verify(bare, [], world.clock.now())).toBe("genuine");
    const told = JSON.parse(new TextDecoder().decode(delivery.body));
    const lies = [
      { endToEndId: "E99999004202611201500zzzzzzzzzzz" },
      { valor: "9999.00" },
      { txid: newId("attempt").slice(4) },
    ];
    for (const lie of lies) {
      const forged = notice({ pix: [{ ...told.pix[0], ...lie }] });
      expect(await world.webhooks.verify(forged, [], world.clock.now()), JSON.stringify(lie)).toBe("forged");
    }
    await world.control.fail("503", "GET /pix");
    expect(await world.webhooks.verify(bare, [], world.clock.now())).toBe("forged");
  });

  test("hundreds of Pix in one delivery that nothing vouches for are not asked after one by one", async () => {
    const { adapter, requests } = pixOn(() => answers(200, bodies.pix()));
    const many = { pix: Array.from({ length: 201 }, () => bodies.pix()) };
    expect(await adapter.webhooks.verify(notice(many), [], now)).toBe("forged");
    expect(requests).toHaveLength(0);
  });

  test.each([
    ["another word behind the address", notice({ pix: [bodies.pix()] }, "/admin")],
    ["a recurrence's word with a Pix", notice({ pix: [bodies.pix()] }, "/rec")],
    ["another church's key", notice({ pix: [bodies.pix({ chave: "tesouraria@outra.example" })] })],
    ["no Pix in it", notice({ pix: [] })],
    ["an id that leads elsewhere", notice({ pix: [bodies.pix({ endToEndId: "../../oauth/token" })] })],
    ["an amount that is none", notice({ pix: [bodies.pix({ valor: "500,00" })] })],
    ["a test without content", notice("")],
  ])("refused whoever sends it: %s", async (_, delivery) => {
    const { adapter, requests } = pixOn(() => answers(200, bodies.pix()));
    const headers = { [proofHeader]: "aa".repeat(32) };
    expect(await adapter.webhooks.verify({ ...delivery, headers }, [secret("aa".repeat(32))], now)).toBe(
      "forged",
    );
    expect(await adapter.webhooks.verify(delivery, [], now)).toBe("forged");
    expect(adapter.webhooks.envelope(delivery).ok).toBe(false);
    expect(adapter.webhooks.read(delivery).ok).toBe(false);
    expect(requests).toHaveLength(0);
  });

  test("the address alone, or with a query, is read by what the body is", () => {
    const { adapter } = pixOn(() => answers(500, ""));
    for (const target of ["", "/", "/pix", "/pix/", "?ignorar=/pix", "/pix?hmac=x"]) {
      expect(adapter.webhooks.envelope(notice({ pix: [bodies.pix()] }, target)).ok, target).toBe(true);
    }
  });
});

describe("Pix notices: what they mean", () => {
  test("a payment: nothing is believed, the claim is read again", async () => {
    const { world, order, txid } = await paidGift();
    const subject = { gatewayPaymentId: txid, attemptId: order.attemptId };
    expect(await world.told()).toMatchObject([
      { kind: "attempt_changed", subject, outcome: { kind: "captured", amount: order.amount } },
    ]);
    expect(world.traffic.at(-1)?.url.pathname).toContain(`/cob/${txid}`);
  });

  test("a forged payment of an open gift finds it open", async () => {
    const world = pixWorld();
    const txid = await collected(world);
    const facts = await world.webhooks.inquire?.(
      notice({ pix: [bodies.pix({ txid, chave: world.account.key })] }),
      world.call(),
    );
    expect(facts).toMatchObject({
      ok: true,
      value: [{ kind: "attempt_changed", outcome: { kind: "action_required" } }],
    });
  });

  test("the second of two payments is money that belongs to no gift, booked by its own id, and so is its return", async () => {
    const { world, txid } = await paidGift();
    await world.told();
    world.clock.advance(seconds(2));
    const second = await world.control.pay(world.account, txid, { again: true });
    const stray = { kind: "funds_moved", customerRef: txid, amount: reais(50_000n) };
    const received = { ...stray, gatewayTransactionId: second.ok && second.value, direction: "received" };
    expect(await world.told()).toMatchObject([
      { kind: "attempt_changed", outcome: { kind: "captured" } },
      received,
    ]);
    await world.control.returnUnasked(world.account, second.ok ? second.value : "", "ORIGINAL");
    expect(await world.told()).toMatchObject([
      { kind: "attempt_changed" },
      received,
      {
        ...stray,
        gatewayTransactionId: expect.stringContaining(`${second.ok && second.value}.`),
        direction: "returned",
      },
    ]);
  });

  test("a refund of ours is told by its own id; one made in the bank's app has none of ours", async () => {
    const { world, txid, endToEndId } = await paidGift();
    await world.told();
    const refundId = newId("refund");
    const order = {
      refundId,
      gatewayPaymentId: txid,
      amount: reais(20_000n),
      refundable: reais(50_000n),
      method: "pix",
      reason: "requested_by_donor",
    } as const;
    await world.payments.refund(order, world.call());
    const ours = { kind: "refund_changed", refundId, amount: reais(20_000n), status: "succeeded" };
    expect(await world.told()).toMatchObject([{ kind: "attempt_changed" }, ours]);
    await world.control.returnUnasked(world.account, endToEndId, "ORIGINAL", 5_000n);
    const [, again, theirs] = await world.told();
    expect(again).toMatchObject(ours);
    expect(theirs).toMatchObject({ kind: "refund_changed", amount: reais(5_000n), status: "succeeded" });
    expect(theirs).not.toHaveProperty("refundId");
  });

  test.each(["MED_FRAUDE", "MED_PIX_AUTOMATICO"])(
    "%s is a dispute, lost with its money, not a refund",
    async (natureza) => {
      const { world, txid, endToEndId } = await paidGift();
      await world.told();
      await world.control.returnUnasked(world.account, endToEndId, natureza, 30_000n);
      const [, dispute] = await world.told();
      expect(dispute).toMatchObject({
        kind: "dispute_changed",
        subject: { gatewayPaymentId: txid },
        amount: reais(30_000n),
        status: "lost",
        fundsWithdrawn: true,
        rawReason: natureza,
      });
      await world.control.returnUnasked(world.account, endToEndId, natureza, 20_000n);
      const disputes = (await world.told()).filter((event) => event.kind === "dispute_changed");
      expect(new Set(disputes.map((event) => event.gatewayDisputeId)).size).toBe(2);
    },
  );

  test("MED_OPERACIONAL is a bank's own mistake undone: a refund nobody asked for", async () => {
    const { world, endToEndId } = await paidGift();
    await world.told();
    await world.control.returnUnasked(world.account, endToEndId, "MED_OPERACIONAL");
    expect((await world.told())[1]).toMatchObject({
      kind: "refund_changed",
      amount: reais(50_000n),
      status: "succeeded",
    });
  });

  test.each([
    ["EM_PROCESSAMENTO", "under_review", false],
    ["NAO_REALIZADO", "won", false],
    ["DEVOLVIDO", "lost", true],
  ] as const)("a contest that is %s is %s", async (status, becomes, fundsWithdrawn) => {
    const made = bodies.devolucao({ status, natureza: "MED_FRAUDE", id: "MED1" });
    const { adapter } = pixOn(
      routes({ "GET /cob/": answers(200, bodies.paid({ pix: [bodies.pix({ devolucoes: made })] })) }),
    );
    const facts = await adapter.webhooks.inquire?.(notice({ pix: [bodies.pix()] }), call());
    expect(facts).toMatchObject({
      ok: true,
      value: [{ subject: { attemptId } }, { kind: "dispute_changed", status: becomes, fundsWithdrawn }],
    });
  });

  test.each(["EM_PROCESSAMENTO", "NAO_REALIZADO"])(
    "a refund in the bank's app is not told while it is %s",
    async (status) => {
      const pix = bodies.pix({ devolucoes: [bodies.devolucao({ status, id: "APP1" })] });
      const { adapter } = pixOn(routes({ "GET /cob/": answers(200, bodies.paid({ pix: [pix] })) }));
      const facts = await adapter.webhooks.inquire?.(notice({ pix: [bodies.pix()] }), call());
      expect(facts).toMatchObject({ ok: true, value: [{ kind: "attempt_changed" }] });
      expect(facts?.ok && facts.value).toHaveLength(1);
    },
  );

  test("a static code's payment, or another system's, is ignored: it stands in the settlement lines", async () => {
    const world = pixWorld();
    await world.listen();
    await world.control.payStatic(world.account, "DIZIMO", 10_000n);
    expect(await world.told()).toEqual([{ kind: "ignored", type: "pix.other" }]);
    await world.control.payStatic(world.account, undefined, 10_000n);
    expect(await world.told()).toEqual([]);
  });

  test("a donor's own code tells whose gift it is, as often as it is paid, and when it was given back", async () => {
    const world = pixWorld();
    await world.listen();
    const codes = present(world.adapter.donorCodes, "the account gives codes");
    const donorId = newId("donor");
    const code = codes.codeOf(donorId);
    if (!code.ok) throw new Error(code.error);
    const paid = await world.control.payCode(world.account, code.value, 10_000n);
    if (!paid.ok) throw new Error(paid.error);
    const gift = {
      kind: "donor_paid",
      donorId,
      outcome: { kind: "captured", gatewayPaymentId: paid.value, amount: reais(10_000n), funding: "direct" },
    };
    expect(await world.told()).toMatchObject([gift]);
    const handle = handleOf(giftOf(), paid.value);
    expect(await world.payments.lookup(handle, world.call())).toMatchObject(gift.outcome);
    expect(await world.payments.cancel(handle, world.call())).toMatchObject({ kind: "too_late" });
    await world.control.returnUnasked(world.account, paid.value, "ORIGINAL", 100n);
    const back = { kind: "refund_changed", subject: { gatewayPaymentId: paid.value }, amount: reais(100n) };
    expect(await world.told()).toMatchObject([gift, back]);
    await world.control.payCode(world.account, code.value, 2_000n);
    const window = { from: new Date("2026-10-01T00:00:00Z"), to: world.clock.now() };
    await world.control.payStatic(world.account, "DIZIMO", 10_000n);
    const all = await codes.arrivals(window, world.call());
    expect(all.ok && all.value.map(({ kind }) => kind)).toEqual([
      "donor_paid",
      "refund_changed",
      "donor_paid",
    ]);
    await world.control.fail("503", "GET /pix");
    expect(await codes.arrivals(window, world.call())).toMatchObject({ ok: false });
  });

  test("a provider that cannot be asked makes the notice wait", async () => {
    const { world, txid } = await paidGift();
    await world.control.fail("503", "GET /cob");
    const facts = await world.webhooks.inquire?.(
      notice({ pix: [bodies.pix({ txid, chave: world.account.key })] }),
      world.call(),
    );
    expect(facts).toMatchObject({ ok: false, error: expect.stringContaining("asked") });
  });

  test("sent three times, late, or the newest first: the same keys, the same facts", async () => {
    const { world, txid, endToEndId } = await paidGift();
    await world.control.deliverNotices("duplicated");
    await world.control.returnUnasked(world.account, endToEndId, "ORIGINAL", 100n);
    await world.control.flush();
    const keys = world.deliveries().map((delivery) => {
      const envelope = world.webhooks.envelope(delivery);
      return envelope.ok ? envelope.value : undefined;
    });
    expect(keys).toHaveLength(6);
    expect(new Set(keys.map((key) => key?.eventKey)).size).toBe(2);
    expect(new Set(keys.map((key) => key?.orderKey))).toEqual(new Set([txid]));
    await world.control.deliverNotices("late");
    await world.control.returnUnasked(world.account, endToEndId, "ORIGINAL", 100n);
    await world.control.flush();
    expect(world.inbox).toHaveLength(0);
    await world.control.release();
    expect(world.inbox).toHaveLength(1);
  });

  test("an address that answers badly is tried again later", async () => {
    const { world } = await paidGift();
    world.statuses.push(500);
    await world.control.flush();
    expect(world.inbox).toHaveLength(0);
    world.clock.advance(seconds(61));
    await world.control.flush();
    expect(world.inbox).toHaveLength(1);
  });

  test("a long list is named by its content, within bounds", () => {
    const { adapter } = pixOn(() => answers(500, ""));
    const list = (last: string) => ({
      pix: Array.from({ length: 40 }, (_, i) =>
        bodies.pix({ endToEndId: `E9999900420261120120000000000${String(i).padStart(3, "0")}` }),
      ).concat(bodies.pix({ endToEndId: `E99999004202611201200000000zz${last}` })),
    });
    const [a, b] = ["001", "002"].map((last) => adapter.webhooks.envelope(notice(list(last))));
    expect(a?.ok && a.value.eventKey.length).toBeLessThan(200);
    expect(a?.ok && a.value.eventKey).not.toBe(b?.ok && b.value.eventKey);
  });

  test("a recurrence the donor accepted is told with its outcome", async () => {
    const world = pixWorld();
    await world.listen();
    const asked = await world.mandates.request(mandateOf(), world.call());
    const id = "gatewayMandateId" in asked ? asked.gatewayMandateId : "";
    await world.control.answerRecurrence(world.account, id, "yes");
    expect(await world.told()).toMatchObject([
      { kind: "mandate_changed", gatewayMandateId: id, outcome: { kind: "active" } },
    ]);
  });
});

describe.skipIf(specsAbsent)("a provider's own example", () => {
  test("a captured notice is understood; its txid is not ours", () => {
    const { adapter } = pixOn(() => answers(500, ""));
    const body = specJson("pix/webhook-pix-recebido.json");
    const foreign = notice(body);
    // Its endToEndId has 26 characters and its key is another church's.
    expect(adapter.webhooks.envelope(foreign).ok).toBe(false);
    const text = JSON.stringify(body).replace(/"chave":"[^"]*",/, "");
    expect(adapter.webhooks.read(notice(text))).toEqual({
      ok: true,
      value: [{ kind: "ignored", type: "pix.other" }],
    });
  });
});
