import { describe, expect, test } from "vitest";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import type { Problem, ProblemCode } from "../../src/kernel/problem.ts";
import { checkForm } from "../../src/pages/checkout/check-form.ts";
import { readFormValues } from "../../src/pages/checkout/form-values.ts";
import { presentationFor } from "../../src/pages/checkout/offer.ts";
import { prefilled } from "../../src/pages/checkout/prefill.ts";
import { faultsOf } from "../../src/pages/checkout/problem-faults.ts";
import { quoteForm } from "../../src/pages/checkout/quote.ts";
import { readAmount } from "../../src/pages/checkout/read-amounts.ts";
import { translator } from "../../src/pages/i18n/language.ts";
import { offered, offerIn } from "../support/offer.ts";

const t = translator("en");
const sent = (fields: Record<string, string>) => readFormValues(new URLSearchParams(fields));

/** What a donor of Colombia sends when all is well. */
const pse = {
  amount: "5000000",
  fund: "general",
  method: "pse",
  name: "Ana  Pérez ",
  email: "ana@example.org",
  tax_id: "1.020.304.050",
  tax_id_type: "cc",
  phone: "+57 (300) 123-45.67",
  street: "Carrera 43A",
  street_number: "14-57",
  city: "Medellín",
  bank: "1007",
};
const banks = [{ code: "1007", name: "Bancolombia" }];
const colombia = offerIn("co", { methods: [offered("co", "pse", { banks }), offered("co", "card")] });

const faultsIn = (fields: Record<string, string>, offer = colombia) => {
  const checked = checkForm(sent(fields), offer, t);
  return checked.ok ? [] : checked.error.map(({ place, text }) => `${place}: ${text}`);
};

describe("what a donor sends", () => {
  test("is a gift when every field the method asks for is right: blanks are trimmed, the document is named", () => {
    expect(checkForm(sent(pse), colombia, t)).toMatchObject({
      ok: true,
      value: {
        amount: money(5_000_000n, "COP"),
        method: { type: "pse", presentation: "hosted", bank: "1007" },
        donor: {
          name: "Ana Pérez",
          taxId: "1.020.304.050",
          taxIdType: "cc",
          phone: "+57 (300) 123-45.67",
          address: { street: "Carrera 43A", number: "14-57", city: "Medellín" },
        },
        allocations: [{ fund: "general", amount: money(5_000_000n, "COP") }],
      },
    });
  });

  test("keeps every line of an address that was filled in, and leaves out the others", () => {
    const full = { ...pse, district: "El Poblado", region: "ANT", postal_code: "050021" };
    const checked = checkForm(sent(full), colombia, t);
    expect(checked.ok && checked.value.donor.address).toEqual({
      street: "Carrera 43A",
      number: "14-57",
      district: "El Poblado",
      city: "Medellín",
      region: "ANT",
      postalCode: "050021",
    });
    const short = checkForm(sent({ ...pse, street_number: "" }), colombia, t);
    expect(short.ok && short.value.donor.address).toEqual({ street: "Carrera 43A", city: "Medellín" });
  });

  test("a number that may be of several documents is sent without saying which, unless the donor said", () => {
    const untold = checkForm(sent({ ...pse, tax_id_type: "" }), colombia, t);
    expect(untold.ok && untold.value.donor).not.toHaveProperty("taxIdType");
    const only = offerIn("br", { methods: [offered("br", "card")] });
    const checked = checkForm(
      sent({
        amount: "5000",
        fund: "general",
        method: "card",
        email: "a@b.co",
        tax_id: "390.533.447-05",
        tax_id_type: "cpf",
      }),
      only,
      t,
    );
    expect(checked.ok && checked.value.donor).toMatchObject({ taxIdType: "cpf" });
  });

  test.each<readonly [string, Record<string, string>, readonly string[]]>([
    ["no method", { method: "" }, ["method: Choose a way to pay."]],
    ["a method that is gone", { method: "oxxo" }, [expect.stringMatching(/^method: .*no longer available/)]],
    ["a fund that is gone", { fund: "roof" }, ["fund: Choose a fund from the list."]],
    ["no name", { name: " " }, ["name: Write your name."]],
    ["a name without end", { name: "a".repeat(201) }, ["name: That is too long."]],
    ["no e-mail", { email: "" }, ["email: Write your e-mail."]],
    ["no e-mail address", { email: "ana@" }, [expect.stringContaining("email: Check the e-mail")]],
    ["no phone", { phone: "" }, ["phone: Write your phone number."]],
    ["a phone of nowhere", { phone: "300 123" }, [expect.stringContaining("phone: Check the phone number")]],
    ["no document", { tax_id: "" }, [expect.stringContaining("tax_id: Write your ")]],
    ["another document's number", { tax_id: "AB123456" }, [expect.stringContaining("1020304050")]],
    ["half an address", { city: "" }, ["address: Write street and city."]],
    ["no bank", { bank: "" }, ["bank: Choose your bank."]],
    ["a bank that was not on the list", { bank: "9999" }, ["bank: Choose your bank."]],
    ["a message without end", { note: "ñ".repeat(501) }, ["note: That is too long."]],
    [
      "less than the rail takes",
      { amount: "100" },
      [expect.stringMatching(/^amount: .*least is \$1,600\sCOP/)],
    ],
    [
      "more than the rail takes",
      { amount: "34000000001" },
      [expect.stringMatching(/^amount: .*most is \$340,000,000\sCOP/)],
    ],
  ])("%s is said at its place and nothing else is", (_, change, faults) => {
    expect(faultsIn({ ...pse, ...change })).toEqual(faults);
  });

  test("where the banks could not be listed any code goes to the gateway, which knows them", () => {
    const unlisted = offerIn("co", { methods: [offered("co", "pse")] });
    const checked = checkForm(sent({ ...pse, bank: "9999" }), unlisted, t);
    expect(checked.ok && checked.value.method.bank).toBe("9999");
  });

  test("everything wrong is said at once", () => {
    expect(faultsIn({ method: "pse" }).map((fault) => fault.split(":")[0])).toEqual([
      "amount",
      "fund",
      "bank",
      "name",
      "email",
      "tax_id",
      "phone",
      "address",
    ]);
  });

  test("covering the fee counts towards the limit", () => {
    const method = offered("mx", "oxxo", { feeCover: money(100n, "MXN") });
    const offer = offerIn("mx", { methods: [method] });
    const gift = { amount: "1000000", fund: "general", method: "oxxo", name: "Ana", email: "a@b.co" };
    expect(faultsIn(gift, offer)).toEqual([]);
    expect(faultsIn({ ...gift, cover_fees: "1" }, offer)).toEqual([
      expect.stringMatching(/^amount: .*most is/),
    ]);
  });
});

describe("a gift split over funds", () => {
  const offer = offerIn("mx", { methods: [offered("mx", "card")], funds: ["general", "missions"] });
  const split = { amount: "50000", split: "1", method: "card", email: "a@b.co" };

  test.each<readonly [string, Record<string, string>, string]>([
    ["nothing typed", {}, "part_general: Write how much goes to each fund"],
    ["zeros are nothing", { part_general: "0.00", part_missions: "0" }, "part_general: Write how much"],
    ["unreadable", { part_general: "500", part_missions: "some" }, "part_missions: We could not read"],
    [
      "another sum",
      { part_general: "300", part_missions: "100" },
      "part_general: The parts add up to $400.00",
    ],
  ])("%s", (_, parts, fault) => {
    expect(faultsIn({ ...split, ...parts }, offer).join()).toContain(fault);
  });

  test("the parts are what each fund gets; a church with one fund is given to whole", () => {
    const parts = { part_general: "300", part_missions: "200", part_unknown: "7" };
    const checked = checkForm(sent({ ...split, ...parts }), offer, t);
    expect(checked.ok && checked.value.allocations).toEqual([
      { fund: "general", amount: money(30_000n, "MXN") },
      { fund: "missions", amount: money(20_000n, "MXN") },
    ]);
    const whole = offerIn("mx", { methods: [offered("mx", "card")] });
    const given = checkForm(sent({ ...split, fund: "general" }), whole, t);
    expect(given.ok && given.value.allocations).toEqual([{ fund: "general", amount: money(50_000n, "MXN") }]);
  });

  test.each([
    ["300", "100", "$100.00"],
    ["300", "300", "$100.00"],
    ["300", "200", ""],
    ["300", "some", "We could not read"],
  ])("while it is typed the form says what is left or over: %s and %s", (general, missions, says) => {
    const values = sent({ ...split, part_general: general, part_missions: missions });
    const { split: sentence } = quoteForm(values, offer, money(50_000n, "MXN"), t);
    expect(sentence).toContain(says);
    expect(sentence).not.toBe("");
  });
});

describe("an amount that is not clear is asked about in a sentence", () => {
  const mexico = { currency: "MXN", locale: "es-MX" } as const;
  const chile = { currency: "CLP", locale: "es-CL" } as const;
  test.each<readonly [Record<string, string>, { currency: "MXN" | "CLP"; locale: string }, string]>([
    [{}, mexico, "Choose or write an amount."],
    [{ amount: "other" }, mexico, "Choose or write an amount."],
    [{ amount: "-5" }, mexico, "Choose or write an amount."],
    [{ amount: "9999999999999999" }, mexico, "The amount is too large."],
    [{ amount_other: "cien" }, mexico, "Write it like this: 250.50"],
    [{ amount_other: "cien" }, chile, "Write it like this: 250"],
    [{ amount_other: "0" }, mexico, "must be more than zero"],
    [{ amount_other: "9".repeat(30) }, mexico, "The amount is too large."],
    [{ amount_other: "1.505" }, mexico, "Did you mean 1505 or 1.50?"],
    [{ amount_other: "0.055" }, mexico, "MXN has at most 2 decimals."],
    [{ amount_other: "10,5" }, chile, "CLP has no decimals."],
    [{ amount: "50000", amount_other: "75" }, mexico, "You wrote 75 but chose $500.00"],
    [{ amount: "50000", amount_other: "many" }, mexico, "You wrote many but chose $500.00"],
  ])("%o", (fields, place, says) => {
    const read = readAmount(sent(fields), place, t);
    expect(read.ok).toBe(false);
    expect(!read.ok && read.error).toContain(says);
  });

  test("chosen and typed the same is one amount", () => {
    const read = readAmount(sent({ amount: "50000", amount_other: "500.00" }), mexico, t);
    expect(read).toEqual({ ok: true, value: money(50_000n, "MXN") });
  });
});

describe("a refusal of ours is said to a donor as a sentence at its place", () => {
  const offer = offerIn("mx");
  const said = (problem: Problem) =>
    faultsOf(problem, offer, t).map(({ place, text }) => `${place}: ${text}`);

  test.each<readonly [ProblemCode, string]>([
    ["amount_invalid", "amount: Choose or write an amount."],
    ["currency_unknown", "amount: Choose or write an amount."],
    ["amount_out_of_range", "amount: This way to pay does not take that amount."],
    ["payment_method_not_offered", "method: This way to pay is no longer available."],
    ["gateway_account_missing", "method: This way to pay is no longer available."],
    ["fund_unknown", "fund: Choose a fund from the list."],
    ["allocations_do_not_add_up", "fund: Choose a fund from the list."],
    ["idempotency_key_reused", "form: You already started a gift"],
    ["idempotency_in_flight", "form: Your gift is being processed."],
    ["gateway_unavailable", "form: We could not reach the payment company. Nothing was charged."],
    ["gateway_refused", "form: We could not reach the payment company. Nothing was charged."],
    ["overloaded", "form: Many people are giving right now."],
    ["too_many_requests", "form: Many people are giving right now."],
    ["internal_error", "form: We could not start your gift. Nothing was charged."],
    ["donor_field_invalid", "form: We could not start your gift."],
  ])("%s", (code, sentence) => {
    expect(said({ code, detail: "for engineers" }).join()).toContain(sentence);
    expect(said({ code, detail: "for engineers" }).join()).not.toContain("engineers");
  });

  test.each<readonly [pointer: string, missing: string, invalid: string]>([
    ["/donor/name", "name: Write your name.", "name: Write your name."],
    ["/donor/email", "email: Write your e-mail.", "email: Check the e-mail"],
    ["/donor/phone", "phone: Write your phone number.", "phone: Check the phone number"],
    ["/donor/tax_id", "tax_id: Write your RFC (Mexican", "it should look like GODE561231GR8 / "],
    ["/donor/tax_id_type", "tax_id: Write your RFC (Mexican", "tax_id: Check your RFC (Mexican"],
    ["/donor/address/city", "address: Write street and city.", "address: Write street and city."],
    ["/payment_method/bank", "bank: Choose your bank.", "bank: Choose your bank."],
  ])("a donor's field at %s", (pointer, missing, invalid) => {
    const errors = [{ pointer, detail: "for engineers" }];
    expect(said({ code: "donor_field_missing", detail: "", errors }).join()).toContain(missing);
    expect(said({ code: "donor_field_invalid", detail: "", errors }).join()).toContain(invalid);
  });
});

describe("a form that a link has begun", () => {
  const offer = offerIn("mx", { funds: ["general", "missions"] });
  test.each<readonly [{ amount?: string; fund?: string; frequency?: string }, object]>([
    [{ amount: "500" }, { amount: "50000", amount_other: "", fund: "general" }],
    [
      { amount: "350.5", fund: "missions" },
      { amount: "other", amount_other: "350.50", fund: "missions" },
    ],
    [
      { amount: "a lot", fund: "roof" },
      { amount: "", amount_other: "", fund: "general" },
    ],
    [{}, { amount: "", fund: "general", method: "card", frequency: "once", starts_on: "2026-11-20" }],
    [{ frequency: "monthly" }, { frequency: "monthly", method: "card" }],
    [{ frequency: "hourly" }, { frequency: "once" }],
  ])("%o", (query, values) => {
    expect(prefilled(query, offer, "2026-11-20")).toMatchObject(values);
  });

  test("of a church that takes nothing now is an empty form, not an error", () => {
    const empty = prefilled({}, offerIn("mx", { methods: [], funds: [] }), "2026-11-20");
    expect(empty).toMatchObject({ fund: "", method: "" });
  });
});

test("a browser without script is sent to the gateway's page where there is one, else shown what there is", () => {
  const card = offered("mx", "card");
  expect([presentationFor(card, true), presentationFor(card, false)]).toEqual(["embedded", "hosted"]);
  const fieldsOnly = offered("mx", "card", { presentations: ["embedded"] });
  expect(presentationFor(fieldsOnly, false)).toBe("embedded");
  const tokenFirst = offered("ar", "card", { tokenFrom: newId("gatewayAccount") });
  expect([presentationFor(tokenFirst, true), presentationFor(tokenFirst, false)]).toEqual([
    "token",
    "hosted",
  ]);
});
