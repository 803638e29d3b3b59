import { z } from "zod";
import type { SandboxDocuments } from "../../../src/gateway/sandbox.ts";
import { type AccountCountry, accountCurrencies, isAccountCountry } from "./accounts.ts";
import type { Scene } from "./scene.ts";

/** What time brings by itself; applied by `control.tick()`, never by a timer. */
const dueKinds = [
  "voucher_paid",
  "voucher_expires",
  "debit_settles",
  "microdeposits_expire",
  "push_approved",
  "push_expires",
  "late_money_ends",
  "charge_gets_balance_transaction",
  "refund_succeeds",
  "refund_fails",
  "refund_expires",
  "cash_returns",
  "dispute_opens",
  "dispute_decided_won",
  "dispute_decided_lost",
  "session_expires",
] as const;
type DueKind = (typeof dueKinds)[number];

const dueSchema = z.object({
  id: z.string(),
  account: z.object({
    id: z.string(),
    country: z.custom<AccountCountry>(isAccountCountry),
    currency: z.enum(accountCurrencies),
  }),
  kind: z.enum(dueKinds),
  /** The id of the object it happens to. */
  subject: z.string(),
  /** Unix seconds. */
  at: z.number(),
  /** Minor units, where the kind moves money. */
  amount: z.number(),
});
export type Due = z.output<typeof dueSchema>;

/** Something that will happen to `subject`; a second one of the same kind replaces the first. */
export async function schedule(
  scene: Scene,
  kind: DueKind,
  subject: string,
  at: number,
  amount = 0,
): Promise<void> {
  const due: Due = {
    id: dueId(kind, subject, at, amount),
    account: scene.account,
    kind,
    subject,
    at,
    amount,
  };
  await scene.raw.put("due", due.id, due, ["all"]);
}

export async function unschedule(scene: Scene, kind: DueKind, subject: string): Promise<void> {
  await scene.raw.remove("due", dueId(kind, subject, 0, 0));
}

// Returns of cash are many per customer; everything else happens once to its subject.
const dueId = (kind: DueKind, subject: string, at: number, amount: number): string =>
  kind === "cash_returns" ? `${kind}:${subject}:${at}:${amount}` : `${kind}:${subject}`;

/** What is due by `now`, the oldest first. */
export async function dueBy(raw: SandboxDocuments, now: number): Promise<Due[]> {
  const entries = await raw.list("due", "all", { order: "oldest_first", limit: 100_000 });
  return entries
    .map((entry) => dueSchema.parse(entry.document))
    .filter((due) => due.at <= now)
    .sort((a, b) => a.at - b.at);
}
