import { err, ok, type Result } from "../../src/kernel/result.ts";

/**
 * Writes a field: id, length in characters as two digits, value. The caller has bounded the value; one longer than 99
 * characters cannot be written and is a bug of ours.
 */
export function field(id: string, value: string): string {
  const length = [...value].length;
  if (length > 99) throw new RangeError(`field ${id} has ${length} characters, 99 is the most`);
  return `${id}${String(length).padStart(2, "0")}${value}`;
}

/** Fields one inside another. */
export const template = (id: string, fields: readonly (string | undefined)[]): string =>
  field(id, fields.filter((one) => one !== undefined).join(""));

const pairs = /[\ud800-\udfff]/;
const part = (characters: string | readonly string[], from: number, to: number): string =>
  typeof characters === "string" ? characters.slice(from, to) : characters.slice(from, to).join("");

/** Splits a text into fields. Lengths count characters. `Err` names the place; an id told twice is an error. */
export function fieldsOf(text: string): Result<ReadonlyMap<string, string>, string> {
  // Nearly every text has no character of two code units, and is cut as it stands.
  const characters = pairs.test(text) ? [...text] : text;
  const found = new Map<string, string>();
  for (let at = 0; at < characters.length; ) {
    const head = part(characters, at, at + 4);
    if (!/^\d{4}$/.test(head)) return err(`no field begins at character ${at + 1}`);
    const id = head.slice(0, 2);
    const end = at + 4 + Number(head.slice(2));
    if (end > characters.length) return err(`field ${id} is longer than what is left`);
    if (found.has(id)) return err(`field ${id} is there twice`);
    found.set(id, part(characters, at + 4, end));
    at = end;
  }
  return ok(found);
}

const bytesOf = new TextEncoder();
/** What each value of the upper byte adds to the check sum. */
const remainders = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc;
});

/**
 * CRC-16/CCITT-FALSE over the UTF-8 bytes: polynomial 0x1021, start 0xFFFF, no reflection, no final xor; four
 * hexadecimal digits in capitals. "123456789" gives 29B1 (facts: methods §6.2).
 */
export function crc16(text: string): string {
  let crc = 0xffff;
  for (const byte of bytesOf.encode(text)) {
    crc = ((crc << 8) & 0xffff) ^ (remainders[(crc >> 8) ^ byte] ?? 0);
  }
  return crc.toString(16).toUpperCase().padStart(4, "0");
}
