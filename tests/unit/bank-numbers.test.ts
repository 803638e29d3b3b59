import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkAbaRouting,
  formatAbaRouting,
  maskAbaRouting,
  withAbaCheckDigit,
} from "../../src/kernel/bank-numbers/aba-routing.ts";
import { checkBic, formatBic } from "../../src/kernel/bank-numbers/bic.ts";
import { cbuKind, checkCbu, formatCbu, maskCbu } from "../../src/kernel/bank-numbers/cbu.ts";
import {
  checkClabe,
  clabeBank,
  clabeCheckDigit,
  formatClabe,
  maskClabe,
} from "../../src/kernel/bank-numbers/clabe.ts";
import {
  buildCreditorReference,
  checkCreditorReference,
  formatCreditorReference,
} from "../../src/kernel/bank-numbers/creditor-reference.ts";
import { checkIban, formatIban, maskIban } from "../../src/kernel/bank-numbers/iban.ts";
import {
  checkSortCode,
  checkUkAccount,
  formatSortCode,
  formatUkAccount,
  maskUkAccount,
} from "../../src/kernel/bank-numbers/uk-account.ts";
import { luhnHolds } from "../../src/kernel/check-digits.ts";
import { err, ok } from "../../src/kernel/result.ts";
import { specsAbsent } from "../support/specs.ts";
import { agreementTable, judge } from "../support/verdicts.ts";

const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: length, maxLength: length });

/** Every text one digit away from `text`. */
function* oneDigitOff(text: string): Generator<string> {
  for (let place = 0; place < text.length; place++) {
    if (!/\d/.test(text.charAt(place))) continue;
    for (const digit of "0123456789") {
      if (digit !== text[place]) yield text.slice(0, place) + digit + text.slice(place + 1);
    }
  }
}

describe.skipIf(specsAbsent)("the published verdicts", () => {
  test("are ours too, on every bank number", () => {
    const judged = [
      judge("mx.clabe", checkClabe),
      judge("ar.cbu", checkCbu, formatCbu),
      judge("us.rtn", checkAbaRouting),
      judge("iban", checkIban, formatIban),
      judge("bic", checkBic, formatBic),
      judge("luhn", (text) => (/^\d+$/.test(text) && luhnHolds(text) ? ok(text) : err("must satisfy Luhn"))),
    ];
    process.stdout.write(`${agreementTable(judged)}\n`);
    expect(judged.flatMap(({ kind, disagreements }) => disagreements.map((d) => ({ kind, ...d })))).toEqual(
      [],
    );
    expect(judged.reduce((sum, { vectors }) => sum + vectors, 0)).toBe(390);
  });
});

describe("a CLABE", () => {
  const clabes = digits(17)
    .filter((seventeen) => !seventeen.startsWith("000"))
    .map((seventeen) => seventeen + clabeCheckDigit(seventeen));

  test("of a bank younger than the library's list is right, and its bank has a name", () => {
    for (const [bank, name] of [
      ["722", "Mercado Pago"],
      ["728", "Spin by OXXO"],
      ["661", "Klar"],
      ["710", "NVIO"],
      ["723", "Cuenca"],
      ["646", "STP"],
    ] as const) {
      const seventeen = `${bank}18000000000001`.padEnd(17, "0");
      const clabe = seventeen + clabeCheckDigit(seventeen);
      expect(checkClabe(clabe)).toEqual(ok(clabe));
      expect(clabeBank(clabe)).toBe(name);
    }
  });

  test("of a bank we do not know is right all the same, without a name", () => {
    const clabe = `99918000000000001${clabeCheckDigit("99918000000000001")}`;
    expect(checkClabe(clabe).ok).toBe(true);
    expect(clabeBank(clabe)).toBeUndefined();
  });

  test("with any one digit wrong is refused", () => {
    fc.assert(
      fc.property(clabes, (clabe) => {
        for (const wrong of oneDigitOff(clabe)) expect(checkClabe(wrong).ok).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  test("is read again as it is written, and shown masked but for three digits", () => {
    fc.assert(
      fc.property(clabes, (clabe) => {
        expect(checkClabe(formatClabe(clabe))).toEqual(ok(clabe));
        expect(maskClabe(clabe)).toBe(`${"•".repeat(15)}${clabe.slice(-3)}`);
      }),
    );
    expect(formatClabe("032180000118359719")).toBe("032 180 00011835971 9");
    expect(checkClabe("000000000000000000").ok).toBe(false);
  });
});

describe("a CBU or CVU", () => {
  const right = ["2850590940090418135201", "0000003100010000000009", "7340728100000000000000"];

  test("is one or the other by its first digits", () => {
    expect(right.map((number) => [checkCbu(number).ok, cbuKind(number)])).toEqual([
      [true, "cbu"],
      [true, "cvu"],
      [true, "cbu"],
    ]);
  });

  test("with any one digit wrong is refused; written and masked it is the same number", () => {
    for (const number of right) {
      for (const wrong of oneDigitOff(number)) expect(checkCbu(wrong).ok, wrong).toBe(false);
      expect(checkCbu(formatCbu(number))).toEqual(ok(number));
      expect(maskCbu(number)).toMatch(/^•{19}\d{3}$/);
    }
    expect(checkCbu("0".repeat(22)).ok).toBe(false);
  });
});

describe("an ABA routing number", () => {
  test("with any one digit wrong is refused", () => {
    fc.assert(
      fc.property(
        digits(8).filter((eight) => eight !== "00000000"),
        (eight) => {
          const number = withAbaCheckDigit(eight);
          expect(checkAbaRouting(number)).toEqual(ok(number));
          expect(checkAbaRouting(formatAbaRouting(number))).toEqual(ok(number));
          for (const wrong of oneDigitOff(number)) expect(checkAbaRouting(wrong).ok).toBe(false);
        },
      ),
      { numRuns: 40 },
    );
    expect(maskAbaRouting("021000021")).toBe("••••••021");
    for (const known of ["110000000", "021000021"]) expect(checkAbaRouting(known).ok).toBe(true);
    expect(checkAbaRouting("000000000").ok).toBe(false);
  });
});

describe("an IBAN", () => {
  const right = [
    "DE89370400440532013000",
    "ES9121000418450200051332",
    "PT50000201231234567890154",
    "GB82WEST12345698765432",
    "BR1800360305000010009795493C1",
    "NO9386011117947",
    "BE68539007547034",
  ];

  test("with any one digit wrong is refused", () => {
    for (const iban of right) {
      expect(checkIban(iban)).toEqual(ok(iban));
      for (const wrong of oneDigitOff(iban)) expect(checkIban(wrong).ok, wrong).toBe(false);
      expect(checkIban(formatIban(iban).toLowerCase())).toEqual(ok(iban));
      expect(maskIban(iban).slice(0, -3)).toMatch(/^•+$/);
    }
  });

  test("is told apart: no such country, wrong length, wrong check, wrong check inside the country", () => {
    expect(checkIban("US89370400440532013000")).toEqual(
      err("must begin with a country that has IBANs, such as DE or ES"),
    );
    expect(checkIban("DE8937040044053201300")).toEqual(err("must have the 22 characters of an IBAN of DE"));
    expect(checkIban("DE88370400440532013000")).toEqual(err("must be an IBAN whose check digits are right"));
    // Mod 97 holds, Spain's own two digits do not.
    expect(checkIban("ES2921000418460200051332")).toEqual(
      err("must be an account number whose check digits are right"),
    );
  });
});

describe("a BIC", () => {
  test("needs a country that exists and 8 or 11 characters", () => {
    expect(checkBic("bnmx mx mm")).toEqual(ok("BNMXMXMM"));
    for (const wrong of ["BNMXZZMM", "BNMXMXM", "BNMXMXMM0", "B1MXMXMM"])
      expect(checkBic(wrong).ok).toBe(false);
  });
});

describe("a sort code and an account of the United Kingdom", () => {
  test("have a shape, are written with hyphens, and the account is padded", () => {
    expect(checkSortCode("20 00 00")).toEqual(ok("200000"));
    expect(formatSortCode("200000")).toBe("20-00-00");
    expect(checkUkAccount("5577991")).toEqual(ok("05577991"));
    expect(formatUkAccount("55779911")).toBe("55779911");
    expect(maskUkAccount("55779911")).toBe("•••••911");
    for (const wrong of ["000000", "20000", "2000000", "ABCDEF"]) expect(checkSortCode(wrong).ok).toBe(false);
    for (const wrong of ["00000000", "12345", "123456789"]) expect(checkUkAccount(wrong).ok).toBe(false);
  });
});

describe("a creditor reference", () => {
  const own = fc.string({
    unit: fc.constantFrom(..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    minLength: 1,
    maxLength: 21,
  });

  test("that we build is right, is read again as it is written, and one digit off is refused", () => {
    fc.assert(
      fc.property(own, (text) => {
        const built = buildCreditorReference(text);
        if (!built.ok) throw new Error(built.error);
        expect(checkCreditorReference(formatCreditorReference(built.value))).toEqual(built);
        for (const wrong of oneDigitOff(built.value)) expect(checkCreditorReference(wrong).ok).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  test("is the published one for the published text", () => {
    expect(buildCreditorReference("539007547034")).toEqual(ok("RF18539007547034"));
    expect(checkCreditorReference("RF18 5390 0754 7034").ok).toBe(true);
  });

  test("cannot be built of nothing, of too much, or of other characters", () => {
    for (const text of ["", "A".repeat(22), "AÑO", "a/b"])
      expect(buildCreditorReference(text).ok).toBe(false);
  });
});

test("no check throws, whatever the text", () => {
  const checks = [
    checkClabe,
    checkCbu,
    checkAbaRouting,
    checkIban,
    checkBic,
    checkSortCode,
    checkUkAccount,
    checkCreditorReference,
  ];
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
      for (const check of checks) {
        const verdict = check(text);
        if (!verdict.ok) expect(verdict.error).toMatch(/^must /);
      }
    }),
  );
});
