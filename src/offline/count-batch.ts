import type { Deps } from "../deps.ts";
import { checkAllocations } from "../giving/give-request.ts";
import { type ChurchId, type LegalEntityId, newId, type OfflineBatchId } from "../kernel/ids.ts";
import { equals, type Money, sum } from "../kernel/money.ts";
import { fieldProblem, type Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import type { OfflineBatch, OfflineLine } from "./batch.ts";
import { bookBatch } from "./book-batch.ts";
import { insertBatch, loadBatch, setBatchState } from "./store.ts";

/** Who counts: the bare id of an API key, one for each person. */
export type Counter = string;

export type BatchOrder = {
  readonly churchId: ChurchId;
  readonly mode: "test" | "live";
  readonly enteredBy: Counter;
  /** The first of the keys by which that key was made: of one root, one person. */
  readonly enteredRoot: Counter;
  /** Absent: the church's only legal entity. */
  readonly legalEntityId?: LegalEntityId;
  readonly label: string;
  readonly receivedOn: string;
  readonly currency: Money["currency"];
  readonly lines: readonly Omit<OfflineLine, "donationId" | "fault">[];
};

/**
 * The first count: what was handed over, line by line. Every fund must be open and every line's shares add up, so
 * that nothing is found wrong only after the second count. Nothing is booked yet.
 */
export async function enterBatch(deps: Deps, order: BatchOrder): Promise<Result<OfflineBatch, Problem>> {
  const settings = await deps.settings.readFresh(order.churchId);
  if (!settings) return err({ code: "church_unknown", detail: "there is no such church" });
  const entities = settings.legalEntities;
  const entity = order.legalEntityId
    ? entities.find(({ id }) => id === order.legalEntityId)
    : entities.length === 1
      ? entities[0]
      : undefined;
  if (!entity) {
    const known = entities.map(({ id }) => id).join(", ");
    return err(fieldProblem("invalid_request", "/legal_entity", `name one of: ${known}`));
  }
  if (Date.parse(order.receivedOn) > deps.clock.now().getTime() + dayMs) {
    return err(fieldProblem("invalid_request", "/received_on", "is in the future"));
  }
  for (const [index, line] of order.lines.entries()) {
    const shares = checkAllocations({ amount: line.amount, allocations: line.allocations }, settings.funds);
    if (!shares.ok) return err(inLine(index, shares.error));
  }
  const batch: OfflineBatch = {
    ...order,
    id: newId("offlineBatch"),
    legalEntityId: entity.id,
    total: sum(
      order.lines.map((line) => line.amount),
      order.currency,
    ),
    state: "open",
    countedBy: undefined,
    createdAt: deps.clock.now(),
    lines: order.lines.map((line) => ({ ...line, donationId: undefined, fault: undefined })),
  };
  await deps.db.inChurch(order.churchId, (tx) => insertBatch(tx, deps.vault, batch));
  return ok(batch);
}

const dayMs = 86_400_000;

const inLine = (index: number, problem: Problem): Problem => ({
  ...problem,
  detail: `line ${index + 1}: ${problem.detail}`,
  errors: problem.errors?.map((each) => ({ ...each, pointer: `/lines/${index}${each.pointer}` })) ?? [],
});

/**
 * The second count, by somebody else, who says what they counted without being told what the first did. Where the two
 * agree every line is booked; where not, nothing is, and both count again.
 */
export async function countBatch(
  deps: Deps,
  church: ChurchId,
  which: { readonly id: OfflineBatchId; readonly mode: "test" | "live" },
  count: { readonly countedBy: Counter; readonly countedRoot: Counter; readonly total: Money },
): Promise<Result<OfflineBatch, Problem>> {
  const agreed = await deps.db.inChurch(church, async (tx): Promise<Result<OfflineBatch, Problem>> => {
    const batch = await openBatch(deps, tx, church, which);
    if (!batch.ok) return batch;
    const { countedBy, countedRoot } = count;
    if (batch.value.enteredBy === countedBy) return err(secondPerson);
    if (batch.value.enteredRoot === countedRoot) return err(oneHand);
    if (!equals(batch.value.total, count.total)) return err(countsDiffer);
    const countedAt = deps.clock.now();
    await setBatchState(tx, batch.value, { state: "counted", countedBy, countedRoot, countedAt });
    return ok({ ...batch.value, state: "counted", countedBy });
  });
  if (!agreed.ok) return agreed;
  const booked = await bookBatch(deps, church, which.id);
  return ok(booked ?? agreed.value);
}

/** Throws a batch away before anything of it was booked: a line was wrong, and it is entered anew. */
export function discardBatch(
  deps: Deps,
  church: ChurchId,
  which: { readonly id: OfflineBatchId; readonly mode: "test" | "live" },
): Promise<Result<OfflineBatch, Problem>> {
  return deps.db.inChurch(church, async (tx) => {
    const batch = await openBatch(deps, tx, church, which);
    if (!batch.ok) return batch;
    await setBatchState(tx, batch.value, { state: "discarded" });
    return ok({ ...batch.value, state: "discarded" as const });
  });
}

async function openBatch(
  deps: Pick<Deps, "vault">,
  tx: Parameters<typeof loadBatch>[0],
  church: ChurchId,
  which: { readonly id: OfflineBatchId; readonly mode: "test" | "live" },
): Promise<Result<OfflineBatch, Problem>> {
  const batch = await loadBatch(tx, deps.vault, church, which.id, true);
  if (batch?.mode !== which.mode) return err(unknownBatch);
  if (batch.state !== "open") {
    return err({ code: "conflict", detail: `the batch is ${batch.state}: it cannot be changed` });
  }
  return ok(batch);
}

export const unknownBatch: Problem = { code: "not_found", detail: "the church has no such batch" };
const secondPerson: Problem = {
  code: "forbidden",
  detail: "the second count is made by another person, with a key of their own, than the first",
};
const oneHand: Problem = {
  code: "forbidden",
  detail:
    "this key and the first counter's were made or rotated by one key, whose holder has had both: " +
    "let the operator (ofrenda key create) or the platform make each counter's key",
};
const countsDiffer: Problem = {
  code: "conflict",
  detail:
    "the two counts differ: count again, both of you; if the first was wrong, discard the batch and enter it anew",
  errors: [{ pointer: "/total", detail: "is not what was entered" }],
};
