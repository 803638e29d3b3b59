import type { DebitFile, DebitFileRequest, DebitOrder } from "../../src/gateway/debit-files.ts";
import { checkAbaRouting } from "../../src/kernel/bank-numbers/aba-routing.ts";
import { money } from "../../src/kernel/money.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import { bankingDayAfter, inNewYork } from "./banking-days.ts";
import type { Originator } from "./credentials.ts";
import { alpha, digits, record, recordLength } from "./record.ts";
import { silentAfter } from "./windows.ts";

/** Records come in blocks of ten; what is missing is filled with nines. */
const blockingFactor = 10;
const modifiers = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
/** Debits only (service class), the entry's addenda indicator, the hash's modulus. */
const debitsOnly = "225";
const noAddenda = "0";
const hashModulus = 10n ** 10n;

/** Checking and savings accounts, debited. */
const transactionCodes = { checking: "27", savings: "37" } as const;
/** Yes on our page, yes on paper. */
const entryClasses = { online: "WEB", written: "PPD" } as const;
type EntryClass = (typeof entryClasses)[keyof typeof entryClasses];

type Batch = {
  readonly records: readonly string[];
  readonly count: number;
  readonly hash: bigint;
  readonly debits: bigint;
};

/**
 * A Nacha file of the orders: one batch for those authorized online (WEB) and one for those on paper (PPD), effective
 * on the next banking day (facts: methods §6.6). Pure: the same request gives the same file.
 */
export function buildAchFile(originator: Originator, request: DebitFileRequest): Result<DebitFile, string> {
  const modifier = modifiers[request.sequenceOfDay];
  if (modifier === undefined) return err("a day has at most 36 files");
  if (request.orders.length === 0) return err("there is nothing to debit");
  const { date, time } = inNewYork(request.now);
  const effectiveOn = bankingDayAfter(date, 1);
  const batches: Batch[] = [];
  let traced = 0;
  for (const authorization of ["online", "written"] as const) {
    const orders = request.orders.filter((order) => order.authorization === authorization);
    if (orders.length === 0) continue;
    const heading = { entryClass: entryClasses[authorization], effectiveOn, number: batches.length + 1 };
    const batch = batchOf(originator, heading, orders, traced);
    if (!batch.ok) return batch;
    batches.push(batch.value);
    traced += orders.length;
  }
  const header = record([
    "101",
    ` ${originator.destination}`,
    alpha(originator.origin, 10),
    shortDate(date),
    time,
    modifier,
    "094",
    "101",
    alpha(originator.destinationName, 23),
    alpha(originator.originName, 23),
    alpha("", 8),
  ]);
  const lines = fileOf(header, batches);
  if (!lines) return err("a sum or a count is wider than the format: build two files");
  return ok({
    name: `ach-${date}-${modifier}.txt`,
    text: `${lines.join("\n")}\n`,
    total: money(
      batches.reduce((sum, { debits }) => sum + debits, 0n),
      "USD",
    ),
    effectiveOn,
    silentAfter: silentAfter(effectiveOn),
  });
}

function fileOf(header: string | undefined, batches: readonly Batch[]): readonly string[] | undefined {
  const records = batches.flatMap((batch) => batch.records);
  const sum = (of: (batch: Batch) => bigint) => batches.reduce((total, batch) => total + of(batch), 0n);
  const blocks = Math.ceil((records.length + 2) / blockingFactor);
  const control = record([
    "9",
    digits(batches.length, 6),
    digits(blocks, 6),
    digits(
      batches.reduce((count, batch) => count + batch.count, 0),
      8,
    ),
    digits(sum((batch) => batch.hash) % hashModulus, 10),
    digits(
      sum((batch) => batch.debits),
      12,
    ),
    digits(0, 12),
    alpha("", 39),
  ]);
  if (header === undefined || control === undefined) return undefined;
  const written = [header, ...records, control];
  const filling = Array.from({ length: blocks * blockingFactor - written.length }, () =>
    "9".repeat(recordLength),
  );
  return [...written, ...filling];
}

function batchOf(
  originator: Originator,
  heading: { readonly entryClass: EntryClass; readonly effectiveOn: string; readonly number: number },
  orders: readonly DebitOrder[],
  traced: number,
): Result<Batch, string> {
  const odfi = originator.odfi.slice(0, 8);
  const entries: string[] = [];
  for (const [index, order] of orders.entries()) {
    const entry = entryOf(order, heading.entryClass, `${odfi}${digits(traced + index + 1, 7)}`);
    if (!entry.ok) return entry;
    entries.push(entry.value);
  }
  const hash =
    orders.reduce((sum, { account }) => sum + BigInt(account.routing.slice(0, 8)), 0n) % hashModulus;
  const debits = orders.reduce((sum, { amount }) => sum + amount.minor, 0n);
  const number = digits(heading.number, 7);
  const header = record([
    "5",
    debitsOnly,
    alpha(originator.companyName, 16),
    alpha("", 20),
    alpha(originator.companyId, 10),
    heading.entryClass,
    alpha(originator.purpose, 10),
    alpha("", 6),
    shortDate(heading.effectiveOn),
    alpha("", 3),
    "1",
    odfi,
    number,
  ]);
  const control = record([
    "8",
    debitsOnly,
    digits(orders.length, 6),
    digits(hash, 10),
    digits(debits, 12),
    digits(0, 12),
    alpha(originator.companyId, 10),
    alpha("", 25),
    odfi,
    number,
  ]);
  if (header === undefined || control === undefined) {
    return err("a sum or a count is wider than the format: build two files");
  }
  return ok({ records: [header, ...entries, control], count: orders.length, hash, debits });
}

function entryOf(order: DebitOrder, entryClass: EntryClass, trace: string): Result<string, string> {
  const { reference: id, amount, account } = order;
  const routing = checkAbaRouting(account.routing);
  if (!routing.ok) return err(`${id}: the routing number ${routing.error}`);
  if (!/^[0-9A-Z -]{1,17}$/i.test(account.number.trim())) {
    return err(`${id}: the account number must have 1 to 17 digits and letters`);
  }
  if (amount.currency !== "USD" || amount.minor <= 0n) return err(`${id}: only dollars can be debited`);
  // WEB tells single from recurring where PPD leaves two columns to the originator.
  const paymentType = entryClass === "PPD" ? "  " : order.occurrence === "single" ? "S " : "R ";
  const entry = record([
    "6",
    transactionCodes[account.kind],
    routing.value,
    alpha(account.number.trim().toUpperCase(), 17),
    digits(amount.minor, 10),
    id.length <= 15 ? alpha(id, 15) : undefined,
    alpha(account.holder, 22),
    paymentType,
    noAddenda,
    trace,
  ]);
  return entry === undefined ? err(`${id}: the amount or the reference is wider than the format`) : ok(entry);
}

/** `YYMMDD` */
const shortDate = (date: string): string => date.slice(2).replaceAll("-", "");
