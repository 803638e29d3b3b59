import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stripeManifest } from "../../adapters/stripe/manifest.ts";
import { isAccountCountry } from "../../adapters/stripe/sandbox/accounts.ts";
import { boletoLine } from "../../adapters/stripe/sandbox/voucher-shapes.ts";
import { boletoBarcode } from "../../adapters/stripe/translate-action.ts";
import { days, minutes } from "../../src/kernel/clock.ts";
import { money } from "../../src/kernel/money.ts";
import { adapterInSandbox, paidInSandbox } from "./stripe-in-sandbox.ts";
import { begun, by, played } from "./stripe-sandbox-steps.ts";
import { handleOf, knownDonor, orderOf, refundOf } from "./stripe-under-test.ts";

const euros = (minor = 2_500n) => ({ amount: money(minor, "EUR"), donor: knownDonor, locale: "pt-PT" });
const multibanco = orderOf({ country: "pt", ...euros(), ...by("multibanco", "instructions") });
const boleto = orderOf({
  country: "br",
  amount: money(15_000n, "BRL"),
  donor: knownDonor,
  ...by("boleto", "instructions"),
});
const mbWay = (phone: string) =>
  orderOf({ country: "pt", ...euros(), donor: { ...knownDonor, phone }, ...by("mb_way", "instructions") });

describe("every method of the manifest, in every country, on every account that may take it", () => {
  const gifts = stripeManifest.methods.flatMap((method) =>
    method.countries.flatMap((country) =>
      (method.accounts ?? [country]).flatMap((account) => {
        const [least] = method.minimum;
        return least ? [{ type: method.type, country, account, least }] : [];
      }),
    ),
  );

  test("there are donors of twenty countries among them", () => {
    expect(new Set(gifts.map(({ country }) => country)).size).toBe(20);
  });

  test.each(gifts)(
    "$type from $country to an account in $account",
    async ({ type, country, account, least }) => {
      const house = await adapterInSandbox();
      const amount = money(least.minor * 3n, least.currency);
      if (!isAccountCountry(account)) throw new Error(account);
      const { captured } = await paidInSandbox(house, { method: type, country, amount, account });
      expect(captured.amount).toEqual(amount);
      expect(captured.evidence.unrecognized).toBeUndefined();
      expect(captured.funding).toBe(type === "spei" || type === "bank_transfer" ? "balance" : "direct");
    },
  );
});

describe("a gift across a border", () => {
  test("is captured in the donor's currency, and settles in the account's at the rate of the line", async () => {
    const house = await adapterInSandbox();
    const amount = money(40_000_000n, "COP");
    const { captured, id } = await paidInSandbox(house, {
      method: "card",
      country: "co",
      amount,
      account: "us",
    });
    expect(captured.amount).toEqual(amount);
    expect(captured).not.toHaveProperty("fee");
    const window = {
      from: new Date(house.clock.now().getTime() - days(1)),
      to: new Date(house.clock.now().getTime() + days(1)),
    };
    const lines = [];
    for await (const line of house.us.settlements?.lines(window, house.nextCall()) ?? []) lines.push(line);
    expect(lines).toMatchObject([
      { kind: "capture", gross: money(10_000n, "USD"), fee: { amount: money(320n, "USD") } },
    ]);
    expect(id).toMatch(/^pi_/);
  });

  test.each([
    ["cl", "CLP", 15_000n, "15000"],
    ["py", "PYG", 80_000n, "80000"],
    ["uy", "UYU", 45_000n, "45000"],
    ["co", "COP", 9_999_999_999n, "9999999999"],
  ] as const)("%s: %s is written in Stripe's own units", async (country, currency, minor, written) => {
    const house = await adapterInSandbox();
    const amount = money(minor, currency);
    const { id } = await paidInSandbox(house, { method: "card", country, amount, account: "us" });
    expect(String((await house.control.payment(id))?.intent.amount)).toBe(written);
  });

  test("an account in Brazil presents reais only", async () => {
    const house = await adapterInSandbox();
    const order = orderOf({
      country: "co",
      amount: money(40_000_000n, "COP"),
      ...by("card", "token", "pm_card_co"),
    });
    expect(await house.br.payments.collect(order, house.nextCall())).toMatchObject({ kind: "refused" });
  });

  test("a limit passed is refused before anything is sent", async () => {
    const house = await adapterInSandbox();
    const order = orderOf({ country: "pt", ...euros(500_001n), ...by("mb_way", "instructions") });
    expect(await house.pt.payments.collect(order, house.nextCall())).toMatchObject({
      kind: "refused",
      problem: { rawCode: "amount_out_of_limits" },
    });
    expect(await house.control.payments()).toEqual([]);
  });
});

describe("boleto", () => {
  test("a line in its groups, the bars that belong to it, and no refund", async () => {
    const house = await adapterInSandbox();
    const { outcome, id, look } = await begun(house, boleto, "br");
    expect(outcome).toMatchObject({
      kind: "action_required",
      action: {
        type: "display_voucher",
        reference: expect.stringMatching(/^\d{5}\.\d{5} \d{5}\.\d{6} \d{5}\.\d{6} \d \d{14}$/),
        barcode: { format: "itf", text: expect.stringMatching(/^\d{44}$/) },
      },
    });
    played(await house.control.payVoucher(id));
    expect(await look()).toMatchObject({ kind: "captured", fee: { amount: money(345n, "BRL") } });
    const refund = await house.br.payments.refund(
      refundOf(id, { amount: money(15_000n, "BRL"), method: "boleto" }),
      house.nextCall(),
    );
    expect(refund).toMatchObject({ kind: "refused", problem: { rawCode: "charge_not_refundable" } });
  });

  test("nobody paid: void by time; money of the last day may still be announced after", async () => {
    const house = await adapterInSandbox();
    const { id, look } = await begun(house, boleto, "br");
    house.clock.advance(days(4));
    await house.announced();
    expect(await look()).toMatchObject({ kind: "voided", expired: true });
    expect(await house.control.payVoucher(id)).toMatchObject({ ok: false });
    played(await house.control.payVoucher(id, { late: true }));
    expect(await look()).toMatchObject({ kind: "captured" });
  });

  test("a short or second payment is refused at the till, a wrong document before the slip is made", async () => {
    const house = await adapterInSandbox();
    const { id } = await begun(house, boleto, "br");
    expect(await house.control.payVoucher(id, { amount: 100 })).toMatchObject({ ok: false });
    played(await house.control.payVoucher(id));
    expect(await house.control.payVoucher(id)).toMatchObject({ ok: false });
    const wrong = orderOf({
      ...boleto,
      donor: { ...knownDonor, taxId: { type: "cpf", number: "39053344706" } },
    });
    expect(await house.br.payments.collect(wrong, house.nextCall())).toMatchObject({
      kind: "refused",
      problem: { rawCode: "tax_id_invalid" },
    });
    const { taxId: _, ...without } = knownDonor;
    expect(await house.br.payments.collect({ ...boleto, donor: without }, house.nextCall())).toMatchObject({
      kind: "refused",
      problem: { rawCode: "donor_missing" },
    });
  });

  test("the bars come out of any line, and nothing out of another number", () => {
    const digits = (n: number) => fc.stringMatching(new RegExp(`^\\d{${n}}$`));
    fc.assert(
      fc.property(digits(25), fc.integer({ min: 1, max: 9_999_999_999 }), (free, cents) => {
        const line = boletoLine(free, 1_800_000_000, cents);
        const bars = boletoBarcode(line) ?? "";
        expect(bars.slice(19)).toBe(free);
        expect(Number(bars.slice(9, 19))).toBe(cents);
      }),
    );
    // facts: methods §6.3.
    expect(boletoBarcode("23791234546789012345767890123457416770000005000")).toBe(
      "23794167700000050001234567890123456789012345",
    );
    expect(boletoBarcode("1234")).toBeUndefined();
  });
});

describe("Multibanco", () => {
  test("an entity and a reference; past its seven days it waits four more for money on its way", async () => {
    const house = await adapterInSandbox();
    const { outcome, id, look } = await begun(house, multibanco, "pt");
    expect(outcome).toMatchObject({
      action: {
        type: "display_voucher",
        payee: "11249",
        reference: expect.stringMatching(/^\d{3} \d{3} \d{3}$/),
      },
    });
    house.clock.advance(days(7.1));
    await house.announced();
    expect(await look()).toMatchObject({ kind: "processing" });
    played(await house.control.payVoucher(id));
    expect(await look()).toMatchObject({ kind: "captured" });
  });

  test("nothing came in the four days: void by time", async () => {
    const house = await adapterInSandbox();
    const { look } = await begun(house, multibanco, "pt");
    house.clock.advance(days(7.1));
    await house.announced();
    house.clock.advance(days(4.1));
    expect(await house.announced()).toContainEqual(
      expect.objectContaining({ outcome: expect.objectContaining({ kind: "voided", expired: true }) }),
    );
    expect(await look()).toMatchObject({ kind: "voided", expired: true });
  });

  test("can be given back for a year, not longer", async () => {
    const house = await adapterInSandbox();
    const { id } = await begun(house, multibanco, "pt");
    played(await house.control.payVoucher(id));
    const part = refundOf(id, { amount: money(500n, "EUR"), method: "multibanco" });
    expect((await house.pt.payments.refund(part, house.nextCall())).kind).toBe("processing");
    house.clock.advance(days(366));
    const late = refundOf(id, { amount: money(500n, "EUR"), method: "multibanco" });
    expect((await house.pt.payments.refund(late, house.nextCall())).kind).toBe("refused");
  });
});

describe("MB WAY", () => {
  test("waits for the app with nothing to show, and is paid when the donor approves", async () => {
    const house = await adapterInSandbox();
    const { outcome, look } = await begun(house, mbWay("+351911111111"), "pt");
    expect(outcome).toMatchObject({ kind: "processing" });
    expect(outcome.evidence.unrecognized).toBeUndefined();
    await house.announced();
    expect(await look()).toMatchObject({ kind: "captured" });
  });

  test("refused in the app: declined", async () => {
    const house = await adapterInSandbox();
    const { id, look } = await begun(house, mbWay("+351912345678"), "pt");
    played(await house.control.failChallenge(id));
    expect(await look()).toMatchObject({
      kind: "declined",
      decline: { rawCode: "payment_method_customer_decline" },
    });
  });

  test("not answered in four minutes: void by time", async () => {
    const house = await adapterInSandbox();
    const { look } = await begun(house, mbWay("+351912345678"), "pt");
    house.clock.advance(minutes(5));
    await house.announced();
    expect(await look()).toMatchObject({ kind: "voided", expired: true });
  });

  test("without a telephone, or with one that is none, it is refused", async () => {
    const house = await adapterInSandbox();
    const { phone: _, ...without } = knownDonor;
    const order = { ...mbWay("+351912345678"), donor: without };
    expect(await house.pt.payments.collect(order, house.nextCall())).toMatchObject({
      problem: { rawCode: "donor_missing" },
    });
    expect((await house.pt.payments.collect(mbWay("912345678"), house.nextCall())).kind).toBe("refused");
  });
});

describe("bank transfers to an account lent to the donor", () => {
  const transfer = (country: string, currency: "USD" | "GBP" | "EUR") =>
    orderOf({
      country,
      amount: money(10_000n, currency),
      donor: knownDonor,
      ...by("bank_transfer", "instructions"),
    });

  test.each([
    [
      "us",
      "USD",
      { kind: "account", number: expect.stringMatching(/^\d{17}$/) },
      { kind: "aba", number: "111000000" },
    ],
    [
      "gb",
      "GBP",
      { kind: "account", number: expect.stringMatching(/^\d{8}$/) },
      { kind: "sort_code", number: "200000" },
    ],
    ["es", "EUR", { kind: "iban", number: expect.stringMatching(/^ES\d{22}$/) }, { kind: "bic" }],
    ["de", "EUR", { kind: "iban", number: expect.stringMatching(/^DE\d{20}$/) }, { kind: "bic" }],
  ] as const)("%s: short, then too much", async (country, currency, account, route) => {
    const house = await adapterInSandbox();
    const { outcome, id, look } = await begun(house, transfer(country, currency), country);
    expect(outcome).toMatchObject({
      customerRef: expect.stringMatching(/^cus_/),
      action: { type: "display_bank_transfer", account, route, reference: expect.any(String) },
    });
    played(await house.control.transfer(id, 4_000));
    expect(await look()).toMatchObject({ action: { account, amountRemaining: money(6_000n, currency) } });
    played(await house.control.transfer(id, 7_000));
    expect(await look()).toMatchObject({
      kind: "captured",
      amount: money(10_000n, currency),
      funding: "balance",
    });
    const told = await house.announced();
    expect(told).toContainEqual(
      expect.objectContaining({
        kind: "funds_moved",
        direction: "received",
        amount: money(7_000n, currency),
      }),
    );
    // What was too much goes back to the donor's bank after 75 days.
    house.clock.advance(days(76));
    expect(await house.announced()).toContainEqual(
      expect.objectContaining({
        kind: "funds_moved",
        direction: "returned",
        amount: money(1_000n, currency),
      }),
    );
  });

  test("the same donor keeps the same account, and an IBAN is a sound one", async () => {
    const house = await adapterInSandbox();
    const first = await begun(house, transfer("de", "EUR"), "de");
    const customerRef = first.outcome.customerRef ?? "";
    const again = { ...transfer("de", "EUR"), donor: { ...knownDonor, customerRef } };
    const second = await begun(house, again, "de");
    const numberIn = ({ outcome }: typeof first) =>
      outcome.kind === "action_required" && outcome.action.type === "display_bank_transfer"
        ? outcome.action.account.number
        : "";
    expect(numberIn(second)).toBe(numberIn(first));
    const iban = numberIn(first);
    const numeric = [...`${iban.slice(4)}${iban.slice(0, 4)}`].map((c) => Number.parseInt(c, 36)).join("");
    expect(BigInt(numeric) % 97n).toBe(1n);
  });

  test("given back only once the donor has told Stripe their bank details", async () => {
    const house = await adapterInSandbox();
    const { id } = await begun(house, transfer("gb", "GBP"), "gb");
    played(await house.control.transfer(id, 10_000));
    const order = refundOf(id, { amount: money(10_000n, "GBP"), method: "bank_transfer" });
    expect((await house.gb.payments.refund(order, house.nextCall())).kind).toBe("action_required");
  });
});

describe("wallets and banks with a page of their own", () => {
  test.each([
    ["pay_by_bank", "gb", "GBP"],
    ["revolut_pay", "gb", "GBP"],
    ["amazon_pay", "us", "USD"],
    ["crypto_stablecoin", "us", "USD"],
  ] as const)("%s: redirected, then paid, or refused there", async (type, country, currency) => {
    for (const yes of [true, false]) {
      const house = await adapterInSandbox();
      const order = orderOf({ country, amount: money(2_500n, currency), ...by(type, "hosted") });
      const { outcome, id, look } = await begun(house, order, country);
      expect(id).toMatch(/^pi_/);
      expect(outcome).toMatchObject({ kind: "action_required", action: { type: "redirect" } });
      played(await (yes ? house.control.passChallenge(id) : house.control.failChallenge(id)));
      expect(await look()).toMatchObject({ kind: yes ? "captured" : "declined" });
      const handle = handleOf(id, order);
      const cancelled = await house[country].payments.cancel(handle, house.nextCall());
      expect(cancelled.kind).toBe(yes ? "too_late" : "voided");
    }
  });

  test("a stablecoin gift keeps where it can be found on its network, not the donor's own address", async () => {
    const house = await adapterInSandbox();
    const amount = money(2_500n, "USD");
    const gift = { method: "crypto_stablecoin", country: "co", amount, account: "us" } as const;
    const { captured, id } = await paidInSandbox(house, gift);
    expect(captured.evidence.excerpt).toMatch(/network base, token usdc, transaction 0x[0-9a-f]{64}/);
    const charge = (await house.control.payment(id))?.charge;
    const buyer = charge?.payment_method_details?.crypto?.buyer_address ?? "none";
    expect(JSON.stringify(captured.evidence)).not.toContain(buyer);
    expect(await house.control.openDispute(id)).toMatchObject({ ok: false });
    const tooMuch = orderOf({
      country: "us",
      amount: money(1_000_001n, "USD"),
      ...by("crypto_stablecoin", "hosted"),
    });
    expect((await house.us.payments.collect(tooMuch, house.nextCall())).kind).toBe("refused");
    const elsewhere = await house.gb.payments.collect(
      orderOf({ country: "gb", amount, ...by("crypto_stablecoin", "hosted") }),
      house.nextCall(),
    );
    expect(elsewhere.kind).toBe("refused");
  });
});
