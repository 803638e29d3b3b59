import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import { type Composed, compose } from "../../src/messages/compose.ts";
import { type MessageKind, messageKinds } from "../../src/messages/kinds.ts";
import { en } from "../../src/messages/templates/words/en.ts";
import { es } from "../../src/messages/templates/words/es.ts";
import { esAR } from "../../src/messages/templates/words/es-ar.ts";
import { esCO } from "../../src/messages/templates/words/es-co.ts";
import { esMX } from "../../src/messages/templates/words/es-mx.ts";
import { ptBR } from "../../src/messages/templates/words/pt-br.ts";
import { type Reader, readers, readerTags, samplesFor, sceneOf } from "../support/message-samples.ts";

type Written = Composed & { readonly reader: Reader; readonly kind: MessageKind; readonly name: string };

const unsubscribeUrl = "https://give.example.org/m/vida-nueva/leave/dnr_1?by=email&t=abc";
const all: readonly Written[] = readerTags.flatMap((reader) =>
  samplesFor(reader).map((sample) => ({
    ...compose({ ...sceneOf(reader), ...sample, unsubscribeUrl }),
    ...sample,
    reader,
  })),
);
const wordsOf = ({ subject, preheader, text }: Written) =>
  `${subject}\n${preheader}\n${text}`.replaceAll(/https?:\S+/g, "");

/** What a reader sees of the HTML: no head, no tags, and line breaks where blocks end. */
function seen(html: string): string {
  return html
    .replace(/<head>[\s\S]*<\/head>/, "")
    .replaceAll(/<(?:br|\/p|\/h1|\/tr|\/th|\/td|\/li|\/div)\b[^>]*>/g, "\n")
    .replaceAll(/<[^>]+>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}
const links = (html: string) =>
  [...html.matchAll(/href="([^"]+)"/g)].map(([, url = ""]) => url.replaceAll("&amp;", "&"));
const numbers = (plain: string) => new Set(plain.replaceAll(/https?:\S+/g, "").match(/\S*\d\S*/g) ?? []);

test("every kind has a sample", () => {
  for (const reader of readerTags) {
    expect(new Set(samplesFor(reader).map(({ kind }) => kind))).toEqual(new Set(Object.keys(messageKinds)));
  }
});

describe.each(readerTags)("every message in %s", (reader) => {
  const messages = all.filter((each) => each.reader === reader);

  test("is whole: no place left open, nothing missing written out", () => {
    for (const { name, subject, preheader, text, html, short } of messages) {
      for (const part of [subject, preheader, text, seen(html), short]) {
        expect(part, name).not.toMatch(/\{\{|undefined|\bnull\b|NaN|\[object|Invalid/);
        expect(part, name).not.toMatch(/\.\.|\(\)/);
      }
    }
  });

  test("says the same as text and as HTML: amounts, dates, numbers and addresses", () => {
    for (const { name, text, html } of messages) {
      expect(numbers(text), name).toEqual(numbers(seen(html)));
      expect(new Set(text.match(/https?:\S+/g) ?? []), name).toEqual(new Set(links(html)));
      const lines = new Set(seen(html).split("\n"));
      const said = text.split("\n").filter((line) => !/^(?:- |--$|https?:)|: |:$|^$/.test(line));
      for (const line of said) expect(lines, name).toContain(line);
    }
  });

  test("can be read by all: its language is named, nothing is small, no picture comes from elsewhere", () => {
    for (const { name, html, inline } of messages) {
      expect(html, name).toContain(`<html lang="${reader}">`);
      const sizes = [...html.matchAll(/font-size:(\d+)px/g)].map(([, size]) => Number(size));
      expect(Math.min(...sizes), name).toBeGreaterThanOrEqual(16);
      const pictures = [...html.matchAll(/<img src="([^"]*)" alt="([^"]*)"/g)];
      expect(
        pictures.map(([, src]) => src),
        name,
      ).toEqual(inline.map(({ cid }) => `cid:${cid}`));
      expect(
        pictures.every(([, , alt]) => alt),
        name,
      ).toBe(true);
      for (const [table] of html.matchAll(/<table[^>]*>\s*<tr>\s*<t[hd][^>]*/g)) {
        expect(table, name).toMatch(/role="presentation"|<th scope="row"/);
      }
    }
  });

  test("is short enough for a phone's text message", () => {
    for (const { name, short } of messages) {
      expect(short.replace(/https?:\S+/, "").length, name).toBeLessThan(160);
      expect(short, name).not.toContain("\n");
    }
  });
});

const whole = (...forms: readonly string[]) =>
  new RegExp(`(?<!\\p{L})(?:${forms.join("|")})(?!\\p{L})`, "iu");
const english = whole("the", "your", "gift", "you", "and", "with", "before", "church", "will", "pay", "bank");
const spanish = whole("tu", "tus", "ofrenda", "usted", "pago", "iglesia", "fecha", "puede", "gracias", "y");
const portuguese = whole("você", "sua", "oferta", "igreja", "não", "obrigado");
const voseo = whole(
  ..."vos podés querés tenés debés sos elegí entrá entrás pagá recibís usás preferís necesitás respondé".split(
    " ",
  ),
  "cambiala",
);
const tuteo = whole(
  ..."ti tú contigo puedes quieres tienes debes eres elige paga recibes usas prefieres necesitas responde".split(
    " ",
  ),
  "cámbiala",
);
const usted = whole("usted", "elija", "pague", "responda", "cámbiela");

test.each([
  ["es-MX", [english, portuguese, voseo, usted]],
  ["es-CO", [english, portuguese, voseo, tuteo, whole("tu", "tus", "te", "nos pediste", "hagas", "quieras")]],
  ["es-AR", [english, portuguese, tuteo, usted, whole("entra", "entras")]],
  ["pt-BR", [english, spanish]],
  ["en-US", [spanish, portuguese]],
] as const)("%s speaks its own language and addresses its readers in one way", (reader, foreign) => {
  for (const message of all.filter((each) => each.reader === reader)) {
    const words = wordsOf(message)
      .replaceAll(readers[reader].church, "")
      .replaceAll(readers[reader].donor, "");
    for (const form of foreign) expect(words, message.name).not.toMatch(form);
  }
});

test("Argentina hears vos and Colombia usted", () => {
  const told = (reader: Reader) =>
    all
      .filter((each) => each.reader === reader)
      .map(wordsOf)
      .join("\n");
  expect(told("es-AR")).toMatch(voseo);
  expect(told("es-CO")).toMatch(usted);
  expect(told("es-MX")).toMatch(tuteo);
});

test("a reminder is called one, and nothing in it says that money moves by itself", () => {
  const reminders = all.filter(({ name }) => name.includes("reminder"));
  expect(reminders.length).toBeGreaterThanOrEqual(5 * readerTags.length);
  for (const message of reminders) {
    expect(wordsOf(message)).toMatch(/recordatorio|lembrete|reminder/i);
    expect(`${wordsOf(message)}${message.html}`).not.toMatch(/autom[aáà]t/i);
    expect(wordsOf(message)).not.toMatch(/se cobrará|se cobra en cada|será cobrada|will be charged/i);
  }
});

test("every language fills the same places in the same texts", () => {
  const placesOf = (words: object): Record<string, string[]> =>
    Object.fromEntries(
      Object.entries(words).flatMap(([key, value]: [string, unknown]) =>
        typeof value === "object" && value !== null
          ? Object.entries(placesOf(value)).map(([inner, places]) => [`${key}.${inner}`, places] as const)
          : [[key, [...String(value).matchAll(/\{\{\w+\}\}/g)].map(String).sort()] as const],
      ),
    );
  for (const words of [esMX, esCO, esAR, ptBR, en]) expect(placesOf(words)).toEqual(placesOf(es));
});

const mxn = { amount: 50_000, currency: "MXN" };
const day = "2026-12-06";
const instant = "2026-12-06T05:59:00.000Z";
const url = "https://give.example.org/x";
/** As little as each kind may be given. */
const bare: Readonly<Record<MessageKind, unknown>> = {
  thank_you: { amount: mxn },
  voucher_waiting: { amount: mxn, action: null },
  reminder: { amount: mxn, due_on: day },
  reminder_nudge: { amount: mxn, due_on: day, days_left: 0 },
  upcoming_charge: { amount: mxn, due_on: day, why: "yearly" },
  payment_failed: { amount: mxn, due_on: day, ask: "new_method" },
  card_expiring: { expires_on: "2026-12", days: 30 },
  refund_to_claim: { amount: mxn, url },
  mandate_ended: { by: "bank", amount: mxn },
  recurring_started: { amount: mxn, collection: "automatic" },
  recurring_changed: { before: { amount: mxn }, after: { amount: mxn }, by: "church" },
  recurring_paused: {},
  recurring_resuming: { resumes_on: day, amount: mxn },
  recurring_ending: { due_on: day, amount: mxn },
  recurring_canceled: { by: "bank" },
  recurring_dormant: { amount: mxn },
  receipt_ready: { url, amount: mxn },
  dispute: { amount: mxn },
  portal_link: { url, expires_at: instant },
};
const kinds = Object.keys(bare) as MessageKind[];

test.each(kinds)("%s reads well with the little it must be told", (kind) => {
  const { donor: _, ...scene } = sceneOf("es-MX");
  const message = compose({ ...scene, kind, params: bare[kind] });
  expect(message.text).toContain("\n\nHola:\n\n");
  for (const part of [message.text, message.html]) {
    expect(part).not.toMatch(/undefined|\bnull\b|\{\{|\(antes/);
  }
  expect(message.html).not.toMatch(/<t[dh][^>]*><\/t|<p[^>]*><\/p>|href=""/);
});

test("a transfer in euros is in the letter as a code for the bank's app, beside the account", () => {
  const action = {
    type: "display_bank_transfer",
    iban: "DE89370400440532013000",
    bank: "Commerzbank",
    beneficiary: "Gemeinde Köln",
    reference: "RF18539007547034",
    amount: { amount: 5_000, currency: "EUR" },
    qr_payload: "BCD\n002\n1\nSCT\n\nGemeinde Köln\nDE89370400440532013000\nEUR50.00",
  };
  const params = { amount: action.amount, method: "bank_transfer", action, url };
  const letter = compose({ ...sceneOf("en-US"), kind: "voucher_waiting", params });
  expect(letter.inline.map(({ cid }) => cid)).toEqual(["qr"]);
  expect(letter.html).toContain('src="cid:qr"');
  expect(letter.text).toContain("DE89370400440532013000");
});

test("why a gift is disputed is said in words where its code is known, and as it came where it is not", () => {
  const reasonIn = (reader: Reader, reason: string) =>
    /(?:Motivo|Reason): (.*)/.exec(
      compose({ ...sceneOf(reader), kind: "dispute", params: { amount: mxn, reason } }).text,
    )?.[1];
  expect(reasonIn("es-MX", "fraudulent")).toBe("Quien la dio dice que no autorizó el cobro.");
  expect(reasonIn("pt-BR", "UNAUTHORISED")).toBe("Quem ofertou diz que não autorizou a cobrança.");
  expect(reasonIn("en-US", "duplicate")).toBe("The person who gave it says they were charged twice.");
  expect(reasonIn("es-CO", "R10")).toBe("R10");
});

test.each([
  ["an amount in decimals", "thank_you", { amount: { amount: 500.5, currency: "MXN" } }],
  ["a currency nobody has", "thank_you", { amount: { amount: 500, currency: "XXQ" } }],
  ["a link that is a script", "receipt_ready", { url: "javascript:alert(1)", amount: mxn }],
  ["a day there never was", "reminder", { amount: mxn, due_on: "2026-02-30" }],
  ["nothing at all", "portal_link", {}],
] as const)("%s is a bug of the caller's, and throws", (_, kind, params) => {
  expect(() => compose({ ...sceneOf("es-MX"), kind, params })).toThrow();
});

test("hostile names stay names: no markup, no attribute, no place and no header of their own", () => {
  const hostile = `<script>alert(1)</script>" onload="x' & {{name}}\r\nBcc: all@example.org`;
  const scene = sceneOf("es-MX");
  for (const { kind, params } of samplesFor("es-MX")) {
    const message = compose({
      ...scene,
      kind,
      params: {
        ...params,
        display: hostile,
        reason: kind === "payment_failed" ? null : hostile,
        frequency_text: hostile,
      },
      church: { ...scene.church, name: hostile },
      donor: { name: hostile },
    });
    expect(message.html).not.toMatch(/<script| onload="/);
    expect(message.html).toContain(
      "&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&quot;x&#39; &amp; {{name}}",
    );
    expect(message.subject).not.toMatch(/[\r\n]/);
    expect(message.short).not.toMatch(/[\r\n]/);
  }
});

test("the church's colour is darkened until white reads on it, and its logo is the only picture from outside", () => {
  const scene = sceneOf("es-MX");
  const brand = { color: "#ffee00", logoUrl: "https://church.example.org/logo.png?a=1&b=2" };
  const { html } = compose({
    ...scene,
    kind: "recurring_paused",
    params: {},
    church: { ...scene.church, brand },
  });
  expect(html).not.toContain("#ffee00");
  expect(html).toMatch(/color:#ffffff;background:#[0-9a-f]{6}/);
  expect(html.match(/<img src="[^"]*"/g)).toEqual([
    '<img src="https://church.example.org/logo.png?a=1&amp;b=2"',
  ]);
});

test("a language we do not speak is answered in Spanish, and each Spanish in its own", () => {
  const subject = (locale: string) =>
    compose({ ...sceneOf("es-MX"), locale, kind: "thank_you", params: bare.thank_you }).subject;
  expect(["fr-FR", "es-PE", "es-CO", "pt-PT", "en-GB"].map(subject)).toEqual([
    "Gracias por tu ofrenda a Iglesia Vida Nueva",
    "Gracias por tu ofrenda a Iglesia Vida Nueva",
    "Gracias por su ofrenda a Iglesia Vida Nueva",
    "Obrigado pela sua oferta a Iglesia Vida Nueva",
    "Thank you for your gift to Iglesia Vida Nueva",
  ]);
});

test("the pictures are read by a scanner as what they stand for", async () => {
  const wasm = createRequire(import.meta.url).resolve("zxing-wasm/reader/zxing_reader.wasm");
  await prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer } });
  const read = async (name: string, reader: Reader) => {
    const found = all.find((each) => each.name === name && each.reader === reader);
    const [scanned] = await readBarcodes(found?.inline[0]?.png ?? new Uint8Array());
    return scanned?.text;
  };
  expect(await read("voucher_waiting", "es-MX")).toBe("93000262280678");
  expect(await read("voucher_waiting", "pt-BR")).toBe("23797898400000500003381260083013525600006330");
  expect(await read("voucher_waiting-qr", "pt-BR")).toMatch(/^00020126580014br\.gov\.bcb\.pix.*63041D3D$/);
});

test("the subjects, as they are read in a list", async () => {
  const lines = all.map(({ name, reader, subject }) => `${name.padEnd(28)} ${reader}  ${subject}`).sort();
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("message-subjects.txt");
});
