import { type CurrencyCode, exponentOf, isCurrency } from "../kernel/currency.ts";
import { isZero, type Money, negate } from "../kernel/money.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { type CsvRow, csvRows } from "./csv-rows.ts";
import { moneyFrom } from "./decimal.ts";
import { distinct, isDay, meaningful, type ParsedLine, type StatementFile } from "./statement-file.ts";

/** The columns a treasurer's file may have, by the words it may use for them. */
const columns = {
  date: ["date", "fecha", "data", "booking date", "fecha operacion", "fecha de operacion"],
  valueDate: ["value date", "fecha valor", "data valor", "data de valor"],
  amount: ["amount", "importe", "monto", "valor"],
  credit: ["credit", "abono", "abonos", "credito", "deposito", "depositos", "haber"],
  debit: ["debit", "cargo", "cargos", "debito", "retiro", "retiros", "debe"],
  currency: ["currency", "moneda", "moeda", "divisa"],
  reference: ["reference", "referencia", "referencia numerica", "ref"],
  description: ["description", "concepto", "descripcion", "descricao", "detalle", "historico", "details"],
  endToEnd: ["end to end id", "clave de rastreo", "clave rastreo", "endtoendid", "e2e"],
  id: ["id", "folio", "transaction id", "movimiento", "numero de movimiento"],
  name: ["name", "nombre", "nome", "ordenante", "payer", "pagador"],
  account: ["account", "cuenta", "conta", "clabe", "iban", "cbu", "cuenta ordenante"],
} as const;
type Column = keyof typeof columns;

/**
 * Reads a table with a heading line: a date (`2026-03-01` or `01/03/2026`, the day first), an amount (signed, or in
 * columns for credit and debit), and as much of the rest as there is. Without a currency column it is `currency`, the
 * account's. Commas, semicolons or tabs between; both ways of writing decimals, never guessed: `1,234` pesos is
 * refused, `1,234.00` is not.
 */
export function readCsv(text: string, currency: string): Result<StatementFile, string> {
  const rows = csvRows(text);
  if (!rows.ok) return rows;
  const [heading, ...body] = rows.value;
  const found = heading && columnsOf(heading);
  if (!found || found.date === undefined) {
    return err("its first line must name the columns, one of them the date (date, fecha, data)");
  }
  if (found.amount === undefined && found.credit === undefined) {
    return err("it has no column for the amount (amount, importe, monto, valor; or credit and debit)");
  }
  const lines: ParsedLine[] = [];
  for (const row of body) {
    const cell = (column: Column): string | undefined => {
      const at = found[column];
      return at === undefined ? undefined : row.cells[at]?.trim() || undefined;
    };
    const read = readRow(cell, currency);
    if (!read.ok) return err(`line ${row.line}: ${read.error}`);
    if (read.value) lines.push(read.value);
  }
  return ok({ format: "csv", statements: [{ account: undefined, lines }] });
}

type Cells = (column: Column) => string | undefined;

function readRow(cell: Cells, currency: string): Result<ParsedLine | undefined, string> {
  const bookedOn = dayOf(cell("date"));
  if (bookedOn === undefined) {
    return err(`"${cell("date") ?? ""}" is no date: write 2026-03-01, or 01/03/2026 with the day first`);
  }
  const amount = amountOf(cell, cell("currency")?.toUpperCase() ?? currency);
  if (!amount.ok) return amount;
  if (isZero(amount.value)) return ok(undefined);
  const endToEndId = meaningful(cell("endToEnd"));
  return ok({
    bookedOn,
    valueOn: dayOf(cell("valueDate")),
    amount: amount.value,
    reversal: false,
    bankReference: meaningful(cell("id")),
    endToEndId,
    texts: distinct([cell("reference"), cell("description"), endToEndId]),
    counterparty: { name: cell("name"), account: cell("account") },
  });
}

function columnsOf({ cells }: CsvRow): Partial<Record<Column, number>> {
  const headings = cells.map((cell) =>
    cell
      .normalize("NFD")
      .replace(/\p{M}/gu, "")
      .replace(/[_\s]+/g, " ")
      .trim()
      .toLowerCase(),
  );
  const found: Partial<Record<Column, number>> = {};
  for (const column of Object.keys(columns).filter((name): name is Column => Object.hasOwn(columns, name))) {
    const words: readonly string[] = columns[column];
    const at = headings.findIndex((heading) => words.includes(heading));
    if (at >= 0) found[column] = at;
  }
  return found;
}

function amountOf(cell: Cells, currency: string): Result<Money, string> {
  if (!isCurrency(currency)) return err(`"${currency}" is no ISO 4217 code such as MXN`);
  const whole = cell("amount");
  if (whole !== undefined) return signedAmount(whole, currency);
  const credit = signedAmount(cell("credit") ?? "0", currency);
  if (!credit.ok) return credit;
  const debit = signedAmount(cell("debit") ?? "0", currency);
  if (!debit.ok) return debit;
  if (!isZero(credit.value) && !isZero(debit.value)) return err("it has both a credit and a debit");
  return ok(isZero(debit.value) ? credit.value : absolute(debit.value));
}

/** What stands in the debit column leaves the account, with or without a sign of its own. */
const absolute = (debit: Money): Money => (debit.minor > 0n ? negate(debit) : debit);

function signedAmount(written: string, currency: CurrencyCode): Result<Money, string> {
  const shape = /^([+-]?)(?:[A-Z]{0,2}\$ ?|€ ?|£ ?)?(\d[\d., \u00a0']*)$/.exec(
    written.replace(/\s+/g, " ").trim(),
  );
  const plain = shape?.[2] && ungrouped(shape[2].trim(), exponentOf(currency));
  const amount = plain ? moneyFrom(plain, ".", currency) : undefined;
  if (!amount) {
    return err(
      `"${written}" is no certain amount in ${currency}: write the decimals, without grouping: 1234.50`,
    );
  }
  return ok(shape?.[1] === "-" ? negate(amount) : amount);
}

/** Digits with a point before the decimals; `undefined` where a mark could mean either. */
function ungrouped(text: string, exponent: number): string | undefined {
  const marks = [...text].filter((c) => /[., \u00a0']/.test(c));
  const last = marks.at(-1);
  if (last === undefined) return text;
  const cut = text.lastIndexOf(last);
  const [whole, tail] = [text.slice(0, cut), text.slice(cut + 1)];
  const asDecimals =
    /[.,]/.test(last) && tail.length <= exponent && marks.filter((c) => c === last).length === 1;
  const asGroup = tail.length === 3 && (marks.length > 1 || exponent < 1 || !/[.,]/.test(last));
  const groups = asDecimals ? whole : text;
  if (!asDecimals && !asGroup) return undefined;
  if (/[., \u00a0']/.test(groups) && !/^\d{1,3}([., \u00a0'])\d{3}(\1\d{3})*$/.test(groups)) return undefined;
  const digits = groups.replace(/\D/g, "");
  return asDecimals ? `${digits}.${tail}` : digits;
}

function dayOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const iso = /^(\d{4}-\d{2}-\d{2})(?:[T ].*)?$/.exec(text)?.[1];
  const [, day = "", month = "", year = ""] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text) ?? [];
  const found = iso ?? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  return isDay(found) ? found : undefined;
}
