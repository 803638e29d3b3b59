import { z } from "zod";
import type { ChangeWish } from "../../recurring/decide-change.ts";

/** What a change of amount may bring along to the page where a new permission is given. */
export type CarriedChange = Pick<ChangeWish, "amount" | "allocations">;

const minor = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

/** As a query: `amount=75000&part=general.50000&part=missions.25000`. */
export function carriedChange({ amount, allocations = [] }: CarriedChange): string {
  const query = new URLSearchParams();
  if (amount !== undefined) query.set("amount", String(amount));
  for (const part of allocations) query.append("part", `${part.fund}.${part.amount}`);
  return query.toString();
}

/** The change a query or form carries; nothing where it carries none, or none that can be read. */
export function readCarried(fields: URLSearchParams): CarriedChange | undefined {
  const amount = minor.safeParse(fields.get("amount") ?? "");
  const allocations = fields.getAll("part").flatMap((text) => {
    const at = text.lastIndexOf(".");
    const share = minor.safeParse(text.slice(at + 1));
    return at > 0 && share.success ? [{ fund: text.slice(0, at), amount: share.data }] : [];
  });
  if (!amount.success) return undefined;
  return { amount: amount.data, ...(allocations.length > 0 ? { allocations } : {}) };
}
