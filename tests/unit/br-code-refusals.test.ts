import { describe, expect, test } from "vitest";
import { crc16, field } from "../../adapters/pix/br-code-tlv.ts";
import { readBrCode } from "../../adapters/pix/read-br-code.ts";

/** A BR Code with one thing in it other than the manual of the BR Code has it: refused, and why. */
const pix = (...fields: readonly string[]): string => [field("00", "br.gov.bcb.pix"), ...fields].join("");
const key = field("01", "ofertas@igreja.example");
const usual: Readonly<Record<string, string>> = {
  "00": "01",
  "26": pix(key),
  "52": "0000",
  "53": "986",
  "58": "BR",
  "59": "IGREJA EXEMPLO",
  "60": "SAO PAULO",
  "62": field("05", "***"),
};

/** The usual fields with some changed, or gone where they are nothing, in the order of their ids. */
function code(change: Readonly<Record<string, string | undefined>> = {}, after = ""): string {
  const fields = Object.entries({ ...usual, ...change }).filter(([, text]) => text !== undefined);
  const body = fields
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([id, text]) => field(id, String(text)))
    .join("");
  const sealed = `${body}${after}6304`;
  return `${sealed}${crc16(sealed)}`;
}

test("the usual code is read", () => {
  expect(readBrCode(code())).toEqual({
    ok: true,
    value: { kind: "static", key: "ofertas@igreja.example", name: "IGREJA EXEMPLO", city: "SAO PAULO" },
  });
});

describe("a code", () => {
  const url = field("25", "pix.example.com/qr/v2/1");
  test.each<[string, Readonly<Record<string, string | undefined>>, string]>([
    ["of another version", { "00": "02" }, "version"],
    ["that begins with another field", { "00": undefined }, "version"],
    ["for three uses", { "01": "13" }, "one use"],
    ["without a category", { "52": undefined }, "category"],
    ["of a short category", { "52": "12" }, "category"],
    ["in dollars", { "53": "840" }, "reais"],
    ["of Portugal", { "58": "PT" }, "Brazil"],
    ["without a name", { "59": undefined }, "name"],
    ["of a long name", { "59": "A".repeat(26) }, "name"],
    ["without a city", { "60": undefined }, "city"],
    ["of a long city", { "60": "A".repeat(16) }, "city"],
    ["of an amount in words", { "54": "dez" }, "amount"],
    ["of too many cents", { "54": "1.234" }, "amount"],
    ["of another arrangement", { "26": field("00", "com.example") }, "Pix"],
    ["that names Pix twice", { "27": pix(key) }, "twice"],
    ["that names two recurrences", { "80": pix(url), "81": pix(url) }, "twice"],
    ["with a key and an address", { "26": pix(key, url) }, "must be one"],
    ["with neither", { "26": pix() }, "neither"],
    ["with a key of blanks", { "26": pix(field("01", "a b@c.example")) }, "key"],
    ["with an address that is none", { "26": pix(field("25", "http://x y")) }, "URL"],
    ["of a reference in signs", { "62": field("05", "A-1") }, "txid"],
    ["of a reference that is cut", { "62": "0599A" }, ""],
  ])("%s is refused", (_what, change, why) => {
    const read = readBrCode(code(change));
    expect(read.ok).toBe(false);
    expect(read.ok ? "" : read.error).toContain(why);
  });

  test("with its check digits in the middle, or a field that is cut, is refused", () => {
    expect(readBrCode(code({}, "9").replace(/9(?=6304....$)/, "")).ok).toBe(false);
    expect(readBrCode(code({}, "8899A")).ok).toBe(false);
    expect(readBrCode(`${code().slice(0, -4)}0000`).ok).toBe(false);
    expect(readBrCode("x".repeat(600)).ok).toBe(false);
  });

  test("of a recurrence alone, or beside another arrangement, is read", () => {
    expect(readBrCode(code({ "26": pix(), "80": pix(url) }))).toMatchObject({
      value: { kind: "recurrence" },
    });
    expect(readBrCode(code({ "27": field("00", "com.example"), "62": undefined }))).toMatchObject({
      value: { kind: "static" },
    });
    expect(readBrCode(code({ "28": "x" }))).toMatchObject({ value: { kind: "static" } });
  });
});

test("a field of more than 99 characters cannot be written", () => {
  expect(() => field("59", "A".repeat(100))).toThrow("99");
});
