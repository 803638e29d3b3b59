import { beforeAll, describe, expect, test } from "vitest";
import type { Deps } from "../../src/deps.ts";
import type { GatewayAdapter } from "../../src/gateway/adapter.ts";
import type { CancelOutcome, CollectOutcome, NeverSeen, RefundOutcome } from "../../src/gateway/payment.ts";
import type { GatewayEvent, Webhooks } from "../../src/gateway/webhook.ts";
import { cancelDonation } from "../../src/giving/cancel-donation.ts";
import { refundDonation } from "../../src/giving/refund-donation.ts";
import { refreshAttempt } from "../../src/giving/resolve-in-doubt.ts";
import { sweepRefunds } from "../../src/giving/sweep-refunds.ts";
import { present } from "../../src/kernel/assert.ts";
import { days } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { changeAccountStatus, connectGateway, rotateCredentials } from "../../src/routing/connect-gateway.ts";
import { drainInbox } from "../../src/webhooks/process.ts";
import { byToken, type GivenDonation, type Giver, giver } from "../support/gifts.ts";
import { type House, openHouse } from "../support/house.ts";
import { depsWith, depsWithoutAccount, idOf, type Script, tell } from "../support/scripted-gateway.ts";

type Check = GatewayAdapter["payments"]["checkCredentials"];
type Inquire = NonNullable<Webhooks["inquire"]>;

/** What any gateway may answer, also what the one in front of us never does: its answers are the test's. */
let house: House;
const mxn = (minor: bigint) => money(minor, "MXN");
const problem = { reason: "invalid_request", rawCode: "no", detail: "not now" } as const;
const unsure = [
  { kind: "refused", problem, evidence: {} },
  { kind: "in_doubt", cause: "timeout", evidence: {} },
  { kind: "not_sent", cause: "dns", evidence: {} },
] as const;

beforeAll(async () => {
  house = await openHouse();
});
const newGiver = async () => giver(house, await house.church("mx"), "mx");

async function waiting(): Promise<{ mx: Giver; gift: GivenDonation }> {
  const mx = await newGiver();
  return { mx, gift: await mx.give({ type: "oxxo" }) };
}
async function captured(): Promise<{ mx: Giver; gift: GivenDonation }> {
  const mx = await newGiver();
  const gift = await mx.give(byToken());
  await house.settle();
  return { mx, gift };
}
const captureOf = (gift: GivenDonation): CollectOutcome => ({
  kind: "captured",
  gatewayPaymentId: gift.payment,
  amount: mxn(50_000n),
  capturedAt: house.clock.now(),
  funding: "direct",
  evidence: {},
});

describe("credentials", () => {
  /** Connects with a gateway that says of the credentials what the test says; `no way` cannot be reached from here. */
  async function connecting(said: Check | "no way") {
    const { churchId, legalEntityId } = await house.church("mx");
    const { payments } = house.app.deps;
    const stripe = present(payments.factory("stripe"), "stripe is registered");
    const factory: typeof stripe = {
      ...stripe,
      create: (account) => {
        const adapter = stripe.create(account);
        return said === "no way"
          ? adapter
          : { ...adapter, payments: { ...adapter.payments, checkCredentials: said } };
      },
    };
    const wayOut = said === "no way" ? () => undefined : payments.wayOut;
    const deps = { ...house.app.deps, payments: { ...payments, factory: () => factory, wayOut } };
    return connectGateway(deps, {
      churchId,
      legalEntityId,
      gateway: "stripe",
      country: "mx",
      mode: "test",
      label: "Stripe",
      sandbox: false,
      credentials: { secret_key: `sk_test_${"a".repeat(24)}`, publishable_key: `pk_test_${"a".repeat(24)}` },
      webhookSecret: undefined,
    });
  }

  test.each<readonly [string, Check | "no way", string]>([
    [
      "that the gateway denies",
      async () => ({ ok: false, error: "the key was revoked" }),
      "the key was revoked",
    ],
    ["nobody could be asked about", () => Promise.reject(new Error("lost")), "no answer"],
    [
      "of an account elsewhere",
      async () => ({ ok: true, value: { country: "us" } }),
      "this account is of us",
    ],
    ["that need a certificate nobody here can show", "no way", "wants a client certificate"],
  ])("%s are not stored", async (_, said, detail) => {
    const refused = await connecting(said);
    expect(refused).toMatchObject({ ok: false, error: { detail: expect.stringContaining(detail) } });
  });

  test("whose gateway does not tell the country are taken at the operator's word", async () => {
    expect(await connecting(async () => ({ ok: true, value: { country: undefined } }))).toMatchObject({
      ok: true,
    });
  });

  test("of an account that is not there cannot be replaced, nor its status changed", async () => {
    const { churchId } = await house.church("mx");
    const id = newId("gatewayAccount");
    const missing = { ok: false, error: { code: "not_found" } };
    expect(await rotateCredentials(house.app.deps, churchId, id, {})).toMatchObject(missing);
    expect(await changeAccountStatus(house.app.deps, churchId, id, "disabled")).toMatchObject(missing);
  });
});

describe("calling off a gift", () => {
  const cancel = (mx: Giver, gift: GivenDonation, answer: CancelOutcome) =>
    cancelDonation(
      depsWith(house, { payments: { cancel: async () => answer } }),
      mx.church.churchId,
      idOf("donation", gift.id),
    );

  test.each(unsure)("which the gateway does not confirm ($kind) leaves it as it was", async (answer) => {
    const { mx, gift } = await waiting();
    expect(await cancel(mx, gift, answer)).toMatchObject({
      ok: false,
      error: { code: "gateway_unavailable", retryAfterSeconds: 5 },
    });
    expect(await mx.read(gift.id)).toMatchObject({ status: "requires_action" });
  });

  test("that has been paid meanwhile books the money and says to refund it instead", async () => {
    const { mx, gift } = await waiting();
    const late: CancelOutcome = { kind: "too_late", current: captureOf(gift), evidence: {} };
    expect(await cancel(mx, gift, late)).toMatchObject({
      ok: false,
      error: { code: "donation_not_cancelable", detail: expect.stringContaining("refund it instead") },
    });
    expect(await mx.books()).toMatchObject({ "4100": -50_000 });
  });

  test("that the bank is confirming says that it is processing", async () => {
    const { mx, gift } = await waiting();
    const current: CollectOutcome = {
      kind: "processing",
      gatewayPaymentId: gift.payment,
      answerDueAt: house.clock.now(),
      evidence: {},
    };
    expect(await cancel(mx, gift, { kind: "too_late", current, evidence: {} })).toMatchObject({
      ok: false,
      error: { detail: "a donation that is processing cannot be canceled" },
    });
    expect(await cancel(mx, gift, unsure[0])).toMatchObject({ error: { code: "donation_not_cancelable" } });
  });

  test("whose account was switched off is not called off behind the gateway's back", async () => {
    const { mx, gift } = await waiting();
    const id = idOf("donation", gift.id);
    expect(await cancelDonation(depsWithoutAccount(house), mx.church.churchId, id)).toMatchObject({
      ok: false,
      error: { code: "gateway_unavailable" },
    });
  });

  test("that does not exist is not found", async () => {
    const mx = await newGiver();
    expect(await cancelDonation(house.app.deps, mx.church.churchId, newId("donation"))).toMatchObject({
      ok: false,
      error: { code: "not_found" },
    });
  });
});

describe("money a donor has agreed to and the gateway waits for us to take", () => {
  const approved = (gift: GivenDonation): CollectOutcome => ({
    kind: "authorized",
    gatewayPaymentId: gift.payment,
    amount: mxn(50_000n),
    expiresAt: new Date(house.clock.now().getTime() + days(3)),
    evidence: {},
  });
  const look = async (mx: Giver, gift: GivenDonation, script: Script) =>
    refreshAttempt(
      depsWith(house, script),
      mx.church.churchId,
      { donationId: idOf("donation", gift.id) },
      "return",
    );

  test("is taken by the look-up that sees it", async () => {
    const { mx, gift } = await waiting();
    await look(mx, gift, {
      payments: { lookup: async () => approved(gift) },
      holds: { capture: async () => captureOf(gift) },
    });
    expect(await mx.read(gift.id)).toMatchObject({ status: "succeeded" });
    expect(await mx.history(gift)).toEqual(["submitted", "action_required", "captured"]);
  });

  test.each(unsure)("stays authorized while nobody knows whether it was taken ($kind)", async (answer) => {
    const { mx, gift } = await waiting();
    const payments = { lookup: async () => approved(gift) };
    await look(mx, gift, { payments, holds: { capture: async () => answer } });
    expect(await mx.read(gift.id)).toMatchObject({ status: "authorized" });
    await look(mx, gift, { payments, holds: { capture: async () => captureOf(gift) } });
    expect(await mx.read(gift.id)).toMatchObject({ status: "succeeded" });
    expect(await mx.books()).toMatchObject({ "4100": -50_000 });
  });

  test("is never taken of a gift that was called off, nor by a gateway that takes it by itself", async () => {
    const { mx, gift } = await waiting();
    await mx.ask("POST", `/v1/donations/${gift.id}/cancel`, {}, { "idempotency-key": crypto.randomUUID() });
    let taken = 0;
    const holds = {
      capture: async () => {
        taken += 1;
        return captureOf(gift);
      },
    };
    await look(mx, gift, { payments: { lookup: async () => approved(gift) }, holds });
    expect(taken).toBe(0);
    expect(await mx.read(gift.id)).toMatchObject({ status: "canceled" });
    const other = await waiting();
    await look(other.mx, other.gift, { payments: { lookup: async () => approved(other.gift) } });
    expect(await other.mx.read(other.gift.id)).toMatchObject({ status: "authorized" });
  });

  test.each([...unsure, undefined])("a look-up that says nothing (%o) changes nothing", async (answer) => {
    const { mx, gift } = await waiting();
    const deps = answer
      ? depsWith(house, { payments: { lookup: async () => answer } })
      : depsWithoutAccount(house);
    const key = { donationId: idOf("donation", gift.id) };
    const after = await refreshAttempt(deps, mx.church.churchId, key, "return");
    expect(after?.attempt.state).toBe("action_required");
    expect(await refreshAttempt(deps, mx.church.churchId, { donationId: newId("donation") }, "return")).toBe(
      undefined,
    );
  });
});

describe("giving money back", () => {
  const refund = (mx: Giver, gift: GivenDonation, script: Script, change: object = {}) =>
    refundDonation(depsWith(house, script), requestFor(mx, gift, change));
  const requestFor = (mx: Giver, gift: GivenDonation, change: object) => ({
    churchId: mx.church.churchId,
    principal: "test",
    idempotencyKey: crypto.randomUUID(),
    donationId: idOf("donation", gift.id),
    reason: "requested_by_donor" as const,
    traceId: "test",
    ...change,
  });

  test.each<readonly [string, Script["can"], object, string]>([
    ["after the method's time", { refundWindowDays: -1 }, {}, "can be refunded for -1 days"],
    [
      "in part where it goes back whole",
      { refunds: "full" },
      { amount: mxn(1n) },
      "can only be refunded whole",
    ],
    ["in another currency", {}, { amount: money(100n, "USD") }, "the donation is in MXN"],
    ["by a method the gateway has dropped", { countries: [] }, {}, "does not carry card in mx"],
    ["of nothing", {}, { amount: mxn(0n) }, "is left to refund"],
  ])("%s is refused before the gateway is asked, and the key stays free", async (_, can, change, says) => {
    const { mx, gift } = await captured();
    const request = requestFor(mx, gift, change);
    expect(await refundDonation(depsWith(house, { can: can ?? {} }), request)).toMatchObject({
      ok: false,
      error: { detail: expect.stringContaining(says) },
    });
    const { amount: _amount, ...whole } = { amount: undefined, ...request };
    expect(await refundDonation(house.app.deps, whole)).toMatchObject({ ok: true });
  });

  test("that the gateway refuses, or whose account was switched off, gives the amount free again", async () => {
    const { mx, gift } = await captured();
    const said = await refund(mx, gift, { payments: { refund: async () => unsure[0] } });
    expect(said).toMatchObject({
      ok: false,
      error: { code: "gateway_refused", detail: expect.stringContaining("not now") },
    });
    const off = await refundDonation(depsWithoutAccount(house), requestFor(mx, gift, {}));
    expect(off).toMatchObject({ ok: false, error: { code: "gateway_refused" } });
    expect(await mx.refund(gift.id)).toMatchObject({ status: 201, body: { amount: 50_000 } });
  });

  const sweep = async (answer: RefundOutcome | NeverSeen) => {
    house.clock.advance(days(2));
    await sweepRefunds(depsWith(house, { payments: { lookupRefund: async () => answer } }), 100);
  };
  const refundState = async (id: string) => {
    const uuid = id.replace(/^\w+_(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    const [row] = await house.database.superuser`select state, checks from refunds where id::text = ${uuid}`;
    return row;
  };

  test("whose answer is unknown is asked for until a person must look, and never called failed by us", async () => {
    const { mx, gift } = await captured();
    const begun = await refund(mx, gift, { payments: { refund: async () => unsure[1] } });
    const id = begun.ok ? begun.value.refund.id : "";
    for (const [n, answer] of [...unsure, ...unsure].entries()) {
      await sweep(answer);
      expect(await refundState(id)).toMatchObject({ state: "in_doubt", checks: n + 1 });
    }
    await sweep(unsure[1]);
    expect(await refundState(id)).toMatchObject({ state: "needs_review" });
    expect(await mx.refund(gift.id)).toMatchObject({ body: { code: "refund_exceeds_remaining" } });
  });

  test("the sweep stops when it is told to, and another turn goes on", async () => {
    const { mx, gift } = await captured();
    const begun = await refund(mx, gift, { payments: { refund: async () => unsure[1] } });
    const id = begun.ok ? begun.value.refund.id : "";
    house.clock.advance(days(1));
    const never = { payments: { lookupRefund: async () => ({ kind: "never_seen", evidence: {} }) as const } };
    await sweepRefunds(depsWith(house, never), 100, AbortSignal.abort());
    expect(await refundState(id)).toMatchObject({ state: "in_doubt", checks: 0 });
    await sweepRefunds(depsWithoutAccount(house), 100);
    expect(await refundState(id)).toMatchObject({ state: "in_doubt", checks: 1 });
    await sweep({ kind: "never_seen", evidence: {} });
    expect(await refundState(id)).toMatchObject({ state: "failed" });
    expect(await mx.refund(gift.id)).toMatchObject({ status: 201 });
  });
});

describe("news of a refund", () => {
  const news = (
    gift: GivenDonation,
    change: Partial<Extract<GatewayEvent, { kind: "refund_changed" }>> = {},
  ) =>
    ({
      kind: "refund_changed",
      subject: { gatewayPaymentId: gift.payment },
      gatewayRefundId: `re_${crypto.randomUUID()}`,
      amount: mxn(10_000n),
      status: "succeeded",
      ...change,
    }) as const;

  test("nobody here asked for is ours when it succeeded, and waits for older news when it failed", async () => {
    const { mx, gift } = await captured();
    expect(await tell(house, mx.church, news(gift, { status: "failed" }))).toMatchObject({ kind: "early" });
    const made = news(gift);
    expect(await tell(house, mx.church, made)).toEqual({ kind: "applied" });
    expect(await tell(house, mx.church, made)).toEqual({ kind: "unchanged" });
    expect(await mx.read(gift.id)).toMatchObject({ refunded_amount: 10_000 });
  });

  test("of more than was captured is for a person, and changes nothing", async () => {
    const { mx, gift } = await captured();
    await expect(tell(house, mx.church, news(gift, { amount: mxn(50_001n) }))).rejects.toThrow(
      "more than what was captured",
    );
    expect(await mx.read(gift.id)).toMatchObject({ refunded_amount: 0 });
  });

  test("that comes before the answer to our own call is news of our own refund, not of another", async () => {
    const { mx, gift } = await captured();
    const deps = depsWith(house, { payments: { refund: async () => unsure[1] } });
    const begun = await refundDonation(deps, {
      churchId: mx.church.churchId,
      principal: "test",
      idempotencyKey: crypto.randomUUID(),
      donationId: idOf("donation", gift.id),
      amount: mxn(10_000n),
      reason: "requested_by_donor",
      traceId: "test",
    });
    expect(begun.ok).toBe(true);
    expect(await tell(house, mx.church, news(gift, { amount: mxn(9_000n) }))).toEqual({ kind: "applied" });
    expect(await tell(house, mx.church, news(gift))).toEqual({ kind: "applied" });
    expect(await mx.read(gift.id)).toMatchObject({ refunded_amount: 19_000 });
    const [row] = await house.database.superuser`
      select count(*)::int as n from refunds where donation_id::text =
        ${gift.id.replace(/^\w+_(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")}`;
    expect(row).toEqual({ n: 2 });
  });

  test("of a payment that is not here yet waits", async () => {
    const { mx, gift } = await captured();
    const stranger = { subject: { gatewayPaymentId: "pay_of_somebody" } };
    expect(await tell(house, mx.church, news(gift, stranger))).toMatchObject({ kind: "early" });
  });
});

describe("news of a dispute", () => {
  type Dispute = Extract<GatewayEvent, { kind: "dispute_changed" }>;
  const dispute = (gift: GivenDonation, change: Partial<Dispute>): Dispute => ({
    kind: "dispute_changed",
    subject: { gatewayPaymentId: gift.payment },
    gatewayDisputeId: "dp_1",
    amount: mxn(50_000n),
    status: "needs_response",
    fundsWithdrawn: false,
    rawReason: "fraudulent",
    ...change,
  });
  /** Accounts: 1120 withheld, 5120 lost, 5130 the gateway's fee. */
  test.each<readonly [string, readonly Partial<Dispute>[], Record<string, number | undefined>]>([
    [
      "lost without a word that the money had been taken",
      [{ status: "lost" }],
      { "1120": undefined, "5120": 50_000 },
    ],
    [
      "won without the money ever having left",
      [{}, { status: "won" }],
      { "1120": undefined, "5120": undefined },
    ],
    [
      "taken and won in one word",
      [{ fundsWithdrawn: true, status: "won" }],
      { "1120": undefined, "5120": undefined },
    ],
    [
      "a step back in time keeps what it says of money",
      [{ status: "under_review" }, { fundsWithdrawn: true, fee: mxn(1_500n) }],
      { "1120": 50_000, "5130": 1_500 },
    ],
    [
      "its fee is taken once however often it is told",
      [{ fee: mxn(1_500n) }, { fee: mxn(1_500n), status: "under_review" }, { status: "lost" }],
      { "5130": 1_500, "5120": 50_000 },
    ],
    [
      "closed, it is not opened again by what arrives late",
      [{ fundsWithdrawn: true, status: "lost" }, { status: "needs_response" }],
      { "1120": undefined, "5120": 50_000 },
    ],
  ])("%s", async (_, told, books) => {
    const { mx, gift } = await captured();
    for (const change of told) await tell(house, mx.church, dispute(gift, change));
    const held = await mx.books();
    for (const [code, minor] of Object.entries(books)) expect(held[code], code).toBe(minor);
  });

  test("of a payment that is not here yet waits", async () => {
    const { mx, gift } = await captured();
    const stranger = dispute(gift, { subject: { gatewayPaymentId: "pay_of_somebody" } });
    expect(await tell(house, mx.church, stranger)).toMatchObject({ kind: "early" });
  });
});

describe("an event", () => {
  test("that names our attempt but comes through another account of the church is not believed", async () => {
    const { mx, gift } = await waiting();
    const other = await captured();
    const subject = { gatewayPaymentId: gift.payment, attemptId: idOf("attempt", gift.attempt) };
    const event = { kind: "attempt_changed", subject, outcome: captureOf(gift) } as const;
    expect(await tell(house, other.mx.church, event)).toMatchObject({ kind: "early" });
    expect(await mx.read(gift.id)).toMatchObject({ status: "requires_action" });
    expect(await tell(house, mx.church, event)).toEqual({ kind: "applied" });
  });

  test("of a donor's permission that we never asked for is let go", async () => {
    const mx = await newGiver();
    const outcome = { kind: "active", gatewayMandateId: "md_1", evidence: {} } as const;
    expect(
      await tell(house, mx.church, {
        kind: "mandate_changed",
        gatewayMandateId: "md_1",
        outcome,
      }),
    ).toMatchObject({ kind: "ignored", remark: expect.stringContaining("md_1") });
  });

  test("that only names something is asked about; while the gateway does not say, it waits", async () => {
    const deaf = await openHouse({ wire: "in_process", platform: { doorbell: { ring: () => {} } } });
    const mx = giver(deaf, await deaf.church("mx"), "mx");
    const gift = await mx.give({ type: "oxxo" });
    await deaf.sandbox.control.payVoucher(gift.payment);
    await deaf.sandbox.control.flush();
    const drain = (deps: Deps) => drainInbox(deps, { limit: 10, lanes: 1 });
    const asking = (inquire: Inquire) => drain(depsWith(deaf, { webhooks: { inquire } }));
    const remark = async () => {
      const [row] = await deaf.database
        .superuser`select remark from inbox where next_at is not null order by tries desc limit 1`;
      deaf.clock.advance(days(2));
      return row?.remark;
    };
    expect(await drain(depsWithoutAccount(deaf))).toMatchObject({ applied: 0 });
    expect(await remark()).toBe("the gateway account is disabled");
    expect(await asking(async () => ({ ok: false, error: "try later" }))).toMatchObject({ applied: 0 });
    expect(await remark()).toBe("unreadable: try later");
    expect(await asking(() => Promise.reject(new Error("lost")))).toMatchObject({ applied: 0 });
    expect(await remark()).toBe("unreadable: the gateway could not be asked");
    expect(await mx.read(gift.id)).toMatchObject({ status: "requires_action" });
    const subject = { gatewayPaymentId: gift.payment };
    const paid = { kind: "attempt_changed", subject, outcome: captureOf(gift) } as const;
    await asking(async () => ({ ok: true, value: [paid] }));
    expect(await mx.read(gift.id)).toMatchObject({ status: "succeeded" });
  });
});
