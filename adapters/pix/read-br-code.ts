import { type Money, money } from "../../src/kernel/money.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import { arrangement, longestBrCode } from "./br-code.ts";
import { crc16, fieldsOf } from "./br-code-tlv.ts";
import { isHostAllowed, urlFault } from "./br-code-url.ts";

/** What a BR Code says. A static one names the receiver's key; a dynamic one only where its payload lies. */
export type BrCode = {
  readonly kind: "static" | "dynamic" | "recurrence";
  readonly key?: string;
  readonly description?: string;
  /** Without its scheme. Never fetched here; see {@link brCodeFromHosts} before anybody does. */
  readonly url?: string;
  /** Of a Pix Automático recurrence (tag 80). */
  readonly recurrenceUrl?: string;
  readonly amount?: Money;
  readonly name: string;
  readonly city: string;
  /** Absent where the code says `***`. */
  readonly txid?: string;
};

type Fields = ReadonlyMap<string, string>;

/**
 * Reads a BR Code, trusting nothing: length, check digits, every field's bounds, no field twice. `Err` is a sentence
 * about what is wrong. The text inside is somebody else's: show it, never follow it.
 */
export function readBrCode(text: string): Result<BrCode, string> {
  if (text.length > longestBrCode) return err(`a BR Code has at most ${longestBrCode} characters`);
  const crc = /^(.+6304)([0-9A-F]{4})$/su.exec(text);
  if (!crc?.[1]) return err("a BR Code ends with its check digits (6304 and four hexadecimal digits)");
  if (crc16(crc[1]) !== crc[2]) return err("the check digits are wrong: the code was copied with a mistake");
  const read = fieldsOf(text);
  if (!read.ok) return read;
  const fields = read.value;
  const fault = frameFault(fields);
  if (fault !== undefined) return err(fault);
  return accountOf(fields);
}

/** Reads a code and refuses it unless every URL in it lies at one of `hosts` (or under one). */
export function brCodeFromHosts(text: string, hosts: readonly string[]): Result<BrCode, string> {
  const read = readBrCode(text);
  if (!read.ok) return read;
  const urls = [read.value.url, read.value.recurrenceUrl].filter((url) => url !== undefined);
  const stranger = urls.find((url) => !isHostAllowed(url, hosts));
  return stranger === undefined ? read : err("the code leads to a host that is not the provider's");
}

/** What must hold whatever kind of code it is. The first and the last field have their places. */
function frameFault(fields: Fields): string | undefined {
  const ids = [...fields.keys()];
  if (ids[0] !== "00" || fields.get("00") !== "01") return "the code does not begin as version 01";
  if (ids.at(-1) !== "63") return "something follows the check digits";
  if (!/^(11|12)?$/.test(fields.get("01") ?? "")) return "the code is neither for one use nor for many";
  if (!/^\d{4}$/.test(fields.get("52") ?? "")) return "the category is not four digits";
  if (fields.get("53") !== "986") return "the code is not in reais";
  if (fields.get("58") !== "BR") return "the code is not of Brazil";
  if (!within(fields.get("59"), 25)) return "the receiver's name is missing or too long";
  if (!within(fields.get("60"), 15)) return "the receiver's city is missing or too long";
  const amount = fields.get("54");
  if (amount !== undefined && !/^(?=.{1,13}$)\d{1,10}(\.\d{1,2})?$/.test(amount))
    return "the amount is not a number";
  return undefined;
}

const within = (text: string | undefined, most: number): boolean =>
  text !== undefined && text.length > 0 && [...text].length <= most;

function accountOf(fields: Fields): Result<BrCode, string> {
  const account = pixTemplate(fields, 26, 51);
  const recurrence = pixTemplate(fields, 80, 99);
  if (!account.ok) return account;
  if (!recurrence.ok) return recurrence;
  const reference = referenceOf(fields.get("62"));
  if (!reference.ok) return reference;
  if (!account.value) return err("the code is not of Pix");
  const [key, description, url] = ["01", "02", "25"].map((id) => account.value?.get(id));
  const recurrenceUrl = recurrence.value?.get("25");
  const kind = kindOf({ key, url, recurrenceUrl });
  if (!kind.ok) return kind;
  const amount = amountOf(fields.get("54"));
  const txid = reference.value;
  return ok({
    kind: kind.value,
    name: fields.get("59") ?? "",
    city: fields.get("60") ?? "",
    ...(key === undefined ? {} : { key }),
    ...(description === undefined ? {} : { description }),
    ...(url === undefined ? {} : { url }),
    ...(recurrenceUrl === undefined ? {} : { recurrenceUrl }),
    ...(amount ? { amount } : {}),
    ...(txid === undefined ? {} : { txid }),
  });
}

type Places = {
  readonly key: string | undefined;
  readonly url: string | undefined;
  readonly recurrenceUrl: string | undefined;
};

function kindOf({ key, url, recurrenceUrl }: Places): Result<BrCode["kind"], string> {
  if (key !== undefined && url !== undefined) return err("the code has a key and a URL: it must be one");
  if (key !== undefined && (!within(key, 77) || /\s/.test(key))) return err("the key is empty or too long");
  const fault = [url, recurrenceUrl].map((one) => (one === undefined ? undefined : urlFault(one)));
  const first = fault.find((one) => one !== undefined);
  if (first !== undefined) return err(first);
  if (key !== undefined) return ok("static");
  if (url !== undefined) return ok("dynamic");
  return recurrenceUrl === undefined ? err("the code has neither key nor URL") : ok("recurrence");
}

/** The one template of Pix among the ids; other arrangements may stand beside it. */
function pixTemplate(fields: Fields, from: number, to: number): Result<Fields | undefined, string> {
  let found: Fields | undefined;
  for (const [id, value] of fields) {
    if (Number(id) < from || Number(id) > to) continue;
    const inner = fieldsOf(value);
    if (!inner.ok || inner.value.get("00")?.toLowerCase() !== arrangement) continue;
    if (found) return err("the code names Pix twice");
    found = inner.value;
  }
  return ok(found);
}

function referenceOf(text: string | undefined): Result<string | undefined, string> {
  if (text === undefined) return ok(undefined);
  const inner = fieldsOf(text);
  if (!inner.ok) return inner;
  const txid = inner.value.get("05");
  if (txid === undefined || txid === "***") return ok(undefined);
  return /^[A-Za-z0-9]{1,25}$/.test(txid) ? ok(txid) : err("the txid is not 1 to 25 letters and digits");
}

/** Zero says what an absent amount says: the payer types it. */
function amountOf(text: string | undefined): Money | undefined {
  const [whole = "", cents = ""] = (text ?? "").split(".");
  const minor = BigInt(`${whole}${cents.padEnd(2, "0")}`);
  return minor > 0n ? money(minor, "BRL") : undefined;
}
