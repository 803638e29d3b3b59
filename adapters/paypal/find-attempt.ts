import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type { AttemptHandle, Evidence } from "../../src/gateway/payment.ts";
import { after, days, minutes } from "../../src/kernel/clock.ts";
import { type Ask, ask, deadline, type PaypalAccount } from "./client.ts";
import { paypalManifest } from "./manifest.ts";
import type { Failure } from "./translate-errors.ts";
import { transactionsSchema } from "./wire.ts";

/** What a search by our own id has found. */
export type Found =
  | { readonly kind: "capture"; readonly id: string }
  | { readonly kind: "never_paid"; readonly evidence: Evidence }
  /** Nothing found, but the search may still be behind. */
  | { readonly kind: "unsettled"; readonly evidence: Evidence }
  | { readonly kind: "failed"; readonly failure: Failure };

/** Clocks differ a little; an order takes money within three days of its making, however long its life. */
const before = minutes(5);
const until = days(4);
const pageSize = 500;
const pages = 20;

/**
 * Finds an attempt whose answer was lost. Orders cannot be searched, but money can: transactions carry the
 * `custom_id` we gave (as `custom_field`). An order that took none is harmless: its approval page is known only
 * to whoever got the lost answer, and no money moves without our capture. So nothing paid, once the search can be
 * believed (three hours, Transaction Search v1), is as good as never seen.
 */
export async function findAttempt(
  account: PaypalAccount,
  handle: AttemptHandle,
  call: GatewayCall,
): Promise<Found> {
  const about: Ask = { call, signal: deadline(call) };
  const window = {
    startDate: rfc3339(after(handle.createdAt, -before)),
    endDate: rfc3339(earlier(call.now, after(handle.createdAt, until))),
  };
  for (let page = 1; page <= pages; page++) {
    const answer = await ask(account, transactionsSchema, about, ({ transactions }, options) =>
      transactions.searchTransactions({ ...window, fields: "transaction_info", pageSize, page }, options),
    );
    if (!answer.ok) return { kind: "failed", failure: answer.failure };
    const rows = answer.value.transaction_details.map((row) => row.transaction_info);
    const match = rows.find(
      (row) => row.custom_field === handle.attemptId && row.transaction_event_code.startsWith("T00"),
    );
    if (match) return { kind: "capture", id: match.transaction_id };
    if (page >= (answer.value.total_pages ?? 1)) {
      const age = call.now.getTime() - handle.createdAt.getTime();
      const believable = age >= paypalManifest.lookupSettlesAfterMs;
      return { kind: believable ? "never_paid" : "unsettled", evidence: answer.evidence };
    }
  }
  // Not all could be read: nothing may be concluded from not having found it.
  const evidence = { rawCode: "too_many_transactions" };
  return { kind: "failed", failure: { kind: "in_doubt", cause: "gateway_error", evidence } };
}

const earlier = (a: Date, b: Date): Date => (a < b ? a : b);

/** Whole seconds, as the search wants them. */
export const rfc3339 = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;
