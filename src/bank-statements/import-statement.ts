import { createHash } from "node:crypto";
import type { Deps } from "../deps.ts";
import { attemptsByReference } from "../giving/find-by-reference.ts";
import { isCurrency } from "../kernel/currency.ts";
import { type AttemptId, type ChurchId, type GatewayAccountId, newId } from "../kernel/ids.ts";
import { fieldProblem, type Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import type { OpenedAccount } from "../routing/gateway-accounts.ts";
import { applyLine } from "./apply-line.ts";
import { referencesIn } from "./find-references.ts";
import { fingerprints } from "./fingerprint.ts";
import { sealDetails } from "./line-details.ts";
import type { LineState } from "./line-state.ts";
import { readStatement, type StatementKind } from "./read-statement.ts";
import { namesAnother } from "./same-account.ts";
import type { ParsedLine, StatementFile } from "./statement-file.ts";
import { keepLine, keepStatement, type StatementRecord } from "./store.ts";

type Parts = Pick<Deps, "db" | "vault" | "payments" | "countries" | "clock" | "log" | "metrics" | "doorbell">;

export type ImportOrder = {
  readonly churchId: ChurchId;
  readonly gatewayAccountId: GatewayAccountId;
  readonly mode: "test" | "live" | "any";
  readonly bytes: Uint8Array;
  readonly kind?: StatementKind;
  /** For tables that name none; else that of the account's country. */
  readonly currency?: string;
  /** The API key's id, or `operator`. */
  readonly importedBy: string;
  readonly onProgress?: (done: number, of: number) => void;
};

export type Imported = {
  readonly statement: StatementRecord;
  /** Movements of this file by what became of them now; those known from before are `already`. */
  readonly results: Readonly<Record<LineState, number>>;
  readonly already: number;
};

/** References asked for together, and lines between two reports of progress. */
const batch = 500;

/**
 * Imports a bank's file into an account that is confirmed by statement. Each movement is written with all it does in a
 * transaction of its own, and counts once however often it comes: an import that broke off is simply sent again.
 */
export async function importStatement(parts: Parts, order: ImportOrder): Promise<Result<Imported, Problem>> {
  const account = await accountFor(parts, order);
  if (!account.ok) return account;
  const currency = order.currency ?? parts.countries.get(account.value.country)?.currency ?? "";
  if (!isCurrency(currency)) return err(fieldProblem("currency_unknown", "/currency", "name the currency"));
  const read = readStatement(order.bytes, { ...(order.kind ? { kind: order.kind } : {}), currency });
  if (!read.ok) return err({ code: "invalid_request", detail: read.error });
  const stranger = read.value.statements.find(({ account: named }) =>
    namesAnother(account.value.credentials, named),
  );
  if (stranger) {
    const detail = `the file is of another account, one that ends in ${stranger.account?.slice(-4)}`;
    return err(fieldProblem("invalid_request", "/account", detail));
  }
  const statement = await keepFile(parts, order, read.value);
  const imported = await importLines(parts, account.value, statement, read.value, order.onProgress);
  parts.doorbell.ring("outbox");
  return ok(imported);
}

async function accountFor(parts: Parts, order: ImportOrder): Promise<Result<OpenedAccount, Problem>> {
  const ready = await parts.payments.ready(order.churchId, order.gatewayAccountId);
  if (!ready || (order.mode !== "any" && ready.account.mode !== order.mode)) {
    return err(fieldProblem("not_found", "/account", "the church has no such account in this mode"));
  }
  if (ready.adapter.manifest.confirmedBy !== "statement") {
    const detail = `${ready.adapter.manifest.name} tells itself what arrived: statements are for bank accounts`;
    return err(fieldProblem("invalid_request", "/account", detail));
  }
  return ok(ready.account);
}

function keepFile(parts: Parts, order: ImportOrder, file: StatementFile): Promise<StatementRecord> {
  const { churchId, gatewayAccountId, importedBy } = order;
  return parts.db.inChurch(churchId, async (tx) => {
    const { statement } = await keepStatement(tx, churchId, {
      id: newId("bankStatement"),
      gatewayAccountId,
      format: file.format,
      lines: file.statements.reduce((sum, { lines }) => sum + lines.length, 0),
      sha256: createHash("sha256").update(order.bytes).digest(),
      importedBy,
      createdAt: parts.clock.now(),
    });
    return statement;
  });
}

async function importLines(
  parts: Parts,
  account: OpenedAccount,
  statement: StatementRecord,
  file: StatementFile,
  onProgress: ImportOrder["onProgress"],
): Promise<Imported> {
  const lines = file.statements.flatMap((each) => each.lines);
  const marks = fingerprints(lines);
  const results = zeroes();
  let already = 0;
  for (let start = 0; start < lines.length; start += batch) {
    const some = lines.slice(start, start + batch);
    const quoted = await quotedBy(parts, account, some);
    for (const [n, line] of some.entries()) {
      const fingerprint = marks[start + n] ?? new Uint8Array();
      const state = await importLine(parts, account, statement, { line, fingerprint }, quoted(line));
      if (state) results[state] += 1;
      else already += 1;
    }
    onProgress?.(Math.min(start + batch, lines.length), lines.length);
  }
  return { statement, results, already };
}

/** Which attempts each of these lines quotes: one question for all of them. */
async function quotedBy(
  parts: Parts,
  account: OpenedAccount,
  lines: readonly ParsedLine[],
): Promise<(line: ParsedLine) => readonly AttemptId[]> {
  const references = new Map(
    lines.map((line) => [line, line.amount.minor > 0n ? referencesIn(line) : []] as const),
  );
  const asked = [...new Set([...references.values()].flat())];
  const known = await parts.db.inChurch(account.churchId, (tx) =>
    attemptsByReference(tx, account.churchId, account.id, asked),
  );
  return (line) => (references.get(line) ?? []).flatMap((reference) => known.get(reference) ?? []);
}

/** `undefined` when the movement was known. */
function importLine(
  parts: Parts,
  account: OpenedAccount,
  statement: StatementRecord,
  { line, fingerprint }: { readonly line: ParsedLine; readonly fingerprint: Uint8Array },
  quoted: readonly AttemptId[],
): Promise<LineState | undefined> {
  const { churchId } = account;
  return parts.db.inChurch(churchId, async (tx) => {
    const id = newId("bankLine");
    const sealed = await sealDetails(parts.vault, tx, churchId, id, line);
    const isNew = await keepLine(tx, churchId, {
      id,
      statementId: statement.id,
      gatewayAccountId: account.id,
      fingerprint,
      bookedOn: line.bookedOn,
      valueOn: line.valueOn,
      amount: line.amount,
      reversal: line.reversal,
      bankReference: line.bankReference,
      keyVersion: sealed.keyVersion,
      details: sealed.bytes,
      state: line.amount.minor < 0n ? "outgoing" : "unmatched",
      createdAt: parts.clock.now(),
    });
    return isNew ? applyLine(parts, tx, account, { id, line }, quoted) : undefined;
  });
}

const zeroes = (): Record<LineState, number> => ({
  matched: 0,
  conflicted: 0,
  duplicate: 0,
  unmatched: 0,
  assigned: 0,
  accepted: 0,
  returned: 0,
  outgoing: 0,
});
