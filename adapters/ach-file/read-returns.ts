import type { DebitCorrection, DebitReturn, ReturnsRead } from "../../src/gateway/debit-files.ts";
import { money } from "../../src/kernel/money.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import { faultsOf } from "./check-file.ts";
import { type AchEntry, readAchFile } from "./read-file.ts";
import { columns, numberIn } from "./record.ts";
import { declineOf, isProtest, isReturnCode } from "./return-codes.ts";

/**
 * The returns (addenda of type 99) and notifications of change (type 98) in a file from the church's bank. Our own
 * reference comes back in the entry's identification number. Pure; `Err` where the file's counts or sums do not
 * agree, since half a file must not be half applied.
 */
export function readAchReturns(text: string): Result<ReturnsRead, string> {
  const file = readAchFile(text);
  if (!file.ok) return file;
  const [fault] = faultsOf(file.value);
  if (fault !== undefined) return err(fault);
  const returnedOn = fileDate(file.value.header);
  if (returnedOn === undefined) return err("record 1: no date the file was made on");
  const returns: DebitReturn[] = [];
  const corrections: DebitCorrection[] = [];
  let others = 0;
  for (const entry of file.value.batches.flatMap((batch) => batch.entries)) {
    const returned = returnIn(entry, returnedOn);
    const corrected = correctionIn(entry);
    if (returned) returns.push(returned);
    else if (corrected) corrections.push(corrected);
    else others += 1;
  }
  return ok({ returns, corrections, others });
}

/** What we wrote into the entry as its identification. */
const referenceOf = (entry: AchEntry): string => columns(entry.line, 40, 54).trim();

function returnIn(entry: AchEntry, returnedOn: string): DebitReturn | undefined {
  const addendum = entry.addenda.find((line) => line.startsWith("799"));
  if (addendum === undefined) return undefined;
  const code = columns(addendum, 4, 6);
  const reference = referenceOf(entry);
  if (!isReturnCode(code) || reference === "") return undefined;
  return {
    reference,
    // The debit's trace number and the return's own: another file of the same return says the same.
    returnId: `${columns(addendum, 7, 21).trim()}-${columns(addendum, 80, 94).trim()}`,
    amount: money(numberIn(entry.line, 30, 39), "USD"),
    decline: declineOf(code),
    unauthorized: isProtest(code),
    returnedOn,
  };
}

function correctionIn(entry: AchEntry): DebitCorrection | undefined {
  const addendum = entry.addenda.find((line) => line.startsWith("798"));
  if (addendum === undefined) return undefined;
  const reference = referenceOf(entry);
  if (reference === "") return undefined;
  return {
    reference,
    code: columns(addendum, 4, 6),
    corrected: columns(addendum, 36, 64).trimEnd(),
  };
}

/** The day the file was made, from its header: `YYMMDD`, of this century. */
function fileDate(header: string): string | undefined {
  const [, year, month, day] = /^(\d\d)(\d\d)(\d\d)$/.exec(columns(header, 24, 29)) ?? [];
  const date = `20${year}-${month}-${day}`;
  const instant = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(instant)) return undefined;
  return new Date(instant).toISOString().startsWith(date) ? date : undefined;
}
