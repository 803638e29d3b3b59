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

/** Splits a text into fields. Lengths count characters. `Err` names the place; an id told twice is an error. */
export function fieldsOf(text: string): Result<ReadonlyMap<string, string>, string> {
  const characters = [...text];
  const found = new Map<string, string>();
  for (let at = 0; at < characters.length; ) {
    const head = characters.slice(at, at + 4).join("");
    if (!/^\d{4}$/.test(head)) return err(`no field begins at character ${at + 1}`);
    const id = head.slice(0, 2);
    const end = at + 4 + Number(head.slice(2));
    if (end > characters.length) return err(`field ${id} is longer than what is left`);
    if (found.has(id)) return err(`field ${id} is there twice`);
    found.set(id, characters.slice(at + 4, end).join(""));
    at = end;
  }
  return ok(found);
}

/**
 * CRC-16/CCITT-FALSE over the UTF-8 bytes: polynomial 0x1021, start 0xFFFF, no reflection, no final xor; four
 * hexadecimal digits in capitals. "123456789" gives 29B1 (facts: methods §6.2).
 */
export function crc16(text: string): string {
  let crc = 0xffff;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++)
      crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc.toString(16).toUpperCase().padStart(4, "0");
}
