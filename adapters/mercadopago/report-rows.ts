import { parse } from "csv-parse/sync";
import { z } from "zod";
import type { ReportRow } from "./report-lines.ts";

const rows = z.array(z.record(z.string(), z.string()));

/**
 * A report's rows by column name. Accounts choose what stands between columns, and amounts may hold commas: the
 * heading, which holds none of either, tells. Throws on a file that is no CSV.
 */
export function reportRows(text: string): readonly ReportRow[] {
  const delimiter = text.slice(0, Math.max(0, text.search(/\r?\n|$/))).includes(";") ? ";" : ",";
  return rows.parse(parse(text, { columns: true, bom: true, delimiter, skip_empty_lines: true }));
}
