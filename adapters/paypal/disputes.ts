import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type { Disputes } from "../../src/gateway/disputes.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import { askRaw, type PaypalAccount } from "./client.ts";
import { type DisputeEvent, disputeEvent } from "./translate-dispute.ts";
import { rawCodeOf } from "./translate-errors.ts";
import { disputeListSchema, disputeSchema } from "./wire.ts";

const pageSize = 50;
const pages = 100;

/** PayPal's disputes, for a webhook that was lost. The SDK has no controller for them (facts: conformance §4). */
export const paypalDisputes = (account: PaypalAccount): Disputes => ({
  changedSince: (since, call) => changedSince(account, since, call),
  read: (id, call) => readDispute(account, id, call),
});

/** `GET /v1/customer/disputes?update_time_after=`: opened or moved since, at most 180 days back, page by page. */
async function changedSince(
  account: PaypalAccount,
  since: Date,
  call: GatewayCall,
): Promise<Result<readonly string[], string>> {
  const found: string[] = [];
  const query = new URLSearchParams({ update_time_after: since.toISOString(), page_size: `${pageSize}` });
  let path = `/v1/customer/disputes?${query}`;
  for (let page = 0; page < pages; page++) {
    const listed = await askRaw(account, disputeListSchema, { call }, { method: "GET", path });
    if (!listed.ok) return err(`PayPal's disputes could not be listed: ${rawCodeOf(listed.failure)}`);
    found.push(...listed.value.items.map(({ dispute_id }) => dispute_id));
    const next = nextPath(account, listed.value.links);
    if (next === undefined) return ok(found);
    path = next;
  }
  return err("PayPal lists more disputes than can be read at once");
}

/** The list leaves the transactions out, so each dispute is read by itself. */
async function readDispute(
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
