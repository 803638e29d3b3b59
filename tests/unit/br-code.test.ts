import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { dynamicBrCode, keyFault, longestBrCode, plain, staticBrCode } from "../../adapters/pix/br-code.ts";
import { crc16, field, fieldsOf } from "../../adapters/pix/br-code-tlv.ts";
import { isHostAllowed, urlFault } from "../../adapters/pix/br-code-url.ts";
import { brCodeFromHosts, readBrCode } from "../../adapters/pix/read-br-code.ts";
import { money } from "../../src/kernel/money.ts";
import type { Result } from "../../src/kernel/result.ts";
import { specJson, specsAbsent, specText } from "../support/specs.ts";

const value = <T>(result: Result<T, string>): T => {
  if (!result.ok) throw new Error(result.error);
  return result.value;
};
const sealed = (body: string) => `${body}6304${crc16(`${body}6304`)}`;

const church = { key: "ofertas@igreja.example", name: "Igreja Exemplo", city: "São Paulo" } as const;
const staticVector =
  "00020126440014br.gov.bcb.pix0122ofertas@igreja.example520400005303986540550.005802BR5914IGREJA EXEMPLO6009SAO PAULO62140510OFERTA00016304BB1E";
const dynamicVector =
  "00020101021226760014br.gov.bcb.pix2554pix.example.com/qr/v2/9d36b84fc70b478fb95c12729b90ca255204000053039865802BR5914IGREJA EXEMPLO6009SAO PAULO62070503***6304E420";

describe("building a BR Code", () => {
  test("the published vectors come out letter by letter", () => {
    expect(crc16("123456789")).toBe("29B1");
    const fixed = { ...church, name: "IGREJA EXEMPLO", city: "SAO PAULO" };
    expect(staticBrCode({ ...fixed, amount: money(5_000n, "BRL"), txid: "OFERTA0001" })).toEqual({
      ok: true,
      value: staticVector,
    });
    const url = "pix.example.com/qr/v2/9d36b84fc70b478fb95c12729b90ca25";
    expect(dynamicBrCode({ url, name: fixed.name, city: fixed.city })).toEqual({
      ok: true,
      value: dynamicVector,
    });
  });

  test("accents are stripped, and a long name or city is cut, not refused", () => {
    const code = value(
      readBrCode(
        value(
          staticBrCode({
            ...church,
            name: "Paróquia Nossa Senhora da Conceição",
            city: "São José do Rio Preto",
          }),
        ),
      ),
    );
    expect(code).toMatchObject({ name: "Paroquia Nossa Senhora da", city: "Sao Jose do Rio" });
  });

  test("what carries meaning is refused when it does not fit: key, txid, description, amount", () => {
    const refused = (parts: object) =>
      expect(staticBrCode({ ...church, ...parts }).ok, JSON.stringify(Object.keys(parts))).toBe(false);
    refused({ key: `${"a".repeat(70)}@b.example` });
    refused({ key: "not a key" });
    refused({ txid: "A".repeat(26) });
    refused({ txid: "A-1" });
    refused({ txid: "" });
    refused({ description: "d".repeat(60) });
    refused({ amount: money(0n, "BRL") });
    refused({ amount: money(-1n, "BRL") });
    refused({ amount: money(100n, "USD") });
    refused({ amount: money(1_000_000_000_000n, "BRL") });
    refused({ name: "🙏" });
    expect(staticBrCode({ ...church, amount: money(999_999_999_999n, "BRL") }).ok).toBe(true);
  });

  test("every kind of Pix key is taken, nothing else", () => {
    for (const key of [
      "39053344705",
      "11222333000181",
      "12ABC34501DE35",
      "+5511987654321",
      "a@b.example",
      "123e4567-e12b-12d1-a456-426655440000",
    ]) {
      expect(keyFault(key), key).toBeUndefined();
    }
    for (const key of [
      "",
      "123",
      "Ana@Igreja.example",
      "a@b",
      "+55 11 98765",
      "http://x.example",
      "ção@b.example",
    ]) {
      expect(keyFault(key), key).toBeDefined();
    }
  });
});

describe("reading a BR Code", () => {
  const hostile = (url: string) =>
    sealed(
      `000201010212${field("26", `${field("00", "br.gov.bcb.pix")}${field("25", url)}`)}5204000053039865802BR5901A6001B62070503***`,
    );

  test("a second field 63, or any other field twice, is refused though its check digits are right", () => {
    const twice = sealed(`${staticVector}`);
    expect(readBrCode(twice).ok).toBe(false);
    expect(readBrCode(sealed(`${staticVector.slice(0, -8)}5802BR`)).ok).toBe(false);
  });

  test.each([
    ["an address of our own network", "169.254.169.254/latest/meta-data"],
    ["a bare host", "localhost/x"],
    ["another port", "pix.example.com:8443/x"],
    ["a user in front", "pix.example.com@evil.example/x"],
    ["a scheme", "https://pix.example.com/x"],
    ["a way up", "pix.example.com/qr/../../x"],
    ["a blank", "pix.example.com/q r"],
    ["a backslash", "pix.example.com\\@evil.example/x"],
    ["a fragment", "pix.example.com/x#y"],
    ["an octet in hexadecimal", "0x7f.1/x"],
    ["a double slash", "pix.example.com//evil.example/x"],
  ])("a URL with %s is refused", (_, url) => {
    expect(urlFault(url)).toBeDefined();
    expect(readBrCode(hostile(url)).ok).toBe(false);
  });

  test("a sound URL at a host that is not allowed is refused, also one that only looks alike", () => {
    expect(readBrCode(hostile("pix.example.com/x")).ok).toBe(true);
    expect(brCodeFromHosts(hostile("pix.example.com/x"), ["example.com"]).ok).toBe(true);
    expect(brCodeFromHosts(hostile("pix.example.com/x"), ["pix.example.com"]).ok).toBe(true);
    for (const url of ["evil.example/x", "pix.example.com.evil.example/x", "notexample.com/x"]) {
      expect(brCodeFromHosts(hostile(url), ["example.com"]).ok, url).toBe(false);
    }
    expect(isHostAllowed("pix.example.com/x", [])).toBe(false);
    const both = value(
      dynamicBrCode({ url: "pix.example.com/a", recurrenceUrl: "evil.example/b", name: "A", city: "B" }),
    );
    expect(brCodeFromHosts(both, ["example.com"]).ok).toBe(false);
  });

  test.each([
    ["too long", sealed("0".repeat(longestBrCode))],
    ["empty", ""],
    ["another country", sealed(staticVector.slice(0, -8).replace("5802BR", "5802US"))],
    ["dollars", sealed(staticVector.slice(0, -8).replace("5303986", "5303840"))],
    ["an amount with a comma", sealed(staticVector.slice(0, -8).replace("540550.00", "540550,00"))],
    ["an amount that ends with its point", sealed(staticVector.slice(0, -8).replace("540550.00", "540310."))],
    [
      "a name of 26 letters",
      sealed(staticVector.slice(0, -8).replace("5914IGREJA EXEMPLO", `5926${"N".repeat(26)}`)),
    ],
    [
      "a key and a URL",
      sealed(
        `000201${field("26", `${field("00", "br.gov.bcb.pix")}0111390533447052503a.b`)}5204000053039865802BR5901A6001B`,
      ),
    ],
    ["neither", sealed("00020126180014br.gov.bcb.pix5204000053039865802BR5901A6001B62070503***")],
    ["no Pix at all", sealed("0002015204000053039865802BR5901A6001B")],
    ["check digits in small letters", staticVector.replace("BB1E", "bb1e")],
  ])("refused: %s", (_, text) => {
    expect(readBrCode(text).ok).toBe(false);
  });

  test("lengths count characters, not bytes: a name with accents from another issuer is read whole", () => {
    const code = sealed(
      "00020126330014br.gov.bcb.pix0111390533447055204000053039865802BR5908Comunhão6009São Paulo",
    );
    expect(value(readBrCode(code))).toMatchObject({ name: "Comunhão", city: "São Paulo" });
  });
});

describe("properties", () => {
  const letters = (most: number) =>
    fc
      .string({
        unit: fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz"),
        minLength: 1,
        maxLength: most,
      })
      .filter((t) => t.trim() !== "");
  const parts = fc.record(
    {
      key: fc.constantFrom(
        "39053344705",
        "11222333000181",
        "+5511987654321",
        "a@b.example",
        "123e4567-e12b-12d1-a456-426655440000",
      ),
      name: letters(25),
      city: letters(15),
      amount: fc.bigInt({ min: 1n, max: 999_999_999_999n }).map((minor) => money(minor, "BRL")),
      txid: fc.stringMatching(/^[A-Za-z0-9]{1,25}$/),
      description: letters(25),
    },
    { requiredKeys: ["key", "name", "city"] },
  );

  test("what is built is read back as it was meant", () => {
    fc.assert(
      fc.property(parts, (wanted) => {
        const { key, name, city, amount, txid, description } = wanted;
        const read = value(readBrCode(value(staticBrCode(wanted))));
        const shown = description === undefined ? "" : plain(description);
        expect(read).toEqual({
          kind: "static",
          key,
          name: plain(name),
          city: plain(city),
          ...(amount ? { amount } : {}),
          ...(txid === undefined ? {} : { txid }),
          ...(shown === "" ? {} : { description: shown }),
        });
      }),
    );
  });

  test("any single character changed is refused", () => {
    const printable = fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code));
    fc.assert(
      fc.property(parts, fc.nat(), printable, (wanted, at, letter) => {
        const code = value(staticBrCode(wanted));
        const place = at % code.length;
        fc.pre(code[place] !== letter);
        expect(readBrCode(`${code.slice(0, place)}${letter}${code.slice(place + 1)}`).ok).toBe(false);
      }),
    );
  });

  test("two neighbours exchanged are refused", () => {
    fc.assert(
      fc.property(parts, fc.nat(), (wanted, at) => {
        const code = value(staticBrCode(wanted));
        const place = at % (code.length - 1);
        const [a = "", b = ""] = [code[place], code[place + 1]];
        fc.pre(a !== b);
        expect(readBrCode(`${code.slice(0, place)}${b}${a}${code.slice(place + 2)}`).ok).toBe(false);
      }),
    );
  });

  test("no text makes the reader throw", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" })), (text) => {
        expect(typeof readBrCode(text).ok).toBe("boolean");
        expect(typeof readBrCode(sealed(text)).ok).toBe("boolean");
        expect(typeof fieldsOf(text).ok).toBe("boolean");
      }),
    );
  });
});

const collected = z.array(
  z.object({
    id: z.string(),
    code: z.string(),
    brazilianUtils: z.boolean(),
    pixUtils: z.boolean(),
    parsed: z
      .object({
        merchantName: z.string(),
        merchantCity: z.string(),
        pointOfInitiation: z.string(),
        key: z.string().optional(),
        url: z.string().optional(),
        amount: z.number().optional(),
        txid: z.string().optional(),
        description: z.string().optional(),
      })
      .nullable(),
  }),
);
const generated = z.array(
  z.object({
    input: z.object({
      merchantName: z.string(),
      merchantCity: z.string(),
      pixKey: z.string(),
      transactionAmount: z.number(),
      infoAdicional: z.string().optional(),
      txid: z.string().optional(),
    }),
    code: z.string(),
  }),
);
const reais = (amount: number) => money(BigInt(Math.round(amount * 100)), "BRL");

describe.skipIf(specsAbsent)("published codes", () => {
  test("every collected code has the verdict two libraries gave it, and says what they read", () => {
    const all = collected.parse(specJson("brcode/collected.json"));
    expect(all.length).toBeGreaterThanOrEqual(10);
    for (const { id, code, brazilianUtils, pixUtils, parsed } of all) {
      const read = readBrCode(code);
      expect(read.ok, id).toBe(brazilianUtils && pixUtils);
      if (!read.ok || !parsed) continue;
      // The libraries do not tell the amount of a dynamic code; ours does.
      const { pointOfInitiation: kind, merchantName: name, merchantCity: city, amount, ...rest } = parsed;
      const told = { ...rest, ...(amount === undefined ? {} : { amount: reais(amount) }) };
      expect(read.value, id).toMatchObject({ kind, name, city, ...told });
    }
  });

  test("our builder writes every generated code as the library did", () => {
    const all = generated.parse(specJson("brcode/generated.json"));
    expect(all.length).toBeGreaterThan(0);
    for (const { input, code } of all) {
      const built = staticBrCode({
        key: input.pixKey,
        name: input.merchantName,
        city: input.merchantCity,
        amount: reais(input.transactionAmount),
        ...(input.txid === undefined ? {} : { txid: input.txid }),
        ...(input.infoAdicional === undefined ? {} : { description: input.infoAdicional }),
      });
      expect(built).toEqual({ ok: true, value: code });
    }
  });

  test("the composite codes of Pix Automático in the specification are read, tag 80 included", () => {
    const spec = z
      .object({ components: z.object({ examples: z.record(z.string(), z.object({ value: z.unknown() })) }) })
      .parse(parse(specText("pix/openapi.yaml")));
    const qr = z.object({ dadosQR: z.object({ jornada: z.string(), pixCopiaECola: z.string() }) });
    const found = Object.values(spec.components.examples).flatMap((example) => {
      const read = qr.safeParse(example.value);
      return read.success ? [read.data.dadosQR] : [];
    });
    expect(found).toHaveLength(3);
    for (const { jornada, pixCopiaECola } of found) {
      const code = value(readBrCode(pixCopiaECola));
      expect(code.kind).toBe(jornada === "JORNADA_2" ? "recurrence" : "dynamic");
      const { url, recurrenceUrl, name, city } = code;
      expect(recurrenceUrl).toMatch(/^pix\.example\.com\/qr\/v2\/rec\/[0-9a-f]{32}$/);
      expect(brCodeFromHosts(pixCopiaECola, ["pix.example.com"]).ok).toBe(true);
      const again = dynamicBrCode({
        name,
        city,
        ...(url === undefined ? {} : { url }),
        ...(recurrenceUrl === undefined ? {} : { recurrenceUrl }),
      });
      expect(again).toEqual({ ok: true, value: pixCopiaECola });
    }
  });
});
