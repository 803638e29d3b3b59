import { decimalText, isPositive, type Money } from "../../src/kernel/money.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import { crc16, field, template } from "./br-code-tlv.ts";
import { urlFault } from "./br-code-url.ts";

/** Longest code a bank's app takes (API Pix 2.9.0, `pixCopiaECola`). */
export const longestBrCode = 512;
/** The arrangement's name in the templates of tags 26 and 80. */
export const arrangement = "br.gov.bcb.pix";

export type StaticBrCode = {
  /** The church's Pix key: CPF, CNPJ, telephone with +55, e-mail or random key. */
  readonly key: string;
  /** Of the church; accents are stripped and what is beyond 25 characters is cut, as it is only shown. */
  readonly name: string;
  /** Of the church; cut at 15 characters. */
  readonly city: string;
  /** Absent: the donor types the amount. */
  readonly amount?: Money;
  /** What names the donor or the fund on the statement: 1 to 25 letters and digits. Absent: none is told. */
  readonly txid?: string;
  /** A sentence the donor's bank shows. */
  readonly description?: string;
};

/**
 * A static BR Code: the same code for every gift, for a fund's poster, a projector or a donor's card. Pure; needs no
 * gateway. `Err` holds a sentence for the operator. One code can be paid any number of times.
 */
export function staticBrCode(parts: StaticBrCode): Result<string, string> {
  const fault = keyFault(parts.key) ?? txidFault(parts.txid) ?? amountFault(parts.amount);
  if (fault !== undefined) return err(fault);
  const description = parts.description === undefined ? "" : plain(parts.description);
  const room = 99 - field("00", arrangement).length - field("01", parts.key).length - 4;
  if (description.length > room) {
    return err(`the description may have ${Math.max(room, 0)} characters beside this key`);
  }
  const account = template("26", [
    field("00", arrangement),
    field("01", parts.key),
    description === "" ? undefined : field("02", description),
  ]);
  return assemble({ ...parts, account: [account], reference: parts.txid ?? "***" });
}

export type DynamicBrCode = {
  /** Of the payload, without `https://`; absent for a recurrence alone. */
  readonly url?: string;
  /** Of a Pix Automático recurrence: with `url` the code is composite (tag 80). */
  readonly recurrenceUrl?: string;
  readonly name: string;
  readonly city: string;
};

/** A dynamic BR Code: what it asks for is behind its URL. `Err` when neither URL is there or one is not sound. */
export function dynamicBrCode(parts: DynamicBrCode): Result<string, string> {
  const { url, recurrenceUrl } = parts;
  if (url === undefined && recurrenceUrl === undefined) return err("a dynamic code needs a URL");
  const fault = [url, recurrenceUrl].map((one) => one && urlFault(one)).find((one) => one);
  if (fault) return err(fault);
  const place = (id: string, at: string | undefined) =>
    template(id, [field("00", arrangement), at === undefined ? undefined : field("25", at)]);
  return assemble({
    name: parts.name,
    city: parts.city,
    account: [url === undefined ? "" : field("01", "12"), place("26", url)],
    reference: "***",
    ...(recurrenceUrl === undefined ? {} : { last: place("80", recurrenceUrl) }),
  });
}

type Assembled = {
  readonly account: readonly string[];
  readonly amount?: Money;
  readonly name: string;
  readonly city: string;
  readonly reference: string;
  readonly last?: string;
};

function assemble(parts: Assembled): Result<string, string> {
  const name = plain(parts.name).slice(0, 25).trim();
  const city = plain(parts.city).slice(0, 15).trim();
  if (name === "" || city === "") return err("a BR Code names the church and its city");
  const body = [
    field("00", "01"),
    ...parts.account,
    field("52", "0000"),
    field("53", "986"),
    parts.amount ? field("54", decimalText(parts.amount)) : "",
    field("58", "BR"),
    field("59", name),
    field("60", city),
    template("62", [field("05", parts.reference)]),
    parts.last ?? "",
    "6304",
  ].join("");
  return ok(`${body}${crc16(body)}`);
}

/** Letters without their accents, and nothing that is not printable ASCII: what every bank's app can read. */
export function plain(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/\s+/gu, " ")
    .replaceAll(/[^\x20-\x7e]/gu, "")
    .trim();
}

const keyShapes: readonly RegExp[] = [
  /^\d{11}$/,
  /^[0-9A-Z]{12}\d{2}$/,
  /^\+[1-9]\d{9,14}$/,
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  /^[a-z0-9.!#$'*+/=?^_`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/,
];

/** Why a text is no Pix key (CPF, CNPJ, telephone, random key, e-mail in lower case), or `undefined`. */
export function keyFault(key: string): string | undefined {
  if (key.length > 77) return "a Pix key has at most 77 characters";
  const sound = keyShapes.some((shape) => shape.test(key));
  return sound ? undefined : "this is no Pix key: a CPF, CNPJ, +55 telephone, e-mail or random key";
}

function txidFault(txid: string | undefined): string | undefined {
  if (txid === undefined || /^[A-Za-z0-9]{1,25}$/.test(txid)) return undefined;
  return "the txid of a static code is 1 to 25 letters and digits";
}

function amountFault(amount: Money | undefined): string | undefined {
  if (!amount) return undefined;
  if (amount.currency !== "BRL") return "Pix is paid in reais";
  const fits = isPositive(amount) && decimalText(amount).length <= 13;
  return fits ? undefined : "the amount of a code is 0.01 to 9999999999.99";
}
