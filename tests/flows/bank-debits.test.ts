import { beforeAll, describe, expect, test } from "vitest";
import { type GivenDonation, giftBody, giver, played } from "../support/gifts.ts";
import { type House, openHouse } from "../support/house.ts";

let house: House;
const newGiver = async () => giver(house, await house.church("us"), "us");
const embedded = { type: "ach_debit", presentation: "embedded" };
const hosted = { type: "ach_debit", presentation: "hosted" };
/** 50.00 USD less 0.8 %. */
const settled = { "1100": 4_960, "4100": -5_000, "5100": 40 };

beforeAll(async () => {
  house = await openHouse();
});

async function begun(accountNumber: string) {
  const us = await newGiver();
  const gift = await us.give(hosted);
  const done = await played(
    house.sandbox.control.completeCheckout(gift.payment, { type: "us_bank_account", accountNumber }),
  );
  await house.settle();
  return { us, gift, payment: done.intent.id };
}

describe("a bank debit", () => {
  test("is processing for days, then succeeds, with its fee capped by the gateway", async () => {
    const { us, gift, payment } = await begun("000123456789");
    expect(await us.read(gift.id)).toMatchObject({ status: "processing", next_action: { type: "none" } });
    await played(house.sandbox.control.settleDebit(payment));
    await house.settle();
    expect(await us.read(gift.id)).toMatchObject({ status: "succeeded" });
    expect(await us.books()).toEqual(settled);
    expect(await us.announced(gift.id)).toEqual(["created", "requires_action", "processing", "succeeded"]);
  });

  test.each([
    ["000222222227", "insufficient_funds"],
    ["000111111113", "account_invalid"],
  ])("from account %s fails with %s, and nothing is booked", async (account, reason) => {
    const { us, gift, payment } = await begun(account);
    await played(house.sandbox.control.settleDebit(payment));
    await house.settle();
    const after = await us.read(gift.id);
    expect(after).toMatchObject({ decline: { code: reason } });
    expect(["failed", "requires_action"]).toContain(after.status);
    expect(await us.books()).toEqual({});
  });

  test("returned by the donor's bank after it had succeeded is a dispute that is lost at once", async () => {
    const { us, gift, payment } = await begun("000123456789");
    await played(house.sandbox.control.settleDebit(payment));
    await house.settle();
    await played(house.sandbox.control.returnDebit(payment));
    await house.settle();
    expect(await us.read(gift.id)).toMatchObject({ status: "succeeded", disputed: true });
    const books = await us.books();
    expect(books["1120"]).toBeUndefined();
    expect(books["5120"]).toBe(5_000);
    expect(await us.announced(gift.id)).toContain("disputed");
  });

  test("can be refunded once settled", async () => {
    const { us, gift, payment } = await begun("000123456789");
    const early = await us.refund(gift.id);
    expect(early).toMatchObject({ status: 409, body: { code: "donation_not_refundable" } });
    await played(house.sandbox.control.settleDebit(payment));
    await house.settle();
    const refund = await us.refund(gift.id, { amount: 1_000 });
    expect(refund.status).toBe(201);
    await house.settle();
    if (refund.body.status !== "succeeded") {
      await played(house.sandbox.control.succeedRefund(String(refund.body.gateway_refund_id)));
      await house.settle();
    }
    expect(await us.read(gift.id)).toMatchObject({ refunded_amount: 1_000 });
    expect(await us.books()).toEqual({ ...settled, "1100": 3_960, "4900": 1_000 });
  });
});

describe("a bank debit by token", () => {
  const token = "pm_usBankAccount_success";
  const mandate_acceptance = { ip_address: "203.0.113.9", user_agent: "Mozilla/5.0" };

  test("is debited at once where the donor agreed to it on the church's own page", async () => {
    const us = await newGiver();
    const gift = await us.give({ type: "ach_debit", token, mandate_acceptance });
    expect(gift.status).toBe("processing");
    await played(house.sandbox.control.settleDebit(gift.payment));
    await house.settle();
    expect(await us.read(gift.id)).toMatchObject({ status: "succeeded" });
  });

  test("without the donor's agreement is refused before anything is written", async () => {
    const us = await newGiver();
    const without = giftBody("us", { type: "ach_debit", token });
    expect(await us.ask("POST", "/v1/donations", without)).toMatchObject({
      status: 400,
      body: { code: "invalid_request", errors: [{ pointer: "/payment_method/mandate_acceptance" }] },
    });
    expect(await us.paymentsAtGateway()).toEqual([]);
  });
});

describe("a bank account typed in by hand", () => {
  const typed = async (gift: GivenDonation, us: Awaited<ReturnType<typeof newGiver>>) => {
    const form = new URLSearchParams({
      client_secret: String(gift.next_action.client_token),
      "payment_method_data[type]": "us_bank_account",
      "payment_method_data[billing_details][name]": "Ana Pérez",
      "payment_method_data[billing_details][email]": "ana@example.org",
      "payment_method_data[us_bank_account][account_number]": "000123456789",
      "payment_method_data[us_bank_account][routing_number]": "110000000",
      "payment_method_data[us_bank_account][account_holder_type]": "individual",
      "payment_method_options[us_bank_account][verification_method]": "microdeposits",
      "mandate_data[customer_acceptance][type]": "online",
      "mandate_data[customer_acceptance][online][ip_address]": "203.0.113.9",
      "mandate_data[customer_acceptance][online][user_agent]": "Mozilla/5.0",
    });
    const answer = await house.sandbox.fetch(
      new Request(`https://api.stripe.com/v1/payment_intents/${gift.payment}/confirm`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${us.church.stripeKey.replace("sk_", "pk_")}`,
          "content-type": "application/x-www-form-urlencoded",
        },
        body: form.toString(),
      }),
    );
    expect(await answer.json()).toMatchObject({ status: "requires_action" });
    await house.settle();
  };

  test("waits for the donor to prove the small deposits, then is debited", async () => {
    const us = await newGiver();
    const gift = await us.give(embedded);
    expect(gift).toMatchObject({ next_action: { type: "use_sdk" } });
    await typed(gift, us);
    expect(await us.read(gift.id)).toMatchObject({
      status: "requires_action",
      next_action: { type: "redirect" },
    });
    expect(await house.sandbox.control.verifyMicrodeposits(gift.payment, "SM0000")).toMatchObject({
      ok: false,
    });
    await played(house.sandbox.control.verifyMicrodeposits(gift.payment, "SM11AA"));
    await house.settle();
    expect(await us.read(gift.id)).toMatchObject({ status: "processing" });
    await played(house.sandbox.control.settleDebit(gift.payment));
    await house.settle();
    expect(await us.read(gift.id)).toMatchObject({ status: "succeeded" });
  });

  test("news of an earlier step that comes late does not send a debit on its way back to the donor", async () => {
    const us = await newGiver();
    const gift = await us.give(embedded);
    await house.settle();
    await house.sandbox.control.deliverWebhooks({ mode: "late" });
    await typed(gift, us);
    await played(house.sandbox.control.verifyMicrodeposits(gift.payment, "SM11AA"));
    await house.sandbox.control.deliverWebhooks({ mode: "out_of_order" });
    // One after another, so that each is applied before the next arrives.
    await house.settle();
    expect(await us.read(gift.id)).toMatchObject({ status: "processing" });
    await house.sandbox.control.releaseHeld();
  });
});
