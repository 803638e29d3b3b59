import { isZero, type Money, negate } from "../kernel/money.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { type CamtDetails, type CamtEntry, type CamtReport, readCamtXml } from "./camt-xml.ts";
import { moneyFrom } from "./decimal.ts";
import {
  distinct,
  isDay,
  meaningful,
  type ParsedLine,
  type ParsedStatement,
  type StatementFile,
} from "./statement-file.ts";

/**
 * Reads camt.052, .053 and .054. Only booked entries count (`BOOK`): what is pending comes again. A batch whose
 * details have amounts that add up is read as its payments, else as the one line it is, with all its texts.
 */
export function readCamt(xml: string): Result<StatementFile, string> {
  const message = readCamtXml(xml);
  if (!message.ok) return message;
  const statements: ParsedStatement[] = [];
  for (const report of message.value.reports) {
    const read = readReport(report);
    if (!read.ok) return read;
    statements.push(read.value);
  }
  return ok({ format: message.value.format, statements });
}

function readReport(report: CamtReport): Result<ParsedStatement, string> {
  const lines: ParsedLine[] = [];
  for (const [index, entry] of report.Ntry.entries()) {
    if (entry.Sts !== "BOOK") continue;
    const read = readEntry(entry);
    if (!read.ok) return err(`entry ${index + 1}: ${read.error}`);
    lines.push(...read.value);
  }
  const { IBAN, Othr } = report.Acct.Id ?? {};
  return ok({ account: IBAN ?? Othr?.Id, lines });
}

function readEntry(entry: CamtEntry): Result<readonly ParsedLine[], string> {
  const total = signed(entry.Amt, entry.CdtDbtInd);
  if (!total) return err(`"${entry.Amt["#text"]} ${entry.Amt["@Ccy"]}" is no amount of that currency`);
  const bookedOn = dayOf(entry.BookgDt) ?? dayOf(entry.ValDt);
  if (bookedOn === undefined) return err("has neither a booking nor a value date");
  const common = {
    bookedOn,
    valueOn: dayOf(entry.ValDt),
    reversal: entry.RvslInd === "true" || entry.RvslInd === "1",
  };
  if (isZero(total)) return ok([]);
  const details = entry.NtryDtls.flatMap((group) => group.TxDtls);
  const own = [entry.AddtlNtryInf, entry.NtryRef];
  const amounts = shares(entry, details, total);
  if (amounts) {
    return ok(
      details.map((one, index): ParsedLine => {
        const bankReference = meaningful(one.Refs?.AcctSvcrRef) ?? numbered(entry.AcctSvcrRef, index);
        return { ...common, ...lineOf(entry, [one], own), amount: amounts[index] ?? total, bankReference };
      }),
    );
  }
  const bankReference = meaningful(entry.AcctSvcrRef) ?? meaningful(details[0]?.Refs?.AcctSvcrRef);
  return ok([{ ...common, ...lineOf(entry, details, own), amount: total, bankReference }]);
}

/** The payments of a batch tell their places apart under one reference of the bank's. */
function numbered(reference: string | undefined, index: number): string | undefined {
  const whole = meaningful(reference);
  return whole === undefined ? undefined : `${whole}/${index + 1}`;
}

/** The amounts of a batch's payments, when each has one and they are the whole of it. */
function shares(
  entry: CamtEntry,
  details: readonly CamtDetails[],
  total: Money,
): readonly Money[] | undefined {
  if (details.length < 2) return undefined;
  const amounts = details.flatMap((one) => {
    const written = one.Amt ?? one.AmtDtls?.TxAmt?.Amt;
    const amount = written && signed(written, one.CdtDbtInd ?? entry.CdtDbtInd);
    return amount && amount.currency === total.currency && !isZero(amount) ? [amount] : [];
  });
  const sum = amounts.reduce((minor, amount) => minor + amount.minor, 0n);
  return amounts.length === details.length && sum === total.minor ? amounts : undefined;
}

function lineOf(
  entry: CamtEntry,
  details: readonly CamtDetails[],
  own: readonly (string | undefined)[],
): Pick<ParsedLine, "endToEndId" | "texts" | "counterparty"> {
  const [first] = details;
  const parties = first?.RltdPties;
  const credit = entry.CdtDbtInd === "CRDT";
  const party = credit ? (parties?.Dbtr ?? parties?.UltmtDbtr) : parties?.Cdtr;
  const account = (credit ? parties?.DbtrAcct : parties?.CdtrAcct)?.Id;
  return {
    endToEndId: meaningful(first?.Refs?.EndToEndId),
    texts: distinct([...details.flatMap(textsOf), ...own]),
    counterparty: { name: party?.Nm ?? party?.Pty?.Nm, account: account?.IBAN ?? account?.Othr?.Id },
  };
}

function textsOf({ Refs, RmtInf, AddtlTxInf }: CamtDetails): readonly (string | undefined)[] {
  const structured = RmtInf?.Strd.flatMap((block) => [block.CdtrRefInf?.Ref, ...block.AddtlRmtInf]) ?? [];
  const references = [Refs?.EndToEndId, Refs?.InstrId, Refs?.TxId, Refs?.PmtInfId].map(meaningful);
  return [...structured, ...(RmtInf?.Ustrd ?? []), AddtlTxInf, ...references];
}

function signed(
  written: { readonly "#text": string; readonly "@Ccy": string },
  side: string,
): Money | undefined {
  const amount = moneyFrom(written["#text"], ".", written["@Ccy"]);
  return amount && (side === "DBIT" ? negate(amount) : amount);
}

/** The civil date as the bank wrote it, whatever its offset. */
function dayOf(at: CamtEntry["BookgDt"]): string | undefined {
  const day = at?.Dt ?? at?.DtTm?.slice(0, 10);
  const plain = day?.slice(0, 10);
  return plain !== undefined && isDay(plain) ? plain : undefined;
}
