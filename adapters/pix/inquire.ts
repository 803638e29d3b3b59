import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type { GatewayEvent } from "../../src/gateway/webhook.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import { type PixAccount, readClaim } from "./claims.ts";
import { type Asking, beginAsking, type Failure } from "./client.ts";
import { arrivalOf } from "./donor-codes.ts";
import { isEndToEndId, readDonorTxid, readTxid } from "./ids.ts";
import type { Notice } from "./notice.ts";
import { claimEvents, subjectOf } from "./translate-event.ts";
import { recOutcome } from "./translate-rec.ts";
import { recSchema } from "./wire.ts";

type Read = Result<readonly GatewayEvent[], string>;

/**
 * What a notice is about, asked at the provider: each claim and each recurrence it names, once. `Err` when one of them
 * could not be read, so that the whole notice is tried again; what is applied twice is applied once.
 */
export async function inquire(account: PixAccount, notice: Notice, call: GatewayCall): Promise<Read> {
  const asking = beginAsking(call);
  const events: GatewayEvent[] = [];
  for (const name of namesIn(notice)) {
    const read =
      notice.kind === "rec" ? await aboutRec(account, name, asking) : await aboutClaim(account, name, asking);
    if (!read.ok) return read;
    events.push(...read.value);
  }
  return ok(events);
}

function namesIn(notice: Notice): ReadonlySet<string> {
  switch (notice.kind) {
    case "pix":
      // A donor's own code is paid again and again: what is asked about is the Pix.
      return new Set(
        notice.pix.map(({ txid = "", endToEndId }) => (readDonorTxid(txid) ? endToEndId : txid)),
      );
    case "cobr":
      return new Set(notice.cobsr.map(({ txid }) => txid));
    case "rec":
      return new Set(notice.recs.map(({ idRec }) => idRec));
  }
}

async function aboutClaim(account: PixAccount, txid: string, asking: Asking): Promise<Read> {
  if (isEndToEndId(txid)) {
    const arrived = await arrivalOf(account, txid, asking);
    if (arrived.ok) return arrived;
    return arrived.error.absent ? ok([{ kind: "ignored", type: "pix.absent" }]) : unread(arrived.error);
  }
  const subject = subjectOf(txid);
  const kind = readTxid(txid)?.kind;
  if (!subject || !kind) return ok([{ kind: "ignored", type: "pix.other" }]);
  const claim = await readClaim(account, kind, txid, asking);
  if (claim.ok) return ok(claimEvents(claim.value, subject, asking.now));
  return claim.failure.absent ? ok([{ kind: "ignored", type: "pix.absent" }]) : unread(claim.failure);
}

async function aboutRec(account: PixAccount, idRec: string, asking: Asking): Promise<Read> {
  const rec = await account.client.ask(recSchema, { method: "GET", path: `/rec/${idRec}` }, asking);
  if (!rec.ok)
    return rec.failure.absent ? ok([{ kind: "ignored", type: "rec.absent" }]) : unread(rec.failure);
  const startsOn = rec.value.calendario?.dataInicial;
  const outcome = recOutcome(rec.value, {
    evidence: rec.evidence,
    receiver: account.receiver,
    ...(startsOn === undefined ? {} : { startsOn }),
  });
  return ok([{ kind: "mandate_changed", gatewayMandateId: idRec, outcome }]);
}

const unread = (failure: Failure): Result<never, string> =>
  err(
    `the provider could not be asked: ${failure.kind === "refused" ? failure.problem.rawCode : failure.cause}`,
  );
