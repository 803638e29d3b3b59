import { compare, decimalText, type Money, money } from "../money.ts";
import { checkCreditorReference } from "./creditor-reference.ts";

/**
 * The text of the QR code by which banking apps of the euro area fill in a transfer ("GiroCode"): European Payments
 * Council, EPC069-12, "Quick Response Code: guidelines to enable data capture for the initiation of a SEPA credit
 * transfer". Version 002 (no BIC needed within the EEA), UTF-8, one element a line, empty ones at the end left out.
 * `undefined` where it cannot be said so: an account outside the EEA, not in euros, no amount between 0.01 and 999,999,999.99, or a text too long.
 */
export function epcCode(transfer: {
  readonly iban: string;
  readonly bic?: string | undefined;
  readonly beneficiary: string;
  readonly amount: Money;
  readonly reference?: string | undefined;
}): string | undefined {
  const { amount } = transfer;
  const iban = plain(transfer.iban).replaceAll(" ", "");
  if (!eea.has(iban.slice(0, 2))) return undefined;
  if (amount.currency !== "EUR" || amount.minor <= 0n || compare(amount, most) > 0) return undefined;
  const name = [...plain(transfer.beneficiary)].slice(0, nameMost).join("").trim();
  const reference = plain(transfer.reference ?? "");
  // A creditor reference has a place of its own, where banks carry it whole; anything else is the donor's words.
  const structured = checkCreditorReference(reference);
  const lines = [
    "BCD",
    "002",
    "1",
    "SCT",
    plain(transfer.bic ?? ""),
    name,
    iban,
    `EUR${decimalText(amount)}`,
    "",
    structured.ok ? structured.value : "",
    structured.ok ? "" : reference,
  ];
  const text = lines.join("\n").trimEnd();
  return name !== "" && new TextEncoder().encode(text).length <= bytesMost ? text : undefined;
}

const eea: ReadonlySet<string> = new Set(
  "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split(" "),
);
const most = money(99_999_999_999n, "EUR");
const nameMost = 70;
const bytesMost = 331;

/** One line: nothing a church calls itself may begin another element. */
const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
