import type { Tx } from "../../db/client.ts";
import type { Deps } from "../../deps.ts";
import type { ChurchId, MessageId } from "../../kernel/ids.ts";
import type { Problem } from "../../kernel/problem.ts";
import { err, exhaustive, ok, type Result } from "../../kernel/result.ts";
import { addressIndex } from "../addresses.ts";
import { setPreference } from "../preferences.ts";
import type { ReturnKind } from "../states.ts";
import { markDead } from "../store.ts";
import { type Report, readReturned } from "./read-returned.ts";
import { isOurs, type ReturnClaim } from "./return-address.ts";
import { churchOfMessage, concludeReturned, holdReturned, logReturn, type ReturnedMessage } from "./store.ts";

type Parts = Pick<Deps, "db" | "vault" | "clock" | "log" | "metrics">;

/** What became of a mail that was brought. */
export type Taken =
  /** It reports nothing we act on; nothing was changed. */
  | { readonly outcome: "no_report" }
  /** Its token is missing, forged or of no message here; nothing was changed. */
  | { readonly outcome: "not_ours" }
  | {
      readonly outcome: ReturnKind;
      readonly message: MessageId;
      readonly status: string | null;
      /** The same was told before; nothing was changed. */
      readonly again: boolean;
    };

/**
 * Takes in a mail that came back to a return address of ours. A mailbox that does not exist gets nothing more (5yz), one
 * that is full or away is only noted (4yz, 5.2.2), and whoever complains gets no more reminders: what they must know of
 * their own gift is owed to them all the same. Safe to repeat. Refuses with `conflict` while the message is still being
 * sent: the same mail is taken a minute later.
 */
export async function takeInReturned(deps: Parts, raw: Uint8Array): Promise<Result<Taken, Problem>> {
  const { claim, report } = await readReturned(raw);
  const taken = await outcomeOf(deps, claim, report);
  const result = taken.ok ? taken.value.outcome : "too_early";
  deps.metrics.count("ofrenda_mail_returned_total", { result });
  deps.log.info(taken.ok ? { ...taken.value } : { result }, "a mail came back");
  return taken;
}

async function outcomeOf(
  deps: Parts,
  claim: ReturnClaim | undefined,
  report: Report | undefined,
): Promise<Result<Taken, Problem>> {
  if (!report) return ok({ outcome: "no_report" });
  const church = claim && (await churchOfMessage(deps.db, claim.message));
  if (!church) return notOurs;
  return deps.db.inChurch(church, async (tx) => {
    if (!(await isOurs(tx, deps.vault, church, claim))) return notOurs;
    const message = await holdReturned(tx, deps.vault, church, claim);
    if (!message) return notOurs;
    if (message.state === "sending") return tooEarly;
    const { kind: outcome, status } = report;
    const at = deps.clock.now();
    const first = await logReturn(tx, church, claim, { ...report, at });
    if (first) await apply(deps, tx, church, message, { ...report, at });
    return ok({ outcome, message: message.id, status, again: !first });
  });
}

const notOurs: Result<Taken, Problem> = ok({ outcome: "not_ours" });
const tooEarly: Result<Taken, Problem> = err({
  code: "conflict",
  detail: "the message is being sent at this moment: bring the mail again in a minute",
  retryAfterSeconds: 60,
});

async function apply(
  deps: Parts,
  tx: Tx,
  church: ChurchId,
  message: ReturnedMessage,
  report: Report & { readonly at: Date },
): Promise<void> {
  const { donorId, recipient } = message;
  const { kind, at } = report;
  switch (kind) {
    // The server goes on trying.
    case "delayed":
      return;
    case "failed":
      await conclude(tx, church, message, kind, report);
      return;
    case "bounced": {
      await conclude(tx, church, message, kind, report);
      // The church's own address is the church's to mend.
      if (donorId === null || recipient === null) return;
      const index = await addressIndex(tx, deps.vault, church, "email", recipient);
      await markDead(tx, church, { addressIndex: index, channel: "email", why: "bounced", at });
      return;
    }
    case "complained": {
      if (donorId === null) return;
      const no = { channel: "email", category: "reminder", wanted: false, source: "complaint", at } as const;
      await setPreference(tx, church, donorId, no);
      return;
    }
    default:
      exhaustive(kind);
  }
}

/** The message did not arrive after all, unless it has been sent again since, or is about to be. */
async function conclude(
  tx: Tx,
  church: ChurchId,
  { id, state, recipient }: ReturnedMessage,
  end: "failed" | "bounced",
  { status, answer }: Report,
): Promise<void> {
  if (state !== "sent" || recipient === null) return;
  const words = ["it came back:", status, answer].filter((word) => word !== null);
  await concludeReturned(tx, church, id, { state: end, fault: words.join(" ").slice(0, 300) });
}
