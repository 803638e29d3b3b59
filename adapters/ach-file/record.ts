/**
 * The fixed columns of a Nacha record. All positions below are counted from 1, as the Nacha rules print them.
 */

/** Every record has as many columns. */
export const recordLength = 94;

/** Left-justified text in the characters the rail carries: accents fall off, anything else becomes a blank. */
export function alpha(text: string, width: number): string {
  const ascii = text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^ -~]/g, " ");
  return ascii.slice(0, width).padEnd(width);
}

/** A number with zeros before it, or `undefined` where it is too wide: a sum that was cut would be another sum. */
export function digits(value: bigint | number | string, width: number): string | undefined {
  const text = String(value);
  return /^\d+$/.test(text) && text.length <= width ? text.padStart(width, "0") : undefined;
}

/** The fields as one record; `undefined` where one of them was too wide. */
export function record(fields: readonly (string | undefined)[]): string | undefined {
  if (fields.some((field) => field === undefined)) return undefined;
  const line = fields.join("");
  return line.length === recordLength ? line : undefined;
}

/** Columns `from` to `to`, both included. */
export const columns = (line: string, from: number, to: number): string => line.slice(from - 1, to);

/** The number in the columns; what is no number there is 0, and shows in the sums. */
export function numberIn(line: string, from: number, to: number): bigint {
  const text = columns(line, from, to).trim();
  return /^\d+$/.test(text) ? BigInt(text) : 0n;
}
