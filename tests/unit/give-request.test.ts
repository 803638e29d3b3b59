import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countries } from "../../countries/index.ts";
import { checkAllocations, checkRequest, type GiveRequest } from "../../src/giving/give-request.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";

const request = (change: Partial<GiveRequest> = {}): GiveRequest => ({
  churchId: newId("church"),
  mode: "test",
  principal: "key_1",
  idempotencyKey: "k",
  amount: money(50_000n, "MXN"),
  country: "mx",
  method: { type: "card" },
  donor: { name: "Ana Pérez", email: "ana@example.org" },
  allocations: [],
  coverFees: false,
  anonymous: false,
  traceId: "t",
  ...change,
});
const checked = (change: Partial<GiveRequest>) => {
  const result = checkRequest(request(change), countries);
  if (!result.ok) throw new Error(result.error.detail);
  return result.value;
};
const refused = (change: Partial<GiveRequest>) => {
  const result = checkRequest(request(change), countries);
  return result.ok ? [] : (result.error.errors ?? []).map(({ pointer }) => `${result.error.code} ${pointer}`);
};
const donor = (more: GiveRequest["donor"]) => ({
  donor: { name: "Ana Pérez", email: "ana@example.org", ...more },
});

describe("a wish to give", () => {
  test("leaves the presentation to the gateway that is chosen, unless a token or a wish says otherwise", () => {
    expect(checked({}).presentation).toBeUndefined();
    expect(checked({ method: { type: "card", token: "pm_1" } }).presentation).toBe("token");
    expect(checked({ method: { type: "card", presentation: "hosted" } }).presentation).toBe("hosted");
  });

  test("keeps the donor's words in one spelling: blanks gone, phone in digits, tax id compact", () => {
    const { donor: kept } = checked(
      donor({ name: "  Ana Pérez ", phone: "+52 (951) 123-45.67", taxId: "gode 561231-gr8" }),
    );
    expect(kept).toEqual({
      name: "Ana Pérez",
      email: "ana@example.org",
      phone: "+529511234567",
      taxId: "GODE561231GR8",
      taxIdType: "rfc",
    });
  });

  test("names every missing field at once, and every wrong one at once", () => {
    expect(refused({ method: { type: "oxxo" }, donor: {} })).toEqual([
      "donor_field_missing /donor/name",
      "donor_field_missing /donor/email",
    ]);
    expect(refused(donor({ email: "x", phone: "1", taxId: "1" }))).toEqual([
      "donor_field_invalid /donor/email",
      "donor_field_invalid /donor/phone",
      "donor_field_invalid /donor/tax_id",
    ]);
  });

  test("takes a CURP as well as an RFC, and no number at all where none is asked for", () => {
    expect(checked(donor({ taxId: "BOXW310820HNERXN09" })).donor.taxId).toBe("BOXW310820HNERXN09");
    const abroad = { country: "us", amount: money(5_000n, "USD") } as const;
    expect(refused({ ...abroad, ...donor({ taxId: "078-05-1120" }) })).toEqual([
      "donor_field_invalid /donor/tax_id",
    ]);
  });

  test.each(["ana@example.org", "a@b.mx", "ana+iglesia@sub.example.org", "ñandú@example.org"])(
    "takes the address %s",
    (email) => {
      expect(checked(donor({ email })).donor.email).toBe(email);
    },
  );
  test.each([
    "ana",
    "ana@",
    "@example.org",
    "ana@example",
    "ana@@example.org",
    "ana @example.org",
    "ana@exa mple.org",
    "ana@.org",
    `${"a".repeat(65)}@example.org`,
  ])("refuses the address %s", (email) => {
    expect(refused(donor({ email }))).toEqual(["donor_field_invalid /donor/email"]);
  });

  test("never throws, whatever the texts", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (type, email, phone, taxId) => {
        const result = checkRequest(request({ method: { type }, donor: { email, phone, taxId } }), countries);
        if (!result.ok) expect(result.error.detail.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe("the shares of a gift", () => {
  const fund = (code: string, active = true) => ({ id: newId("fund"), code, active });
  const [general, missions, closed] = [fund("general"), fund("missions"), fund("old", false)] as const;
  const funds = [closed, general, missions];
  const share = (name: string, minor: bigint) => ({ fund: name, amount: money(minor, "MXN") });
  const split = (...allocations: ReturnType<typeof share>[]) =>
    checkAllocations({ amount: money(50_000n, "MXN"), allocations }, funds);
  const code = (result: ReturnType<typeof split>) =>
    result.ok ? "taken" : `${result.error.code} ${result.error.errors?.[0]?.pointer}`;

  test("go whole to the first open fund when nothing is said", () => {
    expect(split()).toEqual({ ok: true, value: [{ fund: general, amount: money(50_000n, "MXN") }] });
    expect(checkAllocations({ amount: money(1n, "MXN"), allocations: [] }, [closed])).toMatchObject({
      ok: false,
    });
  });

  test("name funds by id or code, each once, open ones only", () => {
    expect(code(split(share(general.id, 20_000n), share("missions", 30_000n)))).toBe("taken");
    expect(code(split(share(general.id, 20_000n), share("general", 30_000n)))).toBe(
      "invalid_request /allocations",
    );
    expect(code(split(share("general", 20_000n), share("old", 30_000n)))).toBe(
      "fund_unknown /allocations/1/fund",
    );
    expect(code(split(share(newId("fund"), 50_000n)))).toBe("fund_unknown /allocations/0/fund");
  });

  test("are taken exactly when they add up to the gift", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 60_000n }), fc.bigInt({ min: 1n, max: 60_000n }), (a, b) => {
        const verdict = code(split(share("general", a), share("missions", b)));
        expect(verdict).toBe(a + b === 50_000n ? "taken" : "allocations_do_not_add_up /allocations");
      }),
    );
    expect(code(split(share("general", 49_999n), share("missions", 1n)))).toBe("taken");
  });
});
