import type { MethodType } from "../../gateway/methods.ts";

/** The ways money is pulled, as far as their rules for asking again differ. */
export const rails = ["card", "ach", "sepa", "bacs", "acss", "pix_automatico"] as const;
export type Rail = (typeof rails)[number];

const banks: Partial<Readonly<Record<MethodType, Rail>>> = {
  ach_debit: "ach",
  sepa_debit: "sepa",
  bacs_debit: "bacs",
  acss_debit: "acss",
  pix_automatico: "pix_automatico",
};

/** Saved wallets hold a card or answer as one does: whatever is no bank debit goes by the cards' rules. */
export const railOf = (method: MethodType): Rail => banks[method] ?? "card";

/** Bank rails move on banking days only. Pix moves every day. */
export const keepsBankingDays = (rail: Rail): boolean => rail !== "card" && rail !== "pix_automatico";
