import { err, ok, type Result } from "../../src/kernel/result.ts";
import { columns, recordLength } from "./record.ts";

/** One entry with its addenda, as lines of 94 columns. */
export type AchEntry = { readonly line: string; readonly addenda: readonly string[] };
export type AchBatch = {
  readonly header: string;
  readonly entries: readonly AchEntry[];
  readonly control: string | undefined;
};
export type AchFile = {
  readonly header: string;
  readonly batches: readonly AchBatch[];
  readonly control: string;
  /** Records from the header to the control, without the filling. */
  readonly records: number;
};

/** The most that is read: a hundred thousand records, which is more than any bank sends at once. */
const mostRecords = 100_000;

/**
 * A Nacha file as its records nest. Forgiving about paper: lines may end as they like, be cut of their trailing blanks
 * or run on, or not be there at all (94 columns after 94), and the filling of nines may be absent. Not forgiving
 * about order: a record out of its place is an `Err` with its number.
 */
export function readAchFile(text: string): Result<AchFile, string> {
  const lines = linesOf(text);
  if (!lines.ok) return lines;
  const [header, ...rest] = lines.value;
  if (header === undefined || !header.startsWith("1")) return err("record 1: a file begins with its header");
  const batches: OpenBatch[] = [];
  for (const [index, line] of rest.entries()) {
    const records = index + 2;
    const misplaced = place(line, batches);
    if (misplaced !== undefined) return err(`record ${records}: ${misplaced}`);
    if (line.startsWith("9")) return ok({ header, batches, control: line, records });
  }
  return err("the file has no control record: it was cut off");
}

type OpenBatch = {
  readonly header: string;
  readonly entries: { readonly line: string; readonly addenda: string[] }[];
  control: string | undefined;
};

/** Puts the record where it belongs; the sentence is what is wrong with its place. */
function place(line: string, batches: OpenBatch[]): string | undefined {
  const last = batches.at(-1);
  const open = last?.control === undefined ? last : undefined;
  const kind = line.charAt(0);
  switch (kind) {
    case "5":
      if (open) return "a batch begins inside another";
      batches.push({ header: line, entries: [], control: undefined });
      return undefined;
    case "6":
      open?.entries.push({ line, addenda: [] });
      return open ? undefined : "an entry outside a batch";
    case "7": {
      const entry = open?.entries.at(-1);
      entry?.addenda.push(line);
      return entry ? undefined : "an addendum without its entry";
    }
    case "8":
      if (!open) return "a batch ends that did not begin";
      open.control = line;
      return undefined;
    case "9":
      return open ? "the file ends inside a batch" : undefined;
    default:
      return `no record begins with ${JSON.stringify(kind)}`;
  }
}

function linesOf(text: string): Result<readonly string[], string> {
  const rows = text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\r|\n/)
    .map((row) => row.trimEnd())
    .filter((row) => row !== "");
  const lines = rows.length === 1 ? (rows[0] ?? "").match(/.{1,94}/gsu) : rows;
  if (lines === null) return err("the file is empty");
  if (lines.length > mostRecords) return err(`the file has more than ${mostRecords} records`);
  const wide = lines.findIndex((line) => [...line].length > recordLength);
  if (wide >= 0) return err(`record ${wide + 1}: wider than 94 columns`);
  return ok(lines.map((line) => line.padEnd(recordLength)));
}

/** The batch's kind of entries: WEB, PPD … */
export const entryClassOf = (batch: AchBatch): string => columns(batch.header, 51, 53);
