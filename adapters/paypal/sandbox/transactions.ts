import { days } from "../../../src/kernel/clock.ts";
import { type Money, negate } from "../../../src/kernel/money.ts";
import { apiUrl } from "./addresses.ts";
import type { Transaction } from "./documents.ts";
import { written } from "./money.ts";
import { Refusal } from "./refusal.ts";
import { type Scene, stamp } from "./scene.ts";
import { transactionView } from "./views.ts";

export type Booking = {
  /** PayPal's id of what was booked; one of its own where absent. */
  readonly id?: string;
  readonly code: string;
  readonly amount: Money;
  /** What PayPal kept, positive. */
  readonly fee?: Money;
  readonly reference?: string;
  readonly customId?: string | null;
  readonly invoiceId?: string | null;
  readonly status?: Transaction["status"];
};

/** Books on the account's balance. */
export async function book(scene: Scene, booking: Booking): Promise<void> {
  const { account, documents, house, now } = scene;
  const fee = booking.fee && booking.fee.minor !== 0n ? written(negate(booking.fee)) : null;
  await documents.put("transaction", {
    id: booking.id ?? house.ids.payment(),
    account: account.id,
    code: booking.code,
    status: booking.status ?? "S",
    amount: written(booking.amount),
    fee,
    reference: booking.reference ?? null,
    customId: booking.customId ?? null,
    invoiceId: booking.invoiceId ?? null,
    at: stamp(now),
  });
}

const most = 10_000;

/** `GET /v1/reporting/transactions`: at most 31 days, 500 rows a page, both ends of the window included. */
export async function searchTransactions(scene: Scene, query: URLSearchParams): Promise<object> {
  const from = timeIn(query, "start_date");
  const to = timeIn(query, "end_date");
  if (to < from || to.getTime() - from.getTime() > days(31)) {
    throw new Refusal(400, { issue: "INVALID_PARAMETER_VALUE", field: "end_date" });
  }
  const size = countIn(query, "page_size", 100, 500);
  const page = countIn(query, "page", 1, Number.MAX_SAFE_INTEGER);
  const visible = scene.now.getTime() - scene.house.searchDelayMs;
  const wanted = query.get("balance_affecting_records_only") !== "N";
  const all = await scene.documents.list("transaction", `account=${scene.account.id}`);
  const found = all.filter(({ at, status }) => {
    const booked = Date.parse(at);
    const inside = booked >= from.getTime() && booked <= to.getTime() && booked <= visible;
    return inside && (!wanted || status !== "P");
  });
  if (found.length > most) throw new Refusal(400, { issue: "RESULTSET_TOO_LARGE" });
  const rows = found.slice((page - 1) * size, page * size);
  return {
    ...(rows.length > 0 ? { transaction_details: rows.map(transactionView) } : {}),
    account_number: "TESTACCOUNT",
    start_date: stamp(from),
    end_date: stamp(to),
    last_refreshed_datetime: stamp(new Date(visible)),
    page,
    total_items: found.length,
    total_pages: Math.max(1, Math.ceil(found.length / size)),
    links: [{ href: apiUrl(`/v1/reporting/transactions?${query}`), rel: "self", method: "GET" }],
  };
}

const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

function timeIn(query: URLSearchParams, name: string): Date {
  const text = query.get(name);
  if (text === null) throw new Refusal(400, { issue: "MISSING_REQUIRED_PARAMETER", field: name });
  if (!rfc3339.test(text)) throw new Refusal(400, { issue: "INVALID_PARAMETER_SYNTAX", field: name });
  return new Date(text);
}

function countIn(query: URLSearchParams, name: string, standard: number, most: number): number {
  const text = query.get(name) ?? String(standard);
  const count = Number(text);
  if (!/^\d{1,15}$/.test(text) || count < 1 || count > most) {
    throw new Refusal(400, { issue: "INVALID_PARAMETER_VALUE", field: name });
  }
  return count;
}
