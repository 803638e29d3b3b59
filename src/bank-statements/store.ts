import { z } from "zod";
import type { Tx } from "../db/client.ts";
import { isCurrency } from "../kernel/currency.ts";
import {
  type AttemptId,
  type BankLineId,
  type BankStatementId,
  type ChurchId,
  type GatewayAccountId,
  toId,
  uuidOf,
} from "../kernel/ids.ts";
import { type Money, money } from "../kernel/money.ts";
import { type LineState, lineStates } from "./line-state.ts";
import { type StatementFormat, statementFormats } from "./statement-file.ts";

export type StatementRecord = {
  readonly id: BankStatementId;
  readonly gatewayAccountId: GatewayAccountId;
  readonly format: StatementFormat;
  readonly lines: number;
  readonly createdAt: Date;
};

/** A movement without what is sealed of it. */
export type LineRecord = {
  readonly id: BankLineId;
  readonly statementId: BankStatementId;
  readonly gatewayAccountId: GatewayAccountId;
  readonly bookedOn: string;
  readonly valueOn: string | undefined;
  readonly amount: Money;
  readonly reversal: boolean;
  readonly bankReference: string | undefined;
  readonly keyVersion: number;
  readonly details: Uint8Array;
  readonly state: LineState;
  readonly attemptId: AttemptId | undefined;
  readonly createdAt: Date;
};

const statementRow = z.object({
  id: z.uuid(),
  gateway_account_id: z.uuid(),
  format: z.enum(statementFormats),
  lines: z.number(),
  created_at: z.date(),
});
const day = z.string();
const lineRow = z.object({
  id: z.uuid(),
  statement_id: z.uuid(),
  gateway_account_id: z.uuid(),
  booked_on: day,
  value_on: day.nullable(),
  amount_minor: z.bigint(),
  currency: z.string().refine(isCurrency),
  reversal: z.boolean(),
  bank_reference: z.string().nullable(),
  key_version: z.number(),
  details: z.instanceof(Uint8Array),
  state: z.enum(lineStates),
  attempt_id: z.uuid().nullable(),
  created_at: z.date(),
});

function statementOf(row: unknown): StatementRecord {
  const r = statementRow.parse(row);
  return {
    id: toId("bankStatement", r.id),
    gatewayAccountId: toId("gatewayAccount", r.gateway_account_id),
    format: r.format,
    lines: r.lines,
    createdAt: r.created_at,
  };
}

function lineOf(row: unknown): LineRecord {
  const r = lineRow.parse(row);
  return {
    id: toId("bankLine", r.id),
    statementId: toId("bankStatement", r.statement_id),
    gatewayAccountId: toId("gatewayAccount", r.gateway_account_id),
    bookedOn: r.booked_on,
    valueOn: r.value_on ?? undefined,
    amount: money(r.amount_minor, r.currency),
    reversal: r.reversal,
    bankReference: r.bank_reference ?? undefined,
    keyVersion: r.key_version,
    details: r.details,
    state: r.state,
    attemptId: r.attempt_id === null ? undefined : toId("attempt", r.attempt_id),
    createdAt: r.created_at,
  };
}

const lineColumns = ({ sql }: Tx) => sql`
  id, statement_id, gateway_account_id, booked_on::text, value_on::text, amount_minor, currency, reversal,
  bank_reference, key_version, details, state, attempt_id, created_at`;

export type NewStatement = StatementRecord & { readonly sha256: Uint8Array; readonly importedBy: string };

/** The statement as it was first written for this file; `isNew` false when the file had come before. */
export async function keepStatement(
  tx: Tx,
  church: ChurchId,
  s: NewStatement,
): Promise<{ readonly statement: StatementRecord; readonly isNew: boolean }> {
  const written = await tx.sql`
    insert into bank_statements (church_id, id, gateway_account_id, format, sha256, lines, imported_by, created_at)
    values (${uuidOf(church)}, ${uuidOf(s.id)}, ${uuidOf(s.gatewayAccountId)}, ${s.format}, ${s.sha256}, ${s.lines},
            ${s.importedBy}, ${s.createdAt})
    on conflict (church_id, gateway_account_id, sha256) do nothing`;
  const [row] = await tx.sql`
    select * from bank_statements where church_id = ${uuidOf(church)}
      and gateway_account_id = ${uuidOf(s.gatewayAccountId)} and sha256 = ${s.sha256}`;
  return { statement: statementOf(row), isNew: written.count === 1 };
}

export type NewLine = Omit<LineRecord, "attemptId"> & { readonly fingerprint: Uint8Array };

/** False when this movement is there already, from whatever file. */
export async function keepLine(tx: Tx, church: ChurchId, l: NewLine): Promise<boolean> {
  const written = await tx.sql`
    insert into bank_lines (church_id, id, statement_id, gateway_account_id, fingerprint, booked_on, value_on,
      amount_minor, currency, reversal, bank_reference, key_version, details, state, created_at)
    values (${uuidOf(church)}, ${uuidOf(l.id)}, ${uuidOf(l.statementId)}, ${uuidOf(l.gatewayAccountId)},
      ${l.fingerprint}, ${l.bookedOn}, ${l.valueOn ?? null}, ${l.amount.minor}, ${l.amount.currency}, ${l.reversal},
      ${l.bankReference ?? null}, ${l.keyVersion}, ${l.details}, ${l.state}, ${l.createdAt})
    on conflict (church_id, gateway_account_id, fingerprint) do nothing`;
  return written.count === 1;
}

/** What became of a movement, and whose money it is said to be. */
export async function settleLine(
  tx: Tx,
  church: ChurchId,
  line: BankLineId,
  to: { readonly state: LineState; readonly attemptId: AttemptId | undefined },
  now: Date,
): Promise<void> {
  await tx.sql`
    update bank_lines set state = ${to.state}, attempt_id = ${to.attemptId ? uuidOf(to.attemptId) : null},
      settled_at = ${now}
    where church_id = ${uuidOf(church)} and id = ${uuidOf(line)}`;
}

/** The movement, held until the transaction ends. Lock its attempt first, where it has one. */
export async function lockLine(tx: Tx, church: ChurchId, id: BankLineId): Promise<LineRecord | undefined> {
  const [row] = await tx.sql`
    select ${lineColumns(tx)} from bank_lines
    where church_id = ${uuidOf(church)} and id = ${uuidOf(id)} for update`;
  return row && lineOf(row);
}

/** Every movement that names an attempt, oldest first. */
export async function linesOfAttempt(
  tx: Tx,
  church: ChurchId,
  attempt: AttemptId,
): Promise<readonly LineRecord[]> {
  const rows = await tx.sql`
    select ${lineColumns(tx)} from bank_lines
    where church_id = ${uuidOf(church)} and attempt_id = ${uuidOf(attempt)} order by id`;
  return rows.map(lineOf);
}

export type LineFilter = {
  readonly state?: LineState;
  readonly statementId?: BankStatementId;
  /** Lines older than this one. */
  readonly before?: BankLineId;
  readonly limit: number;
};

/** Newest first. */
export async function listLines(
  tx: Tx,
  church: ChurchId,
  filter: LineFilter,
): Promise<readonly LineRecord[]> {
  const { sql } = tx;
  const rows = await sql`
    select ${lineColumns(tx)} from bank_lines
    where church_id = ${uuidOf(church)}
      ${filter.state ? sql`and state = ${filter.state}` : sql``}
      ${filter.statementId ? sql`and statement_id = ${uuidOf(filter.statementId)}` : sql``}
      ${filter.before ? sql`and id < ${uuidOf(filter.before)}` : sql``}
    order by id desc limit ${filter.limit}`;
  return rows.map(lineOf);
}

/** Newest first. */
export async function listStatements(
  tx: Tx,
  church: ChurchId,
  page: { readonly limit: number; readonly before?: BankStatementId },
): Promise<readonly StatementRecord[]> {
  const rows = await tx.sql`
    select * from bank_statements
    where church_id = ${uuidOf(church)} ${page.before ? tx.sql`and id < ${uuidOf(page.before)}` : tx.sql``}
    order by id desc limit ${page.limit}`;
  return rows.map(statementOf);
}
