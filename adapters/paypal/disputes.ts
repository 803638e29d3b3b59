import type { GatewayCall } from "../../src/gateway/adapter.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import { askRaw, type PaypalAccount } from "./client.ts";
import { type DisputeEvent, disputeEvent } from "./translate-dispute.ts";
import { rawCodeOf } from "./translate-errors.ts";
import { disputeListSchema, disputeSchema } from "./wire.ts";

const pageSize = 50;
const pages = 100;

/**
 * The disputes of the account that were opened since, as the events a webhook would have brought: for a webhook
 * that was lost. `GET /v1/customer/disputes` lists them without their transactions, so each is read by itself. The
 * SDK has no controller for it (facts: conformance §4). `Err` holds a sentence for the operator.
 */
export async function disputesSince(
  account: PaypalAccount,
  since: Date,
  call: GatewayCall,
): Promise<Result<readonly DisputeEvent[], string>> {
  const found: DisputeEvent[] = [];
  let path = `/v1/customer/disputes?start_time=${encodeURIComponent(since.toISOString())}&page_size=${pageSize}`;
  for (let page = 0; page < pages; page++) {
    const listed = await askRaw(account, disputeListSchema, { call }, { method: "GET", path });
    if (!listed.ok) return err(`PayPal's disputes could not be listed: ${rawCodeOf(listed.failure)}`);
    for (const { dispute_id } of listed.value.items) {
      const one = await oneDispute(account, dispute_id, call);
      if (!one.ok) return one;
      if (one.value) found.push(one.value);
    }
    const next = nextPath(account, listed.value.links);
    if (next === undefined) return ok(found);
    path = next;
  }
  return err("PayPal lists more disputes than can be read at once");
}

async function oneDispute(
  account: PaypalAccount,
  id: string,
  call: GatewayCall,
): Promise<Result<DisputeEvent | undefined, string>> {
  const path = `/v1/customer/disputes/${encodeURIComponent(id)}`;
  const read = await askRaw(account, disputeSchema, { call }, { method: "GET", path });
  return read.ok
    ? disputeEvent(read.value)
    : err(`dispute ${id} could not be read: ${rawCodeOf(read.failure)}`);
}

/** The path and query of the link `next`; only these are followed, never another host. */
function nextPath(
  account: PaypalAccount,
  links: readonly { readonly href: string; readonly rel: string }[],
): string | undefined {
  const href = links.find((link) => link.rel === "next")?.href;
  if (href === undefined || !URL.canParse(href, account.baseUrl)) return undefined;
  const { pathname, search } = new URL(href, account.baseUrl);
  return pathname === "/v1/customer/disputes" ? `${pathname}${search}` : undefined;
}
