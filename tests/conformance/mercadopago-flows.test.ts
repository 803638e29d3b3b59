import { describe, expect, test } from "vitest";
import { mercadoPagoManifest } from "../../adapters/mercadopago/manifest.ts";
import * as bank from "../../adapters/mercadopago/sandbox/bank-side.ts";
import { testToken } from "../../adapters/mercadopago/sandbox/tokens.ts";
import { feeOn } from "../../src/gateway/fees.ts";
import type { CollectOutcome, RefundOrder } from "../../src/gateway/payment.ts";
import type { GatewayEvent } from "../../src/gateway/webhook.ts";
import { days, hours, minutes } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { secret } from "../../src/kernel/secret.ts";
import {
  asked,
  countries,
  handleOf,
  inCurrency,
  orderIn,
  received,
  type World,
  world,
} from "./mercadopago-world.ts";

const idOf = (outcome: CollectOutcome): string => {
  if ("gatewayPaymentId" in outcome && outcome.gatewayPaymentId) return outcome.gatewayPaymentId;
  throw new Error(`no id in ${JSON.stringify(outcome, (_, v) => (typeof v === "bigint" ? `${v}` : v))}`);
};

describe("every method in every country, from the donor's choice to the money", () => {
  const rows = mercadoPagoManifest.methods.flatMap((method) =>
    method.countries.flatMap((country) => {
      const here = countries.find((known) => known === country);
      return here ? [{ country: here, type: method.type, kind: method.kind }] : [];
    }),
  );

  test.each(rows)("$country $type", async ({ country, type }) => {
    const { adapter, call, control, inbox, account } = world();
    const gateway = adapter(country);
    const order = orderIn(country, type);
    const opened = await gateway.payments.collect(order, call());
    const flow = asked(type);
    if (flow.presentation === "token") {
      expect(opened).toMatchObject({ kind: "captured", amount: order.amount });
      return;
    }
    expect(opened.kind).toBe("action_required");
    const id = idOf(opened);
    const paid = /^\d+$/.test(id)
      ? await control.play(id, (play) => bank.pay(play))
      : await control.payPage(id, type, "APRO");
    expect(paid.ok).toBe(true);
    const seen = await gateway.payments.lookup(handleOf(order, id), call());
    expect(seen).toMatchObject({ kind: "captured", amount: order.amount });
    if (seen.kind !== "captured") return;
    const rule = mercadoPagoManifest.fees.find((f) => f.country === country && f.methods.includes(type));
    expect(rule && seen.fee).toEqual(rule && feeOn(order.amount, rule));
    await control.flush();
    const [last] = inbox.slice(-1);
    const delivery = last && received(last);
    const { webhookSecret = "" } = account(country);
    expect(delivery && (await gateway.webhooks.verify(delivery, [secret(webhookSecret)], new Date()))).toBe(
      "genuine",
    );
    expect(delivery && gateway.webhooks.read(delivery)).toMatchObject({
      ok: true,
      value: [
        { kind: "attempt_hint", subject: { gatewayPaymentId: idOf(seen), attemptId: order.attemptId } },
      ],
    });
  });
});

describe("what the donor is shown", () => {
  const shown = async (country: (typeof countries)[number], type: Parameters<typeof orderIn>[1]) => {
    const { adapter, call } = world();
    const outcome = await adapter(country).payments.collect(orderIn(country, type), call());
    if (outcome.kind !== "action_required") throw new Error(outcome.kind);
    return outcome.action;
  };

  test("OXXO: a reference and its Code 128, three days to pay", async () => {
    const action = await shown("mx", "oxxo");
    expect(action).toMatchObject({ type: "display_voucher", barcode: { format: "code128" } });
    if (action.type !== "display_voucher") return;
    expect(action.expiresAt.getTime() - Date.now()).toBeGreaterThan(days(2));
  });

  test("boleto: 47 digits to type, 44 to print, both with right check digits", async () => {
    const action = await shown("br", "boleto");
    if (action.type !== "display_voucher") throw new Error(action.type);
    expect(action.reference).toMatch(/^\d{47}$/);
    expect(action.barcode).toMatchObject({ format: "itf" });
    expect(action.barcode?.text).toMatch(/^\d{44}$/);
    expect(action.reference.slice(33)).toBe(action.barcode?.text.slice(5, 19));
  });

  test("Pix: a code that ends with its checksum", async () => {
    const action = await shown("br", "pix");
    if (action.type !== "display_qr") throw new Error(action.type);
    expect(action.payload).toMatch(/^000201.*6304[0-9A-F]{4}$/);
  });

  test("SPEI: a CLABE of Mercado Pago's own and all that is to be sent", async () => {
    expect(await shown("mx", "spei")).toMatchObject({
      type: "display_bank_transfer",
      account: { kind: "clabe", number: expect.stringMatching(/^722\d{15}$/) },
      bank: "Mercado Pago W",
      amountRemaining: money(500_000n, "MXN"),
    });
  });

  test.each([
    ["pse", 15],
    ["nequi", 15],
  ] as const)("%s: the bank's page, for %i minutes", async (type, minutesGiven) => {
    const action = await shown("co", type);
    if (action.type !== "redirect" || !action.expiresAt) throw new Error(action.type);
    expect(Math.abs(action.expiresAt.getTime() - Date.now() - minutes(minutesGiven))).toBeLessThan(
      minutes(1),
    );
  });

  test("Checkout Pro: its page, for a day", async () => {
    const action = await shown("ar", "mercado_pago");
    expect(action).toMatchObject({ type: "redirect", url: expect.stringContaining("/checkout/") });
  });
});

describe("refusals before anything is sent", () => {
  const refused = async (
    fields: Parameters<typeof orderIn>[2],
    type: Parameters<typeof orderIn>[1] = "pse",
  ) => {
    const { adapter, call } = world({ transport: () => () => Promise.reject(new Error("was sent")) });
    return adapter("co").payments.collect(orderIn("co", type, fields), call());
  };
  const donor = orderIn("co", "pse").donor;
  const { device: _, ...withoutDevice } = donor;
  const { address: __, ...withoutAddress } = donor;

  test.each([
    ["no bank chosen", { method: { type: "pse", presentation: "hosted" } }, "donor_missing"],
    ["no address", { donor: withoutAddress }, "donor_missing"],
    ["no device", { donor: withoutDevice }, "donor_missing"],
    ["pesos with decimals", { amount: money(500_050n, "COP") }, "amount_unrepresentable"],
    ["another country's rail", { country: "mx" }, "method_unsupported"],
    ["another currency", { amount: money(500n, "USD") }, "method_unsupported"],
  ] as const)("%s", async (_name, fields, rawCode) => {
    expect(await refused(fields)).toMatchObject({ kind: "refused", problem: { rawCode } });
  });

  test("an account of Colombia is not used for Mexico's OXXO", async () => {
    expect(await refused({}, "oxxo")).toMatchObject({ kind: "refused", problem: { reason: "unsupported" } });
  });
});

describe("what the gateway refuses", () => {
  test.each([
    [
      "a bank that is not on PSE's list",
      "co",
      "pse",
      { method: { ...asked("pse"), bank: "9999" } },
      "refused",
      "4035",
    ],
    ["less than PSE's minimum", "co", "pse", { amount: money(100_000n, "COP") }, "refused", "4037"],
    [
      "a CPF with wrong check digits",
      "br",
      "pix",
      { donor: { ...orderIn("br", "pix").donor, taxId: { type: "cpf", number: "39053344700" } } },
      "declined",
      "2067",
    ],
    [
      "a CPF of one digit only",
      "br",
      "boleto",
      { donor: { ...orderIn("br", "pix").donor, taxId: { type: "cpf", number: "11111111111" } } },
      "declined",
      "2067",
    ],
    [
      "a token nobody made",
      "mx",
      "card",
      { method: { ...asked("card"), token: "f".repeat(32) } },
      "declined",
      "2006",
    ],
    ["more than Yape takes", "pe", "yape", { amount: money(200_001n, "PEN") }, "refused", "4037"],
  ] as const)("%s", async (_name, country, type, fields, kind, rawCode) => {
    const { adapter, call } = world();
    const outcome = await adapter(country).payments.collect(orderIn(country, type, fields), call());
    expect(outcome.kind).toBe(kind);
    expect(outcome.evidence.rawCode).toBe(rawCode);
  });

  test("a revoked token is our account's fault", async () => {
    const { adapter, call } = world({
      transport: () => async () =>
        Response.json(
          { message: "invalid access token", error: "unauthorized", status: 401 },
          { status: 401 },
        ),
    });
    const outcome = await adapter("mx").payments.collect(orderIn("mx", "oxxo"), call());
    expect(outcome).toMatchObject({ kind: "refused", problem: { reason: "authentication" } });
  });

  test.each([
    ["FUND", "insufficient_funds"],
    ["CALL", "call_issuer"],
    ["SECU", "invalid_card_data"],
    ["EXPI", "card_expired"],
    ["FORM", "invalid_card_data"],
    ["OTHE", "declined_generic"],
    ["DUPL", "duplicate"],
    ["BLAC", "blocked_fraud"],
    ["ATTE", "limit_exceeded"],
    ["CTNA", "method_not_allowed"],
  ] as const)("a card in the name of %s is declined: %s", async (holder, reason) => {
    const { adapter, call } = world();
    const order = orderIn("br", "card", { method: { ...asked("card"), token: testToken(holder) } });
    const gateway = adapter("br");
    const outcome = await gateway.payments.collect(order, call());
    expect(outcome).toMatchObject({ kind: "declined", decline: { reason } });
    expect(await gateway.payments.lookup(handleOf(order, idOf(outcome)), call())).toMatchObject({
      kind: "declined",
    });
  });

  test("a card in the name of CONT is held for review, and then comes or does not", async () => {
    for (const [play, kind] of [
      [(p: bank.Play) => bank.pay(p), "captured"],
      [(p: bank.Play) => bank.refuse(p, "cc_rejected_high_risk"), "declined"],
    ] as const) {
      const { adapter, call, control } = world();
      const gateway = adapter("br");
      const order = orderIn("br", "card", { method: { ...asked("card"), token: testToken("CONT") } });
      const opened = await gateway.payments.collect(order, call());
      expect(opened.kind).toBe("processing");
      await control.play(idOf(opened), play);
      expect((await gateway.payments.lookup(handleOf(order, idOf(opened)), call())).kind).toBe(kind);
    }
  });
});

describe("lost answers", () => {
  test("repeated under the same key, one payment exists and the same answer comes back", async () => {
    const { adapter, call, control } = world();
    const gateway = adapter("mx");
    const order = orderIn("mx", "oxxo");
    const once = call();
    control.fail("answer_lost", "POST /v1/payments");
    expect(await gateway.payments.collect(order, once)).toMatchObject({
      kind: "in_doubt",
      cause: "connection_lost",
    });
    const again = await gateway.payments.collect(order, {
      ...once,
      now: new Date(once.now.getTime() + hours(1)),
    });
    expect(again.kind).toBe("action_required");
    expect(await control.payments(10)).toHaveLength(1);
  });

  test.each(["answer_lost", "silence", "unreadable"] as const)(
    "%s: the look-up by our own id finds it",
    async (fault) => {
      const { adapter, call, control } = world();
      const gateway = adapter("br");
      const order = orderIn("br", "pix");
      control.fail(fault, "POST /v1/payments");
      expect((await gateway.payments.collect(order, call({ timeoutMs: 60 }))).kind).toBe("in_doubt");
      expect((await gateway.payments.lookup(handleOf(order), call())).kind).toBe("action_required");
    },
  );

  test("a Checkout Pro page whose answer was lost is found again by our own id", async () => {
    const { adapter, call, control } = world();
    const gateway = adapter("uy");
    const order = orderIn("uy", "mercado_pago");
    control.fail("answer_lost", "POST /checkout/preferences");
    expect((await gateway.payments.collect(order, call())).kind).toBe("in_doubt");
    const found = await gateway.payments.lookup(handleOf(order), call());
    expect(found).toMatchObject({ kind: "action_required", action: { type: "redirect" } });
  });

  test("what was never sent is never seen, but only once the search can be believed", async () => {
    const { adapter, call, control, clock } = world();
    const gateway = adapter("mx");
    const order = orderIn("mx", "spei");
    control.fail("connection_refused", "POST /v1/payments");
    expect((await gateway.payments.collect(order, call())).kind).toBe("not_sent");
    const handle = handleOf(order, undefined, clock.now());
    expect((await gateway.payments.lookup(handle, call())).kind).toBe("in_doubt");
    clock.advance(hours(2));
    expect((await gateway.payments.lookup(handle, call())).kind).toBe("never_seen");
  });

  test.each([
    ["server_error", "in_doubt"],
    ["rate_limited", "refused"],
  ] as const)("%s is %s", async (fault, kind) => {
    const { adapter, call, control } = world();
    control.fail(fault, "POST /v1/payments");
    expect((await adapter("mx").payments.collect(orderIn("mx", "oxxo"), call())).kind).toBe(kind);
  });
});

const opened = async (w: World, country: (typeof countries)[number], type: Parameters<typeof orderIn>[1]) => {
  const gateway = w.adapter(country);
  const order = orderIn(country, type);
  const outcome = await gateway.payments.collect(order, w.call());
  const id = idOf(outcome);
  const look = () => gateway.payments.lookup(handleOf(order, id), w.call());
  return { gateway, order, id, look };
};

describe("money that is not as asked", () => {
  test.each([
    ["less", 300_000n],
    ["more", 700_000n],
  ] as const)("%s than was asked arrives as what it is, never as the gift", async (_name, minor) => {
    const w = world();
    const { id, look } = await opened(w, "mx", "spei");
    await w.control.play(id, (play) => bank.pay(play, inCurrency("mx", minor)));
    expect(await look()).toMatchObject({ kind: "captured", amount: { minor } });
  });

  test("a slip paid twice tells of both", async () => {
    const w = world();
    const { id, look } = await opened(w, "ar", "rapipago");
    await w.control.play(id, (play) => bank.pay(play));
    await w.control.play(id, bank.payAgain);
    expect(await look()).toMatchObject({ kind: "captured", amount: { minor: 1_000_000n } });
  });

  test("expired and then paid is captured all the same", async () => {
    const w = world();
    const { id, look } = await opened(w, "uy", "abitab");
    await w.control.play(id, bank.expire);
    expect(await look()).toMatchObject({ kind: "voided", expired: true });
    await w.control.play(id, (play) => bank.pay(play));
    expect((await look()).kind).toBe("captured");
  });

  test("a Pix code nobody paid lapses by itself, a slip does not", async () => {
    const w = world();
    const pix = await opened(w, "br", "pix");
    const slip = await opened(w, "br", "boleto");
    w.clock.advance(days(5));
    expect(await pix.look()).toMatchObject({ kind: "voided", expired: true });
    expect((await slip.look()).kind).toBe("action_required");
  });

  test("PSE limbo: the bank's page is closed, it waits, expires after a quarter of an hour, and the money lands after all", async () => {
    const w = world();
    const { id, look } = await opened(w, "co", "pse");
    expect((await look()).kind).toBe("action_required");
    w.clock.advance(minutes(16));
    expect(await look()).toMatchObject({ kind: "voided", expired: true });
    await w.control.play(id, (play) => bank.pay(play));
    expect((await look()).kind).toBe("captured");
  });

  test("two payments under one reference: the first counts, and an alert says so", async () => {
    const w = world();
    const { id, look } = await opened(w, "mx", "mercado_pago");
    await w.control.payPage(id, "mercado_pago", "APRO");
    await w.control.payPage(id, "mercado_pago", "APRO");
    const seen = await look();
    expect(seen.kind).toBe("captured");
    expect(seen.evidence.unrecognized).toContain("2 times");
  });
});

describe("Checkout Pro", () => {
  test("a declined card leaves the page open for another try, and the second one counts", async () => {
    const w = world();
    const gateway = w.adapter("br");
    const order = orderIn("br", "card", { method: { type: "card", presentation: "hosted" } });
    const page = idOf(await gateway.payments.collect(order, w.call()));
    const first = await w.control.payPage(page, "card", "FUND");
    if (!first.ok) throw new Error(first.error);
    const tried = handleOf(order, String(first.value.body.id));
    expect(await gateway.payments.lookup(tried, w.call())).toMatchObject({
      kind: "action_required",
      gatewayPaymentId: page,
      lastDecline: { reason: "insufficient_funds" },
    });
    await w.control.payPage(page, "card", "APRO");
    expect((await gateway.payments.lookup(tried, w.call())).kind).toBe("captured");
  });

  test("closed by us it takes nothing more, and is void", async () => {
    const w = world();
    const { gateway, order, id, look } = await opened(w, "ar", "mercado_pago");
    expect(await gateway.payments.cancel(handleOf(order, id), w.call())).toMatchObject({ kind: "voided" });
    expect((await w.control.payPage(id, "mercado_pago", "APRO")).ok).toBe(false);
    w.clock.advance(1_000);
    expect(await look()).toMatchObject({ kind: "voided", expired: true });
  });

  test("a page left open for a day lapses", async () => {
    const w = world();
    const { look } = await opened(w, "cl", "webpay");
    w.clock.advance(days(1) + minutes(1));
    expect(await look()).toMatchObject({ kind: "voided", expired: true });
  });

  test("only what the donor chose is on it", async () => {
    const w = world();
    const offered = async (country: (typeof countries)[number], type: "card" | "mercado_pago" | "webpay") => {
      const gateway = w.adapter(country);
      const order = orderIn(country, type, { method: { type, presentation: "hosted" } });
      return (await w.control.page(idOf(await gateway.payments.collect(order, w.call()))))?.offered;
    };
    expect(await offered("cl", "card")).toEqual(["card"]);
    expect(await offered("cl", "webpay")).toEqual(["webpay"]);
    expect(await offered("cl", "mercado_pago")).toEqual(["mercado_pago"]);
  });
});

describe("cancelling", () => {
  test("an open slip is closed; closing it again is no different", async () => {
    const w = world();
    const { gateway, order, id } = await opened(w, "pe", "pago_efectivo");
    for (let i = 0; i < 2; i++) {
      expect((await gateway.payments.cancel(handleOf(order, id), w.call())).kind).toBe("voided");
    }
  });

  test("one that has been paid is too late", async () => {
    const w = world();
    const { gateway, order, id } = await opened(w, "mx", "paycash");
    await w.control.play(id, (play) => bank.pay(play));
    expect(await gateway.payments.cancel(handleOf(order, id), w.call())).toMatchObject({
      kind: "too_late",
      current: { kind: "captured" },
    });
  });
});

describe("refunds", () => {
  const paid = async (
    w: World,
    country: (typeof countries)[number],
    type: Parameters<typeof orderIn>[1] = "card",
  ) => {
    const one = await opened(w, country, type);
    if (type !== "card") await w.control.play(one.id, (play) => bank.pay(play));
    const refundOf = (minor: bigint, refundable = one.order.amount.minor): RefundOrder => ({
      refundId: newId("refund"),
      gatewayPaymentId: one.id,
      amount: inCurrency(country, minor),
      refundable: inCurrency(country, refundable),
      method: type,
      reason: "requested_by_donor",
    });
    return { ...one, refundOf };
  };

  test("in parts up to the whole, and not a centavo more", async () => {
    const w = world();
    const { gateway, refundOf } = await paid(w, "br");
    expect((await gateway.payments.refund(refundOf(200_000n), w.call())).kind).toBe("succeeded");
    expect((await gateway.payments.refund(refundOf(300_000n, 300_000n), w.call())).kind).toBe("succeeded");
    expect((await gateway.payments.refund(refundOf(1n, 1n), w.call())).kind).toBe("refused");
  });

  test("a refunded gift still tells that its money came", async () => {
    const w = world();
    const { gateway, refundOf, look, order } = await paid(w, "mx");
    await gateway.payments.refund(refundOf(500_000n), w.call());
    expect(await look()).toMatchObject({ kind: "captured", amount: order.amount });
  });

  test("repeated under the same key it is given once", async () => {
    const w = world();
    const { gateway, refundOf } = await paid(w, "ar");
    const order = refundOf(100_000n);
    const once = w.call();
    w.control.fail("answer_lost", "POST /v1/payments/");
    expect((await gateway.payments.refund(order, once)).kind).toBe("in_doubt");
    expect((await gateway.payments.refund(order, once)).kind).toBe("succeeded");
    const [payment] = await w.control.payments(1);
    expect(payment?.body.refunds).toHaveLength(1);
  });

  test("an answer that was lost is found by the amount, and never seen when there is none", async () => {
    const w = world();
    const { gateway, refundOf, id } = await paid(w, "co");
    const order = refundOf(100_000n);
    const handle = {
      refundId: order.refundId,
      gatewayPaymentId: id,
      method: "card",
      amount: order.amount,
    } as const;
    expect((await gateway.payments.lookupRefund(handle, w.call())).kind).toBe("never_seen");
    w.control.fail("answer_lost", "POST /v1/payments/");
    await gateway.payments.refund(order, w.call());
    expect((await gateway.payments.lookupRefund(handle, w.call())).kind).toBe("succeeded");
  });

  test("two refunds alike cannot be told apart: a person must look", async () => {
    const w = world();
    const { gateway, refundOf, id } = await paid(w, "co");
    const order = refundOf(100_000n);
    await gateway.payments.refund(refundOf(100_000n), w.call());
    await gateway.payments.refund(refundOf(100_000n, 400_000n), w.call());
    const handle = {
      refundId: order.refundId,
      gatewayPaymentId: id,
      method: "card",
      amount: order.amount,
    } as const;
    expect((await gateway.payments.lookupRefund(handle, w.call())).kind).toBe("in_doubt");
  });

  test("a Pix refund may be on its way, and then arrive or not", async () => {
    for (const [status, kind] of [
      ["approved", "succeeded"],
      ["rejected", "failed"],
    ] as const) {
      const w = world();
      const { gateway, refundOf, id } = await paid(w, "br", "pix");
      await w.control.setMood(w.account("br").credentials.access_token ?? "", { slowRefunds: true });
      const order = refundOf(500_000n);
      const made = await gateway.payments.refund(order, w.call());
      if (made.kind !== "processing") throw new Error(made.kind);
      await w.control.play(id, (play) => bank.endRefund(play, Number(made.gatewayRefundId), status));
      const handle = {
        refundId: order.refundId,
        gatewayPaymentId: id,
        gatewayRefundId: made.gatewayRefundId,
        method: "pix",
        amount: order.amount,
      } as const;
      expect((await gateway.payments.lookupRefund(handle, w.call())).kind).toBe(kind);
    }
  });

  test.each([
    ["ar", 360],
    ["cl", 330],
    ["br", 180],
    ["mx", 180],
    ["co", 180],
    ["pe", 90],
    ["uy", 90],
  ] as const)("in %s a gift can go back for %i days", async (country, window) => {
    const w = world();
    const { gateway, refundOf, order } = await paid(w, country);
    const whole = refundOf(order.amount.minor);
    w.clock.advance(days(window) + hours(1));
    expect((await gateway.payments.refund(whole, w.call())).kind).toBe("refused");
    w.clock.advance(-hours(2));
    expect((await gateway.payments.refund(whole, w.call())).kind).toBe("succeeded");
  });

  test("in Peru only whole ones, without asking the gateway for a part", async () => {
    const w = world();
    const { gateway, refundOf } = await paid(w, "pe");
    expect(await gateway.payments.refund(refundOf(100n), w.call())).toMatchObject({
      kind: "refused",
      problem: { reason: "unsupported" },
    });
    expect((await gateway.payments.refund(refundOf(500_000n), w.call())).kind).toBe("succeeded");
  });

  test("an account without the money cannot give it back", async () => {
    const w = world();
    const { gateway, refundOf } = await paid(w, "uy");
    await w.control.setMood(w.account("uy").credentials.access_token ?? "", { emptyBalance: true });
    expect((await gateway.payments.refund(refundOf(500_000n), w.call())).kind).toBe("refused");
  });
});

describe("what a notification means, asked at the gateway", () => {
  const told = async (w: World, country: (typeof countries)[number]): Promise<readonly GatewayEvent[]> => {
    await w.control.flush();
    const gateway = w.adapter(country);
    const events: GatewayEvent[] = [];
    for (const webhook of w.inbox.splice(0)) {
      const read = await gateway.webhooks.inquire?.(received(webhook), w.call());
      if (!read?.ok) throw new Error(read?.error);
      events.push(...read.value);
    }
    return events;
  };
  const listening = async (w: World, country: (typeof countries)[number]) => {
    const listened = await w.sandbox.listen(
      w.account(country),
      "https://give.example.org/webhooks/mercadopago/tok",
    );
    expect(listened.ok).toBe(true);
    const one = await opened(w, country, "card");
    await told(w, country);
    return { ...one, subject: { gatewayPaymentId: one.id, attemptId: one.order.attemptId } };
  };
  const disputes = (events: readonly GatewayEvent[]) =>
    events.filter((event) => event.kind === "dispute_changed");

  test("a refund made in the gateway's panel is told, with its amount", async () => {
    const w = world();
    const { id, subject } = await listening(w, "mx");
    await w.control.play(id, (play) => bank.refundInPanel(play, money(120_000n, "MXN")));
    expect(await told(w, "mx")).toMatchObject([
      { kind: "attempt_hint", subject },
      { kind: "refund_changed", subject, amount: money(120_000n, "MXN"), status: "succeeded" },
    ]);
  });

  test.each([
    [true, "won", false],
    [false, "lost", true],
  ] as const)(
    "a chargeback is one dispute from the first day to the last (church wins: %s)",
    async (won, status, withdrawn) => {
      const w = world();
      const { id, subject } = await listening(w, "br");
      await w.control.play(id, bank.openChargeback);
      const first = disputes(await told(w, "br"));
      expect(first.length).toBeGreaterThan(0);
      for (const event of first) {
        expect(event).toMatchObject({
          subject,
          status: "needs_response",
          fundsWithdrawn: true,
          amount: { minor: 500_000n },
        });
      }
      expect(
        first.some((event) => event.kind === "dispute_changed" && event.evidenceDueAt !== undefined),
      ).toBe(true);
      await w.control.play(id, (play) => bank.closeChargeback(play, won));
      const last = disputes(await told(w, "br"));
      expect(last[0]).toMatchObject({ status, fundsWithdrawn: withdrawn });
      const names = [...first, ...last].map(
        (event) => event.kind === "dispute_changed" && event.gatewayDisputeId,
      );
      expect(new Set(names).size).toBe(1);
    },
  );

  test("a complaint opens a dispute and its end closes it; money given back for it is a refund", async () => {
    const w = world();
    const { id, subject } = await listening(w, "ar");
    await w.control.play(id, bank.openClaim);
    expect(disputes(await told(w, "ar"))[0]).toMatchObject({
      subject,
      status: "needs_response",
      fundsWithdrawn: false,
    });
    await w.control.play(id, (play) => bank.closeClaim(play, false));
    const end = await told(w, "ar");
    expect(disputes(end).at(-1)).toMatchObject({ subject, status: "won" });
    expect(end).toContainEqual(expect.objectContaining({ kind: "refund_changed", status: "succeeded" }));
  });

  test("a chargeback's id is too long for a JSON number and still the right one is asked for", async () => {
    const w = world();
    const { id } = await listening(w, "co");
    await w.control.play(id, bank.openChargeback);
    await w.control.flush();
    const notice = w.inbox.find((webhook) => webhook.body.includes("topic_chargebacks_wh"));
    const dataId = new URL(notice?.url ?? "").searchParams.get("data.id");
    expect(dataId).toMatch(/^\d{18}$/);
    expect(notice?.body).toContain(`"id":${dataId},`);
  });

  test("when the gateway cannot be asked the event is to be tried again", async () => {
    const w = world();
    const { id } = await listening(w, "mx");
    await w.control.play(id, (play) => bank.refundInPanel(play, money(100n, "MXN")));
    await w.control.flush();
    const [webhook] = w.inbox;
    w.control.fail("server_error", "GET /v1/payments");
    const read = webhook && (await w.adapter("mx").webhooks.inquire?.(received(webhook), w.call()));
    expect(read?.ok).toBe(false);
  });
});
