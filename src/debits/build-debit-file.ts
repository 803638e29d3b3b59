import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import {
  type DebitFile,
  type DebitFiles,
  type DebitOrder,
  readDebitPaymentId,
} from "../gateway/debit-files.ts";
import { applyOutcome } from "../giving/apply-outcome.ts";
import { attemptsInState } from "../giving/attempts-in-state.ts";
import type { Gift } from "../giving/gift.ts";
import { loadGift } from "../giving/load-gift.ts";
import {
  type AttemptId,
  type ChurchId,
  type DebitAccountId,
  type DebitFileId,
  type GatewayAccountId,
  newId,
} from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { openKeptAccount } from "./keep-account.ts";
import { entriesOf, type FileRecord, filesOfDay, insertFile, isFiled, lockFile } from "./store.ts";
import { writerOf } from "./writer-of.ts";

type Parts = Pick<Deps, "db" | "vault" | "payments" | "clock" | "log" | "metrics" | "doorbell">;

/** The most gifts in one file, and attempts looked at in one query. */
const mostEntries = 5000;
const pageSize = 500;

export type BuiltFile = {
  readonly record: FileRecord;
  /** Holds account numbers: goes to the operator's file and nowhere else. */
  readonly text: string;
  /** Gifts that could not be debited, because the account they name is not kept: declined now. */
  readonly withoutAccount: number;
};

type Entry = { readonly gift: Gift; readonly order: DebitOrder; readonly account: DebitAccountId };
type Gathered = { readonly entries: readonly Entry[]; readonly withoutAccount: readonly Gift[] };

/**
 * Builds a file of every gift that waits for one, and writes down which gifts are in it, in one transaction: a gift is
 * in one file, whoever builds at the same moment. When the text is lost, {@link rebuildDebitFile} makes it again.
 */
export async function buildDebitFile(
  parts: Parts,
  church: ChurchId,
  account: GatewayAccountId,
): Promise<Result<BuiltFile, Problem>> {
  const writer = await writerOf(parts, church, account);
  if (!writer.ok) return writer;
  const now = parts.clock.now();
  const built = await parts.db.inChurch(church, async (tx) => {
    const gathered = await gather(parts, tx, church, account);
    for (const gift of gathered.withoutAccount) await declineWithoutAccount(parts, tx, gift);
    return write(tx, writer.value.files, { church, account, gathered, now });
  });
  parts.doorbell.ring("outbox");
  return built;
}

async function gather(
  parts: Pick<Parts, "vault">,
  tx: Tx,
  church: ChurchId,
  account: GatewayAccountId,
): Promise<Gathered> {
  const entries: Entry[] = [];
  const withoutAccount: Gift[] = [];
  let after: AttemptId | undefined;
  for (;;) {
    const page = await attemptsInState(tx, church, account, {
      state: "processing",
      limit: pageSize,
      ...(after ? { after } : {}),
    });
    for (const attemptId of page) {
      if (entries.length >= mostEntries) return { entries, withoutAccount };
      const gift = await loadGift(tx, church, { attemptId }, true);
      if (gift?.attempt.state !== "processing" || (await isFiled(tx, church, attemptId))) continue;
      const entry = await entryOf(parts, tx, gift);
      if (entry) entries.push(entry);
      else withoutAccount.push(gift);
    }
    after = page.at(-1);
    if (page.length < pageSize) return { entries, withoutAccount };
  }
}

async function entryOf(parts: Pick<Parts, "vault">, tx: Tx, gift: Gift): Promise<Entry | undefined> {
  const named = readDebitPaymentId(gift.attempt.gatewayPaymentId ?? "");
  if (!named) return undefined;
  const kept = await openKeptAccount(tx, parts.vault, gift.donation.churchId, named.account);
  if (!kept) return undefined;
  const { account, authorization } = kept;
  const { amount } = gift.attempt;
  const order = { reference: named.reference, amount, account, authorization, occurrence: "single" } as const;
  return { gift, order, account: named.account };
}

async function declineWithoutAccount(parts: Parts, tx: Tx, gift: Gift): Promise<void> {
  const decline = { reason: "account_invalid", retry: "fix_details", rawCode: "no_account" } as const;
  const outcome = { kind: "declined", decline, evidence: { rawCode: "no_account" } } as const;
  await applyOutcome(parts, tx, gift, { kind: "outcome", outcome }, "operator");
}

async function write(
  tx: Tx,
  files: DebitFiles,
  made: {
    readonly church: ChurchId;
    readonly account: GatewayAccountId;
    readonly gathered: Gathered;
    readonly now: Date;
  },
): Promise<Result<BuiltFile, Problem>> {
  const { church, account, gathered, now } = made;
  const madeOn = files.dayOf(now);
  const sequenceOfDay = await filesOfDay(tx, church, account, madeOn);
  const file = files.build({ orders: gathered.entries.map(({ order }) => order), now, sequenceOfDay });
  if (!file.ok) return err({ code: "invalid_request", detail: file.error });
  const record = await insertFile(tx, church, {
    id: newId("debitFile"),
    gatewayAccountId: account,
    madeOn,
    sequenceOfDay,
    file: file.value,
    sha256: await digestOf(file.value),
    entries: gathered.entries.map(({ gift, account: debitAccountId }) => ({
      attemptId: gift.attempt.id,
      debitAccountId,
    })),
    now,
  });
  return ok({ record, text: file.value.text, withoutAccount: gathered.withoutAccount.length });
}

const digestOf = async (file: DebitFile): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(file.text)));

/**
 * The text of a file that was built before, made again from what is sealed, and the same to the byte; refused once it
 * is settled, when its account numbers are forgotten.
 */
export async function rebuildDebitFile(
  parts: Parts,
  church: ChurchId,
  id: DebitFileId,
): Promise<Result<BuiltFile, Problem>> {
  return parts.db.inChurch(church, async (tx) => {
    const record = await lockFile(tx, church, id);
    if (!record) return err({ code: "not_found", detail: `this church has no file ${id}` });
    const writer = await writerOf(parts, church, record.gatewayAccountId);
    if (!writer.ok) return writer;
    const orders: DebitOrder[] = [];
    for (const { attemptId } of await entriesOf(tx, church, id)) {
      const gift = await loadGift(tx, church, { attemptId }, false);
      const entry = gift && (await entryOf(parts, tx, gift));
      if (entry) orders.push(entry.order);
    }
    const { createdAt: now, sequenceOfDay } = record;
    const file = writer.value.files.build({ orders, now, sequenceOfDay });
    if (!file.ok || !equalBytes(await digestOf(file.value), record.sha256)) {
      const detail = "it cannot be made again as it was: accounts in it have been forgotten";
      return err({ code: "invalid_request", detail });
    }
    return ok({ record, text: file.value.text, withoutAccount: 0 });
  });
}

const equalBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);
