import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import { applyOutcome } from "../giving/apply-outcome.ts";
import { arrivedOutcome } from "../giving/arrived-outcome.ts";
import type { Gift } from "../giving/gift.ts";
import { loadGift } from "../giving/load-gift.ts";
import { present } from "../kernel/assert.ts";
import { type AttemptId, type BankLineId, type ChurchId, newId } from "../kernel/ids.ts";
import { bankedEntry, fundsReceivedEntry } from "../ledger/entries.ts";
import type { EntryDraft } from "../ledger/entry-draft.ts";
import { postEntries } from "../ledger/post-entry.ts";
import type { OpenedAccount } from "../routing/gateway-accounts.ts";
import { type Candidate, judgeLine } from "./judge-line.ts";
import type { LineState } from "./line-state.ts";
import type { ParsedLine } from "./statement-file.ts";
import { linesOfAttempt, settleLine } from "./store.ts";

type Parts = Pick<Deps, "clock" | "log" | "metrics">;
type Owner = Pick<OpenedAccount, "id" | "churchId" | "legalEntityId">;
type Movement = { readonly id: BankLineId; readonly line: ParsedLine };

/** The most attempts one line is weighed against; more than that have shared a reference only in a made-up file. */
const mostCandidates = 8;

/**
 * What a new movement means, in the caller's transaction: the attempts it quotes are locked and looked at, the gift is
 * captured or found to conflict by giving's one path, and what is nobody's yet goes to suspense. Returns the state.
 */
export async function applyLine(
  deps: Parts,
  tx: Tx,
  account: Owner,
  movement: Movement,
  quoted: readonly AttemptId[],
): Promise<LineState> {
  const gifts = await lockGifts(tx, account.churchId, quoted);
  const candidates: Candidate[] = [];
  for (const gift of gifts.values()) candidates.push(await candidateOf(tx, gift));
  const verdict = judgeLine(movement.line, candidates);
  if (verdict.kind === "outgoing") return "outgoing";
  const now = deps.clock.now();
  const attemptId = "attemptId" in verdict ? verdict.attemptId : undefined;
  const settled = async (state: LineState): Promise<LineState> => {
    await settleLine(tx, account.churchId, movement.id, { state, attemptId }, now);
    return state;
  };
  const banked = bankedOf(account, movement);
  const book = (entries: readonly EntryDraft[]) => postEntries(tx, account.churchId, entries, now);
  switch (verdict.kind) {
    case "pays": {
      const gift = present(gifts.get(verdict.attemptId), "the attempt was locked");
      const arrived = { amount: movement.line.amount, on: movement.line.bookedOn };
      const outcome = arrivedOutcome(gift, arrived, "direct", now);
      const applied = await applyOutcome(deps, tx, gift, { kind: "outcome", outcome }, "statement", [banked]);
      return settled(applied.gift.attempt.state === "captured" ? "matched" : "conflicted");
    }
    case "proves":
      await book([banked]);
      return settled("matched");
    case "adds_to_conflict":
      await book([receivedOf(account, movement), banked]);
      return settled("conflicted");
    case "duplicate":
      deps.log.warn({ attempt: attemptId, line: movement.id }, "money came for a gift that had been paid");
      await book([receivedOf(account, movement), banked]);
      return settled("duplicate");
    case "unmatched":
      await book([receivedOf(account, movement), banked]);
      return "unmatched";
  }
}

/** In one order, as everybody locks them. */
async function lockGifts(
  tx: Tx,
  church: ChurchId,
  attempts: readonly AttemptId[],
): Promise<ReadonlyMap<AttemptId, Gift>> {
  const gifts = new Map<AttemptId, Gift>();
  for (const attemptId of [...new Set(attempts)].sort().slice(0, mostCandidates)) {
    const gift = await loadGift(tx, church, { attemptId }, true);
    if (gift) gifts.set(attemptId, gift);
  }
  return gifts;
}

async function candidateOf(tx: Tx, { donation, attempt }: Gift): Promise<Candidate> {
  const lines = await linesOfAttempt(tx, donation.churchId, attempt.id);
  return {
    attemptId: attempt.id,
    state: attempt.state,
    amount: attempt.amount,
    captured: attempt.captured,
    createdAt: attempt.createdAt,
    seenAtBank: lines.some(
      ({ state }) => state === "matched" || state === "assigned" || state === "accepted",
    ),
  };
}

const about = (account: Owner, { line }: Movement) => ({
  entryId: newId("entry"),
  legalEntityId: account.legalEntityId,
  gatewayAccountId: account.id,
  occurredAt: new Date(`${line.bookedOn}T12:00:00Z`),
  ...(line.valueOn === undefined ? {} : { valueDate: line.valueOn }),
  amount: line.amount,
});
const bankedOf = (account: Owner, movement: Movement): EntryDraft =>
  bankedEntry({ ...about(account, movement), bankLineId: movement.id });
const receivedOf = (account: Owner, movement: Movement): EntryDraft =>
  fundsReceivedEntry({ ...about(account, movement), gatewayTransactionId: movement.id });
