import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { curpDocument } from "../../countries/checks/curp.ts";
import { einDocument } from "../../countries/checks/ein.ts";
import { genericRfcs, rfcDocument } from "../../countries/checks/rfc.ts";
import { countries } from "../../countries/index.ts";
import type { IdentityDocument, Localized } from "../../src/gateway/country-profile.ts";
import { specJson, specsAbsent } from "../support/specs.ts";

const all = [...countries.values()];
const said = (text: Localized) => [text.es, text.en];

describe("countries as data", () => {
  test("Mexico and the United States offer their methods, in the order donors see them", () => {
    const types = (code: string) => countries.get(code)?.methods.map(({ type }) => type);
    expect(types("mx")).toEqual(["card", "apple_pay", "google_pay", "oxxo", "spei"]);
    expect(types("us")).toEqual(["card", "apple_pay", "google_pay", "link", "ach_debit"]);
  });

  test("a country's own file decides nothing: it has no branch, loop or function", () => {
    for (const { code } of all) {
      const source = readFileSync(join(import.meta.dirname, "..", "..", "countries", `${code}.ts`), "utf8");
      expect(source).not.toMatch(/\b(if|switch|for|while|function)\b\s*\(|=>|\?\s/);
    }
  });

  test.each(all)("$code: everything a donor reads is there in Spanish and English", (country) => {
    const texts = [
      country.name,
      country.entityDocument.label,
      country.acknowledgment.title,
      country.acknowledgment.statement,
      ...country.donorDocuments.map(({ label }) => label),
      ...country.methods.flatMap(({ label, hint, donorFields }) => [
        label,
        hint,
        ...donorFields.map(({ why }) => why),
      ]),
    ].flatMap(said);
    for (const text of texts) expect(text.trim().length).toBeGreaterThan(1);
  });

  test.each(all)("$code: limits and suggestions are in its currency and make sense", (country) => {
    for (const { minimum, maximum } of country.methods) {
      for (const limit of [minimum, maximum])
        expect(limit?.currency ?? country.currency).toBe(country.currency);
      if (minimum && maximum) expect(minimum.minor < maximum.minor).toBe(true);
    }
    expect([...country.suggestedAmounts].sort((a, b) => Number(a - b))).toEqual(country.suggestedAmounts);
    expect(country.suggestedAmounts.every((amount) => amount > 0n)).toBe(true);
    expect(new Intl.DateTimeFormat("en", { timeZone: country.timeZone }).format()).toBeTruthy();
    expect(Intl.getCanonicalLocales([...country.locales])).toEqual(country.locales);
  });

  test.each(all)("$code: a method asks each field once, and always an e-mail", ({ methods }) => {
    for (const { donorFields } of methods) {
      const fields = donorFields.map(({ field }) => field);
      expect(new Set(fields).size).toBe(fields.length);
      expect(donorFields.find(({ field }) => field === "email")?.required).toBe(true);
    }
  });

  test("OXXO takes 10 to 10,000 pesos and needs a name", () => {
    const oxxo = countries.get("mx")?.methods.find(({ type }) => type === "oxxo");
    expect([oxxo?.minimum?.minor, oxxo?.maximum?.minor]).toEqual([1_000n, 1_000_000n]);
    expect(oxxo?.donorFields.find(({ field }) => field === "name")?.required).toBe(true);
  });

  test("Mexico's acknowledgment claims no tax effect; the US one carries the line that is safe for every church", () => {
    const statement = (code: string) => countries.get(code)?.acknowledgment.statement;
    expect(statement("mx")?.es).toContain("no tiene efectos fiscales");
    expect(statement("us")?.en).toContain(
      "No goods or services were provided in exchange for this gift, other than intangible religious benefits",
    );
  });

  test("donors in the United States are not asked for a tax id", () => {
    const us = countries.get("us");
    expect(us?.donorDocuments).toEqual([]);
    expect(us?.methods.flatMap((m) => m.donorFields).some(({ field }) => field === "tax_id")).toBe(false);
  });
});

const vectorsSchema = z.object({
  vectors: z.array(
    z.object({
      input: z.string(),
      valid: z.boolean(),
      compact: z.string().optional(),
      formatted: z.string().optional(),
    }),
  ),
});

/** Where we say otherwise than the published vectors, and why. */
const disagreements: Readonly<Record<string, (input: string) => string | undefined>> = {
  "mx.rfc": () => undefined,
  "mx.curp": () => undefined,
  "us.ein": (input) =>
    input !== input.trim()
      ? "the oracle's formatted form keeps the blanks around the number; ours is the number alone"
      : undefined,
};

describe.each([
  ["mx.rfc", rfcDocument],
  ["mx.curp", curpDocument],
  ["us.ein", einDocument],
] as const)("%s", (name, document: IdentityDocument) => {
  test("its own example is right", () => {
    expect(document.check(document.example).ok).toBe(true);
  });

  test.skipIf(specsAbsent)("the verdict and the compact form are those of the published vectors", () => {
    const { vectors } = vectorsSchema.parse(specJson(`ids/${name}.json`));
    expect(vectors.length).toBeGreaterThan(20);
    for (const { input, valid, compact } of vectors) {
      const verdict = document.check(input);
      expect(verdict.ok, input).toBe(valid);
      if (verdict.ok) expect(verdict.value, input).toBe(compact);
      else expect(verdict.error, input).toMatch(/^must be /);
    }
  });

  test.skipIf(specsAbsent)("the written form is that of the published vectors, but where listed", () => {
    const { vectors } = vectorsSchema.parse(specJson(`ids/${name}.json`));
    for (const { input, valid, compact = "", formatted } of vectors) {
      if (!valid || formatted === undefined) continue;
      if (disagreements[name]?.(input)) expect(document.format(compact)).not.toBe(formatted);
      else expect(document.format(compact), input).toBe(formatted);
    }
  });

  test("nonsense is refused with a sentence", () => {
    for (const nonsense of ["", " ", "x", "🙏", "0".repeat(400), "null"]) {
      const verdict = document.check(nonsense);
      expect(verdict.ok, nonsense).toBe(false);
    }
  });
});

describe("RFC", () => {
  test("SAT's two generic RFCs are good, and so are its samples whose check digit does not compute", () => {
    for (const rfc of [...genericRfcs, "EKU9003171C9"]) expect(rfcDocument.check(rfc).ok).toBe(true);
    expect(genericRfcs.size).toBe(2);
  });

  test("a date that does not exist, a forbidden word and a wrong length are refused", () => {
    for (const rfc of ["GODE566231GR8", "CACA561231GR8", "GODE561231GR", "GODE561231GR88"]) {
      expect(rfcDocument.check(rfc).ok, rfc).toBe(false);
    }
  });
});

test("a social security number's spelling never passes for an EIN", () => {
  expect(einDocument.check("911-14-4442").ok).toBe(false);
});
