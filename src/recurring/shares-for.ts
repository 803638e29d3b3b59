import type { SettingsFund } from "../churches/church-settings.ts";
import { allocate, type Money } from "../kernel/money.ts";
import type { Share } from "./recurring-gift.ts";

/** Another amount in the proportions of a promise, to the cent; a share that comes to nothing is left out. */
export function sharesFor(
  shares: readonly Share[],
  amount: Money,
  funds: readonly SettingsFund[],
): readonly { readonly fund: SettingsFund; readonly amount: Money }[] {
  const parts = allocate(
    amount,
    shares.map((share) => share.amount.minor),
  );
  return shares.flatMap(({ fundId }, index) => {
    const fund = funds.find((one) => one.id === fundId);
    const part = parts[index];
    return fund && part && part.minor > 0n ? [{ fund, amount: part }] : [];
  });
}
