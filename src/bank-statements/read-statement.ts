import { err, ok, type Result } from "../kernel/result.ts";
import { readCamt } from "./read-camt.ts";
import { readCsv } from "./read-csv.ts";
import { readMt940 } from "./read-mt940.ts";
import { fileMost, type StatementFile } from "./statement-file.ts";

/** How a file may be called when it is sent; without it, it is told from how it begins. */
export const statementKinds = ["camt", "mt940", "csv"] as const;
export type StatementKind = (typeof statementKinds)[number];

/**
 * Reads a bank's file, whatever it is. `currency` is for tables that name none. `Err` is a sentence for who exported
 * the file; a file is read whole or refused whole.
 */
export function readStatement(
  bytes: Uint8Array,
  given: { readonly kind?: StatementKind; readonly currency: string },
): Result<StatementFile, string> {
  if (bytes.length === 0) return err("the file is empty");
  if (bytes.length > fileMost.bytes) return err(`the file is larger than ${fileMost.bytes} bytes`);
  const text = textOf(bytes);
  const kind = given.kind ?? kindOf(text);
  const read =
    kind === "camt" ? readCamt(text) : kind === "mt940" ? readMt940(text) : readCsv(text, given.currency);
  if (!read.ok) return err(`the file could not be read: ${read.error}`);
  const lines = read.value.statements.reduce((sum, statement) => sum + statement.lines.length, 0);
  if (lines > fileMost.lines)
    return err(`the file has more than ${fileMost.lines} movements: send it in parts`);
  return ok(read.value);
}

function kindOf(text: string): StatementKind {
  if (/^\s*</.test(text)) return "camt";
  return /^(\{1:|:20:)/m.test(text) ? "mt940" : "csv";
}

/** Banks still send what Windows wrote: bytes that are no UTF-8 are read as such. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
