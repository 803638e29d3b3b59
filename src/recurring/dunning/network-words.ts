import { days, hours } from "../../kernel/clock.ts";

/** What a network says of asking again: obeyed before any plan of ours. */
export type Advice =
  | { readonly kind: "never" }
  /** The card's data are old: the donor gives new ones. */
  | { readonly kind: "new_method" }
  | { readonly kind: "not_before"; readonly ms: number }
  | { readonly kind: "free" };

/** Mastercard's advice codes, MAC (facts: intelligence §4; docs.stripe.com/declines, network_advice_code). */
export const merchantAdvice: Readonly<Record<string, Advice>> = {
  "01": { kind: "new_method" },
  "02": { kind: "not_before", ms: hours(72) },
  "03": { kind: "never" },
  "21": { kind: "never" },
  "24": { kind: "not_before", ms: hours(1) },
  "25": { kind: "not_before", ms: hours(24) },
  "26": { kind: "not_before", ms: days(2) },
  "27": { kind: "not_before", ms: days(4) },
  "28": { kind: "not_before", ms: days(6) },
  "29": { kind: "not_before", ms: days(8) },
  "30": { kind: "not_before", ms: days(10) },
  // A prepaid card that cannot be filled again, and a virtual card for one use, have nothing more to give.
  "40": { kind: "new_method" },
  "41": { kind: "new_method" },
  // A virtual card for many uses is as any other.
  "43": { kind: "free" },
};

/** Visa's category 1: the issuer will never approve (facts: intelligence §4, network limits). */
export const visaNever: ReadonlySet<string> = new Set([
  "04",
  "07",
  "12",
  "14",
  "15",
  "41",
  "43",
  "46",
  "57",
  "R0",
  "R1",
  "R3",
]);

/** The advice in a decline of a network's card; none where the network said nothing we know. */
export function adviceOf(
  network: string | undefined,
  decline: { readonly adviceCode?: string | undefined; readonly networkCode?: string | undefined },
): Advice {
  if (network === "visa" && visaNever.has(decline.networkCode ?? "")) return { kind: "new_method" };
  const advised = merchantAdvice[decline.adviceCode ?? ""];
  return network === "visa" || !advised ? { kind: "free" } : advised;
}
