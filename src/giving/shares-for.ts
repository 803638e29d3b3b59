import type { SettingsFund } from "../churches/church-settings.ts";
import type { FundId } from "../kernel/ids.ts";
import { allocate, type Money } from "../kernel/money.ts";

/** An amount in the proportions of a promise's shares, to the cent; a share that comes to nothing is left out. */
export function sharesFor(
  shares: readonly { readonly fundId: FundId; readonly amount: Money }[],
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
