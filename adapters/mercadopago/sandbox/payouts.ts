import type { SandboxDocuments } from "../../../src/gateway/sandbox.ts";
import { compare, isPositive, type Money } from "../../../src/kernel/money.ts";
import { err, ok, type Result } from "../../../src/kernel/result.ts";
import type { Seller } from "./accounts.ts";
import { available, booksOf } from "./books.ts";
import { inDecimal } from "./money-kept.ts";
import { written } from "./payment-shape.ts";
import { digits, payoutsOf, savePayout } from "./state.ts";

/** Whose panel it is done in, and when. */
export type InPanel = { readonly documents: SandboxDocuments; readonly seller: Seller; readonly now: Date };

/** The church takes money out to its bank. Tells the payout's id. */
export async function payOut(panel: InPanel, amount: Money): Promise<Result<string, string>> {
  const { documents, seller, now } = panel;
  if (!isPositive(amount)) return err("An amount must be positive.");
  if (compare(amount, available(await booksOf(documents, seller), seller)) > 0) {
    return err("That is more than is available.");
  }
  const id = digits(12);
  await savePayout(documents, {
    id,
    seller: seller.userId,
    amount: inDecimal(amount),
    date_created: written(now),
    date_returned: null,
  });
  return ok(id);
}

/** The bank sends a payout back: its money is available again. */
export async function returnPayout(panel: InPanel, id: string): Promise<Result<string, string>> {
  const { documents, seller, now } = panel;
  const payout = (await payoutsOf(documents, seller.userId)).find((one) => one.id === id);
  if (!payout || payout.date_returned !== null) return err("There is no such payout.");
  await savePayout(documents, { ...payout, date_returned: written(now) });
  return ok(id);
}
