import type { ChurchSettings } from "../churches/church-settings.ts";
import type { Deps } from "../deps.ts";
import { giveDonation } from "../giving/give-donation.ts";
import type { GiveRequest } from "../giving/give-request.ts";
import { present } from "../kernel/assert.ts";
import { type ChurchId, type OfflineBatchId, parseId } from "../kernel/ids.ts";
import { connectGateway } from "../routing/connect-gateway.ts";
import type { OfflineBatch, OfflineLine } from "./batch.ts";
import { inPerson } from "./methods.ts";
import { batchesToBook, loadBatch, setBatchState, setLine } from "./store.ts";

const gateway = "offline";

/**
 * Books what two have counted: each line is a donation by the one path every gift takes, under a key made of batch and
 * line, so that a turn cut off in the middle is simply taken again. `undefined` when there is no such batch to book.
 */
export async function bookBatch(
  deps: Deps,
  church: ChurchId,
  id: OfflineBatchId,
): Promise<OfflineBatch | undefined> {
  const batch = await deps.db.inChurch(church, (tx) => loadBatch(tx, deps.vault, church, id, false));
  if (batch?.state !== "counted") return batch;
  const settings = present(await deps.settings.readFresh(church), "a batch is of a church");
  const entity = present(
    settings.legalEntities.find((each) => each.id === batch.legalEntityId),
    "a batch is of a legal entity",
  );
  await openAccountOnce(deps, batch, entity.country, settings.accounts);
  const country = present(deps.countries.get(entity.country), "its country is served");
  const profile = { ...inPerson(country), currency: batch.total.currency };
  const ofEntity = (all: ChurchSettings | undefined) =>
    all && { ...all, accounts: all.accounts.filter((each) => each.legalEntityId === batch.legalEntityId) };
  const counting: Deps = {
    ...deps,
    countries: new Map([[country.code, profile]]),
    // Another legal entity's cash is not this one's, though both may be of the same country.
    settings: {
      read: async (id) => ofEntity(await deps.settings.read(id)),
      readFresh: async (id) => ofEntity(await deps.settings.readFresh(id)),
    },
  };
  const lines: OfflineLine[] = [];
  for (const [position, line] of batch.lines.entries()) {
    lines.push(line.donationId ? line : await bookLine(counting, batch, position, line, country.code));
  }
  const done = lines.every((line) => line.donationId !== undefined);
  if (done) await deps.db.inChurch(church, (tx) => setBatchState(tx, batch, { state: "booked" }));
  return { ...batch, lines, state: done ? "booked" : "counted" };
}

/** One turn over the batches of a church whose booking was cut off; how many lines it booked. */
export async function bookCounted(deps: Deps, church: ChurchId): Promise<number> {
  const due = await deps.db.inChurch(church, (tx) => batchesToBook(tx, church));
  let booked = 0;
  for (const id of due) if ((await bookBatch(deps, church, id))?.state === "booked") booked += 1;
  return booked;
}

async function bookLine(
  deps: Deps,
  batch: OfflineBatch,
  position: number,
  line: OfflineLine,
  country: string,
): Promise<OfflineLine> {
  const given = await giveDonation(deps, requestFor(batch, position, line, country));
  const donationId = given.ok ? parseId("donation", given.value.donation.id) : undefined;
  const fault = given.ok ? undefined : given.error.detail;
  await deps.db.inChurch(batch.churchId, (tx) =>
    donationId
      ? setLine(tx, batch, position, { donationId, fault: null })
      : setLine(tx, batch, position, { fault: fault ?? "not booked" }),
  );
  if (!donationId) deps.log.error({ batch: batch.id, position, fault }, "a counted gift could not be booked");
  return { ...line, donationId, fault };
}

function requestFor(batch: OfflineBatch, position: number, line: OfflineLine, country: string): GiveRequest {
  const { reference, note, ...donor } = line.words;
  const words = [reference, note].filter(Boolean).join(" · ");
  return {
    churchId: batch.churchId,
    mode: batch.mode,
    principal: gateway,
    idempotencyKey: `${batch.id}-${position}`,
    amount: line.amount,
    country,
    method: { type: line.method },
    donor: Object.fromEntries(Object.entries(donor).filter(([, text]) => text !== undefined)),
    allocations: line.allocations,
    coverFees: false,
    anonymous: false,
    ...(words === "" ? {} : { note: words }),
    receivedAt: middayOf(batch.receivedOn),
    traceId: batch.id.slice(4),
  };
}

/** The middle of the day, UTC: the same calendar day in every country we serve. */
const middayOf = (day: string): Date => new Date(`${day}T15:00:00Z`);

/** The legal entity's own account for what is handed over: opened by its first batch. */
async function openAccountOnce(
  deps: Deps,
  batch: OfflineBatch,
  country: string,
  accounts: readonly { readonly gateway: string; readonly mode: string; readonly legalEntityId: string }[],
): Promise<void> {
  const there = accounts.some(
    (each) =>
      each.gateway === gateway && each.mode === batch.mode && each.legalEntityId === batch.legalEntityId,
  );
  if (there) return;
  const { churchId, legalEntityId, mode } = batch;
  const opened = await connectGateway(deps, {
    churchId,
    legalEntityId,
    gateway,
    country,
    mode,
    label: "Counted by hand",
    sandbox: false,
    credentials: {},
    webhookSecret: undefined,
  });
  if (!opened.ok) throw new Error(`no account for gifts counted by hand: ${opened.error.detail}`);
  await deps.settings.readFresh(churchId);
}
