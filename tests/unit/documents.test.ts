import { readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boCedulaDocument } from "../../countries/checks/bo-ci.ts";
import { caBusinessNumberDocument } from "../../countries/checks/ca-bn.ts";
import { clRutDocument } from "../../countries/checks/cl-rut.ts";
import { cnpjDocument } from "../../countries/checks/cnpj.ts";
import { coCedulaDocument } from "../../countries/checks/co-cc.ts";
import { coNitDocument } from "../../countries/checks/co-nit.ts";
import { cpfDocument } from "../../countries/checks/cpf.ts";
import { crDimexDocument } from "../../countries/checks/cr-dimex.ts";
import { cuitDocument } from "../../countries/checks/cuit.ts";
import { deSteuernummerDocument } from "../../countries/checks/de-steuernummer.ts";
import { doCedulaDocument } from "../../countries/checks/do-cedula.ts";
import { doRncDocument } from "../../countries/checks/do-rnc.ts";
import { ecCedulaDocument } from "../../countries/checks/ec-cedula.ts";
import { ecRucDocument } from "../../countries/checks/ec-ruc.ts";
import { einDocument } from "../../countries/checks/ein.ts";
import { esCifDocument } from "../../countries/checks/es-cif.ts";
import { esDniDocument } from "../../countries/checks/es-dni.ts";
import { esNieDocument } from "../../countries/checks/es-nie.ts";
import { esNifDocument } from "../../countries/checks/es-nif.ts";
import { gbRegistrationDocument } from "../../countries/checks/gb-registration.ts";
import { gtDpiDocument } from "../../countries/checks/gt-dpi.ts";
import { gtNitDocument } from "../../countries/checks/gt-nit.ts";
import { paCedulaDocument } from "../../countries/checks/pa-cedula.ts";
import { paRucDocument } from "../../countries/checks/pa-ruc.ts";
import { peRucDocument } from "../../countries/checks/pe-ruc.ts";
import { ptNifDocument } from "../../countries/checks/pt-nif.ts";
import { pyRucDocument } from "../../countries/checks/py-ruc.ts";
import { genericRfcs, rfcDocument } from "../../countries/checks/rfc.ts";
import { uyCedulaDocument } from "../../countries/checks/uy-ci.ts";
import { uyRutDocument } from "../../countries/checks/uy-rut.ts";
import type { IdentityDocument } from "../../src/gateway/country-profile.ts";

const folder = join(import.meta.dirname, "..", "..", "countries", "checks");

function isDocument(value: unknown): value is IdentityDocument {
  return typeof value === "object" && value !== null && "check" in value && "example" in value;
}

/** Every document of the folder, by file: a new file is under these promises from its first day. */
const all: readonly (readonly [string, IdentityDocument])[] = (
  await Promise.all(
    readdirSync(folder).map(async (file): Promise<readonly (readonly [string, IdentityDocument])[]> => {
      const module: Record<string, unknown> = await import(join(folder, file));
      return Object.values(module)
        .filter(isDocument)
        .map((document) => [file, document] as const);
    }),
  )
).flat();

const compactOf = (document: IdentityDocument, text: string): string => {
  const verdict = document.check(text);
  if (!verdict.ok) throw new Error(`${text}: ${verdict.error}`);
  return verdict.value;
};

test("there is a document for every country that asks one", () => {
  expect(all.length).toBeGreaterThanOrEqual(41);
});

describe.each(all)("%s", (_file, document) => {
  test("takes its own example, and its written form back", () => {
    const compact = compactOf(document, document.example);
    expect(compactOf(document, document.format(compact))).toBe(compact);
    expect(compactOf(document, compact)).toBe(compact);
    expect(compactOf(document, `  ${document.example.toLowerCase()} `)).toBe(compact);
  });

  test("shows at most the last three characters when masked", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."0123456789K"), maxLength: 20 }), (compact) => {
        const masked = document.mask(compact);
        expect(masked.length).toBe(compact.length);
        expect(masked.replace(/^•*/, "").length).toBeLessThanOrEqual(3);
        expect(compact.endsWith(masked.replace(/^•*/, ""))).toBe(true);
      }),
      { numRuns: 20 },
    );
    expect(document.mask("1234")).toBe("••34");
  });

  test("says what it is and why it is asked in three languages, and how to mend it", () => {
    for (const said of [document.label, document.why]) {
      for (const language of ["es", "en", "pt"] as const) expect(said[language].length).toBeGreaterThan(1);
    }
    expect(document.type).toMatch(/^[a-z_]+$/);
    const verdict = document.check("nonsense");
    expect(verdict.ok).toBe(false);
    if (!verdict.ok) expect(verdict.error).toMatch(/^must be .* such as /);
  });

  test("never throws, and refuses nonsense", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 70 }), (text) => {
        document.check(text);
      }),
      { numRuns: 60 },
    );
    for (const nonsense of ["", " ", "x", "🙏", "0".repeat(400), "null", "../../etc"]) {
      expect(document.check(nonsense).ok, nonsense).toBe(false);
    }
  });
});

/**
 * Documents whose check digit catches any one wrong digit, with right numbers to begin from. Not among them: those
 * whose two remainders share a digit (CPF, CNPJ, RUC of Paraguay and Peru, NIF of Portugal …) or whose weights share a
 * factor with their modulus (Uruguay's cédula), where a slip may pass
 * once in a while; and those without a check digit.
 */
const catchesEverySlip: readonly (readonly [string, IdentityDocument, readonly string[]])[] = [
  ["cl-rut", clRutDocument, ["76086428-5", "12531909-2", "99343370-5"]],
  ["gt-nit", gtNitDocument, ["576937-K", "8539796-2"]],
  ["uy-rut", uyRutDocument, ["211003420017", "211406340011"]],
  ["do-cedula", doCedulaDocument, ["00113918205", "00128644119"]],
  ["ec-cedula", ecCedulaDocument, ["1714307103"]],
  ["es-dni", esDniDocument, ["12345678Z", "54362315K"]],
  ["es-nie", esNieDocument, ["X2482300W"]],
  ["ca-bn", caBusinessNumberDocument, ["123456782RR0001"]],
];

test.each(catchesEverySlip)(
  "%s: a single wrong digit is refused, wherever it is",
  (name, document, numbers) => {
    for (const number of numbers) {
      const compact = compactOf(document, number);
      // A business number's account, after RR, is under no check digit.
      const checked = name === "ca-bn" ? 9 : compact.length;
      for (let place = 0; place < checked; place++) {
        if (!/\d/.test(compact.charAt(place))) continue;
        for (const digit of "0123456789") {
          if (digit === compact[place]) continue;
          const wrong = compact.slice(0, place) + digit + compact.slice(place + 1);
          expect(document.check(wrong).ok, wrong).toBe(false);
        }
      }
    }
  },
);

const almost: readonly (readonly [string, IdentityDocument, string])[] = [
  ["cpf", cpfDocument, "39053344705"],
  ["cnpj", cnpjDocument, "16727230000197"],
  ["cnpj with letters", cnpjDocument, "12ABC34501DE35"],
  ["cuit", cuitDocument, "20055361682"],
  ["uy-ci", uyCedulaDocument, "12345672"],
  ["co-nit", coNitDocument, "9003739134"],
  ["pe-ruc", peRucDocument, "20512333797"],
  ["py-ruc", pyRucDocument, "800280610"],
  ["do-rnc", doRncDocument, "101850043"],
  ["pt-nif", ptNifDocument, "501964843"],
  ["gt-dpi", gtDpiDocument, "2530094720101"],
];

test.each(almost)("%s: a single wrong check digit is refused", (name, document, number) => {
  const place = name === "gt-dpi" ? 8 : number.length - 1;
  for (const digit of "0123456789") {
    if (digit === number[place]) continue;
    expect(document.check(number.slice(0, place) + digit + number.slice(place + 1)).ok).toBe(false);
  }
});

describe("where the library errs, we do not", () => {
  test("a CPF or CNPJ of one repeated digit, right by arithmetic, is refused", () => {
    for (const digit of "0123456789") {
      expect(cpfDocument.check(digit.repeat(11)).ok).toBe(false);
      expect(cnpjDocument.check(digit.repeat(14)).ok).toBe(false);
    }
  });

  test("a CNPJ with letters, in force since July 2026, is taken in either case", () => {
    expect(compactOf(cnpjDocument, "12.abc.345/01de-35")).toBe("12ABC34501DE35");
  });

  test("SAT's two generic RFCs are taken by name", () => {
    for (const rfc of genericRfcs) expect(compactOf(rfcDocument, rfc)).toBe(rfc);
  });

  test("a NIT that ends in K, and one with zeros before it, have one compact form", () => {
    expect(compactOf(gtNitDocument, "576937-k")).toBe("576937K");
    expect(compactOf(gtNitDocument, "000576937-K")).toBe("576937K");
  });

  test("a RUT with its dots and one with the country before it are taken", () => {
    expect(compactOf(clRutDocument, "76.086.428-5")).toBe("760864285");
    expect(compactOf(clRutDocument, "CL 12531909-2")).toBe("125319092");
  });

  test("Ecuador's third digit says whose RUC it is", () => {
    for (const ruc of ["1714307103001", "1792060346001", "1760001550001"]) {
      expect(ecRucDocument.check(ruc).ok, ruc).toBe(true);
    }
    for (const ruc of ["1714307103000", "1792060346000", "1780001550001", "9914307103001"]) {
      expect(ecRucDocument.check(ruc).ok, ruc).toBe(false);
    }
  });

  test("an eleven-digit DIMEX is taken, and one that does not begin with 1 is not", () => {
    expect(crDimexDocument.check("15581299481").ok).toBe(true);
    expect(crDimexDocument.check("255812994816").ok).toBe(false);
  });

  test("a K, L or M number is a NIF and not a DNI; a wrong letter is neither", () => {
    expect(esNifDocument.check("M-1234567-L").ok).toBe(true);
    expect(esDniDocument.check("M1234567L").ok).toBe(false);
    expect(esNifDocument.check("M-1234567-Y").ok).toBe(false);
  });
});

test("a social insurance number never passes for a business number: nine digits alone are refused", () => {
  expect(caBusinessNumberDocument.check("123456782").ok).toBe(false);
  expect(caBusinessNumberDocument.check("12345 6782 RR 0001").ok).toBe(true);
});

test("a social security number's spelling never passes for an EIN", () => {
  expect(einDocument.check("911-14-4442").ok).toBe(false);
});

test("a Spanish religious institution's NIF, of letter R, is taken", () => {
  expect(esCifDocument.check("R2800011E").ok).toBe(true);
  expect(esCifDocument.check("R2800012E").ok).toBe(false);
});

test("the shapes without a check digit hold their limits", () => {
  const taken: readonly (readonly [IdentityDocument, readonly string[]])[] = [
    [coCedulaDocument, ["123456", "1.020.304.050"]],
    [boCedulaDocument, ["6734218", "6734218 1A", "6734218-LP", "6734218-1A LP"]],
    [paCedulaDocument, ["8-123-4567", "PE-12-345", "E-8-12345", "N-19-1234", "1PI-1-123", "13-1-1"]],
    [paRucDocument, ["155596713-2-2015 DV 59", "8-123-4567 DV59", "155596713-2-2015"]],
    [gbRegistrationDocument, ["1161290", "SC012345", "NIC100123", "CE001234", "01234567"]],
    [deSteuernummerDocument, ["181/815/08155", "93815/08152", "2893081508152", "5133081508159"]],
  ];
  const refused: readonly (readonly [IdentityDocument, readonly string[]])[] = [
    [coCedulaDocument, ["12345", "12345678901", "012345678"]],
    [boCedulaDocument, ["1234", "6734218-AA", "6734218-ZZ"]],
    [paCedulaDocument, ["14-1-1", "81234567", "X-1-1"]],
    [paRucDocument, ["155596713", "155596713-2-2015 DV 5"]],
    [gbRegistrationDocument, ["12345", "SC12345", "ZZ123456", "0161290"]],
    [deSteuernummerDocument, ["123456789", "2893181508152", "6093081508152"]],
  ];
  for (const [document, numbers] of taken) {
    for (const number of numbers) expect(document.check(number).ok, number).toBe(true);
  }
  for (const [document, numbers] of refused) {
    for (const number of numbers) expect(document.check(number).ok, number).toBe(false);
  }
});
