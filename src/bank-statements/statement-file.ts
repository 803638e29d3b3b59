import type { Money } from "../kernel/money.ts";

/** What every format is read into. Dates are civil (`2026-03-01`), as the bank counts them. */
export type StatementFile = {
  readonly format: StatementFormat;
  readonly statements: readonly ParsedStatement[];
};

export const statementFormats = ["camt.052", "camt.053", "camt.054", "mt940", "csv"] as const;
export type StatementFormat = (typeof statementFormats)[number];

export type ParsedStatement = {
  /** The account as the file names it (IBAN, CLABE, the bank's own number); a CSV names none. */
  readonly account: string | undefined;
  readonly lines: readonly ParsedLine[];
};

/** One booked movement. */
export type ParsedLine = {
  readonly bookedOn: string;
  readonly valueOn: string | undefined;
  /** Credit positive, debit negative; never zero. */
  readonly amount: Money;
  /** The bank takes back an earlier movement with this one. */
  readonly reversal: boolean;
  /** The bank's own reference of the movement, where it gives one that means anything. */
  readonly bankReference: string | undefined;
  /** What the payer's system called the payment, carried through the rail. */
  readonly endToEndId: string | undefined;
  /** Everything a reference may stand in, as the bank wrote it. */
  readonly texts: readonly string[];
  readonly counterparty: { readonly name: string | undefined; readonly account: string | undefined };
};

/** Bounds on one file: what a church's bank sends in a year fits many times. */
export const fileMost = { bytes: 8 * 1024 * 1024, lines: 20_000 } as const;

/** What references are when the bank or the payer has none. */
export function meaningful(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  if (trimmed === undefined || trimmed === "") return undefined;
  return /^(NONREF|NOTPROVIDED|NOT PROVIDED|N\/?A|0+|-+)$/i.test(trimmed) ? undefined : trimmed;
}

/** Texts without blanks around them, empty ones and repeats. */
export function distinct(texts: readonly (string | undefined)[]): readonly string[] {
  const kept = texts.map((text) => text?.replace(/\s+/g, " ").trim() ?? "").filter((text) => text !== "");
  return [...new Set(kept)];
}

/** Whether `text` is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
