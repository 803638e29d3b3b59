import { CsvError, parse } from "csv-parse/sync";
import { z } from "zod";
import { err, ok, type Result } from "../kernel/result.ts";

/** One record and the line of the file it ends on. */
export type CsvRow = { readonly line: number; readonly cells: readonly string[] };

const records = z.array(z.object({ info: z.object({ lines: z.number() }), record: z.array(z.string()) }));

/**
 * The records of a CSV file as banks and spreadsheets write it: commas, semicolons or tabs, whichever the first line
 * uses most; rows of any length; blank lines left out. `Err` says where it cannot be read.
 */
export function csvRows(text: string): Result<readonly CsvRow[], string> {
  try {
    const read: unknown = parse(text, {
      delimiter: separatorOf(text),
      bom: true,
      info: true,
      relax_column_count: true,
      skip_records_with_empty_values: true,
    });
    return ok(records.parse(read).map(({ info, record }) => ({ line: info.lines, cells: record })));
  } catch (error) {
    if (error instanceof CsvError) return err(`line ${error.lines}: ${error.message}`);
    throw error;
  }
}

function separatorOf(text: string): string {
  const heading = text.slice(0, Math.max(0, text.search(/\r?\n|$/)));
  const count = (separator: string) => heading.split(separator).length;
  return [",", ";", "\t"].reduce((a, b) => (count(b) > count(a) ? b : a));
}
