import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import { applyOutcome } from "../giving/apply-outcome.ts";
import { arrivedOutcome } from "../giving/arrived-outcome.ts";
import { loadGift } from "../giving/load-gift.ts";
import type { ChurchId } from "../kernel/ids.ts";
import {
  type EntryRecord,
  entriesOf,
  type FileRecord,
  forgetAccount,
  lockFile,
  moveEntry,
  moveFile,
  silentFiles,
} from "./store.ts";

type Parts = Pick<Deps, "db" | "clock" | "log" | "metrics" | "doorbell">;

/** Files settled in one turn. */
const filesMost = 10;

/**
 * What was sent and has not come back by the day it had to is paid: the gifts are captured by giving's one path, and
 * the accounts they were debited from are forgotten. Returns how many gifts. Safe to run twice and in two processes.
 */
export async function settleDebits(parts: Parts, church: ChurchId): Promise<number> {
  const due = await parts.db.inChurch(church, (tx) => silentFiles(tx, church, parts.clock.now(), filesMost));
  let settled = 0;
  for (const { id } of due) {
    settled += await parts.db.inChurch(church, async (tx) => {
      const file = await lockFile(tx, church, id);
      return file?.state === "sent" ? settleFile(parts, tx, church, file) : 0;
    });
  }
  if (settled > 0) parts.doorbell.ring("outbox");
  return settled;
}

async function settleFile(parts: Parts, tx: Tx, church: ChurchId, file: FileRecord): Promise<number> {
  let settled = 0;
  for (const entry of await entriesOf(tx, church, file.id)) {
    if (entry.state === "filed" && (await settleEntry(parts, tx, church, file, entry))) settled += 1;
  }
  await moveFile(tx, church, file.id, { state: "settled" });
  return settled;
}

async function settleEntry(
  parts: Parts,
  tx: Tx,
  church: ChurchId,
  file: FileRecord,
  entry: EntryRecord,
): Promise<boolean> {
  const now = parts.clock.now();
  const gift = await loadGift(tx, church, { attemptId: entry.attemptId }, true);
  if (!gift) return false;
  const arrived = { amount: gift.attempt.amount, on: file.effectiveOn };
  const outcome = arrivedOutcome(gift, arrived, "direct", now);
  const { changed } = await applyOutcome(parts, tx, gift, { kind: "outcome", outcome }, "statement");
  await moveEntry(tx, church, entry, "settled");
  await forgetAccount(tx, church, entry.debitAccountId, now);
  return changed;
}
