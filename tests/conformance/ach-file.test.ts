import { describe, expect, test } from "vitest";
import { achFile } from "../../adapters/ach-file/index.ts";
import { debitPaymentId, readDebitPaymentId } from "../../src/gateway/debit-files.ts";
import { days } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { secret } from "../../src/kernel/secret.ts";
import { adapter, agreement, dollars, handleOf, orderFor } from "./ach-file-under-test.ts";
import { describeManifest } from "./adapter-suite-edges.ts";
import { call, now } from "./gateway-under-test.ts";

describeManifest({ factory: achFile.factory, credentials: agreement, order: orderFor });

const { payments, webhooks } = adapter;

const account = newId("debitAccount");
const byAccount = { type: "ach_debit", presentation: "token", token: account } as const;

async function collected(order = orderFor(undefined, { method: byAccount })) {
  const outcome = await payments.collect(order, call());
  if (outcome.kind !== "processing") throw new Error(outcome.kind);
  return { order, outcome, handle: handleOf(order, outcome.gatewayPaymentId) };
}

describe("a gift by ACH file", () => {
  test("waits until every return is in: file, money, four banking days, a holiday between", async () => {
    const { outcome } = await collected();
    // Friday 20 November: effective Tuesday at the latest, and Thanksgiving is no banking day.
    expect(outcome.answerDueAt).toEqual(new Date("2026-12-02T08:00:00Z"));
  });

  test("is the same payment when it is collected again, named by the gift and by the sealed account", async () => {
    const { order, outcome } = await collected();
    expect(await payments.collect(order, call())).toEqual(outcome);
    expect(outcome.gatewayPaymentId).toBe(debitPaymentId(order.attemptId, account));
    expect(outcome.gatewayPaymentId).toMatch(/^[0-9A-V]{15}\.dba_[0-9a-f]{32}$/);
    expect(readDebitPaymentId(outcome.gatewayPaymentId)).toEqual({
      reference: outcome.gatewayPaymentId.slice(0, 15),
      account,
    });
    for (const other of ["", "RF18.att_1", `${"A".repeat(15)}-${account}`, `${"A".repeat(15)}.dba_1`]) {
      expect(readDebitPaymentId(other)).toBeUndefined();
    }
  });

  test("is never said to be paid by a look-up: the rail has none, and only its books know", async () => {
    const { outcome, handle } = await collected();
    expect(await payments.lookup(handle, call())).toEqual(outcome);
    const late = await payments.lookup(handle, call({ now: new Date(now.getTime() + days(30)) }));
    expect(late).toMatchObject({ kind: "processing", answerDueAt: new Date("2026-12-23T08:00:00Z") });
  });

  test("cannot be taken back by asking, since the file may be at the bank", async () => {
    const { outcome, handle } = await collected();
    expect(await payments.cancel(handle, call())).toMatchObject({ kind: "too_late", current: outcome });
  });

  test("is given back by hand", async () => {
    const refund = await payments.refund(
      {
        refundId: newId("refund"),
        gatewayPaymentId: "X",
        amount: dollars(100n),
        refundable: dollars(100n),
        method: "ach_debit",
        reason: "requested_by_donor",
      },
      call(),
    );
    expect(refund).toMatchObject({ kind: "refused", problem: { rawCode: "manual_payout" } });
  });

  test.each([
    ["without the holder's yes", "authorization", orderWithoutYes()],
    ["without the holder's name", "name", orderFor(undefined, { donor: { reference: "d" } })],
    ["in another currency", "currency", orderFor({ minor: 1000n, currency: "MXN" })],
    ["in another country", "method", orderFor(undefined, { country: "mx" })],
    ["by another method", "method", orderFor(undefined, { method: { ...byAccount, type: "card" } })],
    ["by a gateway's own token", "token", orderFor(undefined, { method: { ...byAccount, token: "tok_1" } })],
    ["on a hosted page", "method", orderFor(undefined, { method: { ...byAccount, presentation: "hosted" } })],
    ["below a dollar", "amount", orderFor(dollars(99n))],
    ["beyond the format", "amount", orderFor(dollars(10_000_000_000n))],
  ])("is refused %s", async (_why, rawCode, order) => {
    expect(await payments.collect(order, call())).toMatchObject({ kind: "refused", problem: { rawCode } });
  });
});

function orderWithoutYes() {
  const { mandateAcceptance: _yes, ...order } = orderFor();
  return order;
}

test("nobody can post returns to us: every delivery is forged", async () => {
  const delivery = { headers: {}, body: new TextEncoder().encode("101"), target: "" };
  expect(await webhooks.verify(delivery, [secret("x")], now)).toBe("forged");
  expect(webhooks.envelope(delivery).ok).toBe(false);
  expect(webhooks.read(delivery).ok).toBe(false);
});

describe("an origination agreement", () => {
  const { credentials } = achFile.factory;

  test("is taken when its numbers are right, and tells its country", async () => {
    expect(credentials.safeParse(agreement).success).toBe(true);
    expect(await payments.checkCredentials(call())).toEqual({ ok: true, value: { country: "us" } });
    expect(achFile.factory.modeOf(agreement)).toBe("either");
  });

  test.each([
    ["destination", "021000022"],
    ["odfi", "12345678"],
    ["company_id", "911144442"],
    ["origin", "12"],
    ["company_name", "The Church Of The Long Name"],
    ["company_name", "Iglesia Ñandú"],
    ["purpose", "DONATIONS AND MORE"],
    ["destination_name", " "],
  ])("is refused with a wrong %s: %s", (field, value) => {
    expect(credentials.safeParse({ ...agreement, [field]: value }).success).toBe(false);
  });
});
