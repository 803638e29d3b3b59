import type { GatewayManifest } from "../../src/gateway/manifest.ts";
import { money } from "../../src/kernel/money.ts";

/**
 * Debits by the church's own files at its own bank (facts: methods §6.6, payment methods row `ach_nacha_us`). The rail
 * has no look-up and no fee we could know: what the bank takes is in its agreement with the church.
 */
export const achFileManifest: GatewayManifest = {
  id: "ach_file",
  name: "ACH file (Nacha)",
  accountCountries: ["us"],
  amounts: { zeroDecimal: [], twoDecimalZeroed: [], threeDecimalRounded: false, maxDigits: 10 },
  methods: [
    {
      type: "ach_debit",
      kind: "bank_debit",
      countries: ["us"],
      currencies: ["USD"],
      presentations: ["token"],
      tokens: "debit_account",
      requires: ["name"],
      minimum: [money(100n, "USD")],
      // Ten digits of cents in an entry.
      maximum: [money(9_999_999_999n, "USD")],
      // Given back by hand: a file of credits would need the account again, which is opened for debits alone.
      refunds: "none",
      churches: "not_stated",
      confidence: "medium",
    },
  ],
  fees: [],
  repeatsSafely: true,
  lookupSettlesAfterMs: 0,
  confirmedBy: "statement",
  barred: [],
  documents: [
    "Nacha operating rules: file structure, PPD and WEB entries, returns and notifications of change",
    "Federal Reserve Bank Services: holiday schedules",
    "facts: methods §6.6 (ACH file) and §8 (one error set)",
  ],
};
