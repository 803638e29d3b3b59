import { assert } from "../kernel/assert.ts";
import { add, compare, equals, type Money, money, portion, subtract, zero } from "../kernel/money.ts";
import type { FeeRule } from "./manifest.ts";
import type { GatewayFee } from "./payment.ts";

/**
 * What a gateway keeps of `charged` under `rule`, each part rounded half away from zero to the minor unit, the
 * tax on the rounded fee. The same function prices the checkout and drives the sandboxes.
 */
export function feeOn(charged: Money, rule: FeeRule): GatewayFee {
  const share = portion(charged, rule.percent, "half_away_from_zero");
  const capped = rule.cap && compare(share, rule.cap) > 0 ? rule.cap : share;
  const net = add(capped, rule.fixed);
  const tax = rule.taxOnFee ? portion(net, rule.taxOnFee, "half_away_from_zero") : zero(charged.currency);
  return { amount: add(net, tax), tax };
}

/**
 * The smallest charge that leaves the whole gift after the fee: what the donor who covers the fee pays. The fee
 * is a step function of the charge, so the fixed point is walked to, not divided for. One minor unit more of
 * charge changes what is left by +1, 0 or −1 (when the share and its tax round up together), so on the way up
 * every amount is met: the least charge that leaves at least the gift leaves exactly the gift.
 */
export function chargeCovering(gift: Money, rule: FeeRule): { charge: Money; cover: Money; fee: GatewayFee } {
  assert(gift.minor > 0n, "a gift is positive");
  const left = (minor: bigint) => minor - feeOn(money(minor, gift.currency), rule).amount.minor;
  let least = guess(gift.minor, rule);
  while (least > gift.minor && left(least) >= gift.minor) least -= 1n;
  while (left(least) < gift.minor) least += 1n;
  const charge = money(least, gift.currency);
  const fee = feeOn(charge, rule);
  const cover = subtract(charge, gift);
  assert(equals(cover, fee.amount), "the cover is exactly the fee");
  return { charge, cover, fee };
}

/**
 * A charge a few minor units below the fixed point, by dividing where the fee was a straight line (its roundings
 * are off by less than three units): the walk up from it is short.
 */
function guess(gift: bigint, rule: FeeRule): bigint {
  const scale = 10n ** BigInt(rule.percent.scale);
  const taxScale = 10n ** BigInt(rule.taxOnFee?.scale ?? 0);
  const withTax = taxScale + (rule.taxOnFee?.numerator ?? 0n);
  const line = (percent: bigint, fixed: bigint) =>
    (scale * (gift * taxScale + fixed * withTax)) / (scale * taxScale - percent * withTax) - steps;
  const uncapped = line(rule.percent.numerator, rule.fixed.minor);
  const capped = rule.cap ? line(0n, rule.cap.minor + rule.fixed.minor) : uncapped;
  if (capped < uncapped) return capped > gift ? capped : gift;
  return uncapped > gift ? uncapped : gift;
}

const steps = 3n;
