import { achFile } from "../../adapters/ach-file/index.ts";
import {
  type DebitFile,
  type DebitFiles,
  type DebitOrder,
  debitPaymentId,
} from "../../src/gateway/debit-files.ts";
import type { AttemptHandle, CollectOrder } from "../../src/gateway/payment.ts";
import { newId } from "../../src/kernel/ids.ts";
import { type Money, money } from "../../src/kernel/money.ts";
import { now } from "./gateway-under-test.ts";

export const dollars = (minor: bigint): Money => money(minor, "USD");

/** An origination agreement, with routing numbers that documents print as examples. */
export const agreement = {
  destination: "021000021",
  destination_name: "Example Bank",
  origin: "1911144442",
  origin_name: "Luz Church Inc",
  company_name: "Luz Church",
  company_id: "1911144442",
  odfi: "021000021",
  purpose: "DONATION",
} as const;

export const adapter = achFile.factory.create({
  credentials: agreement,
  transport: () => {
    throw new Error("a bank that takes files is never called");
  },
});

export const files: DebitFiles = (() => {
  if (!adapter.debitFiles) throw new Error("the adapter writes no files");
  return adapter.debitFiles;
})();

export function orderFor(amount = dollars(12_550n), more: Partial<CollectOrder> = {}): CollectOrder {
  return {
    attemptId: newId("attempt"),
    donationId: newId("donation"),
    amount,
    country: "us",
    method: { type: "ach_debit", presentation: "token", token: newId("debitAccount") },
    donor: { reference: newId("donor"), name: "Ana Núñez" },
    description: "Luz Church",
    returnUrl: "https://give.test/don",
    cancelUrl: "https://give.test/don?canceled",
    notificationUrl: "https://give.test/webhooks/ach_file/x",
    locale: "en-US",
    mandateAcceptance: { ipAddress: "203.0.113.7", userAgent: "test" },
    ...more,
  };
}

/** The attempt as it is asked about once it was collected. */
export const handleOf = (order: CollectOrder, gatewayPaymentId: string, createdAt = now): AttemptHandle => ({
  attemptId: order.attemptId,
  gatewayPaymentId,
  method: order.method.type,
  country: order.country,
  amount: order.amount,
  createdAt,
});

export function debit(more: Partial<DebitOrder> = {}): DebitOrder {
  return {
    reference: debitPaymentId(newId("attempt"), newId("debitAccount")).slice(0, 15),
    amount: dollars(12_550n),
    account: { routing: "110000000", number: "000123456789", kind: "checking", holder: "Ana Núñez" },
    authorization: "online",
    occurrence: "single",
    ...more,
  };
}

export function built(orders: readonly DebitOrder[], at = now, sequenceOfDay = 0): DebitFile {
  const file = files.build({ orders, now: at, sequenceOfDay });
  if (!file.ok) throw new Error(file.error);
  return file.value;
}

/**
 * The file a bank writes when it gives debits back: the entries as they were sent, with the codes for returned ones
 * (26 and 36), each followed by its addendum; the sums over what is in it.
 */
export function returnsFile(
  returned: readonly { readonly order: DebitOrder; readonly code: string; readonly trace: string }[],
  on = "261125",
): string {
  const entries = returned.flatMap(({ order, code, trace }, index) => {
    const own = `11000000${String(index + 1).padStart(7, "0")}`;
    const kind = order.account.kind === "checking" ? "26" : "36";
    const isChange = code.startsWith("C");
    const minor = isChange ? 0n : order.amount.minor;
    return [
      `6${isChange ? "21" : kind}021000021${order.account.number.padEnd(17)}${String(minor).padStart(10, "0")}${order.reference}${order.account.holder.replace("ú", "u").replace("ñ", "n").padEnd(22)}S 1${own}`,
      isChange
        ? `798${code}${trace}      11000000${"000999888777".padEnd(29)}${" ".repeat(15)}${own}`
        : `799${code}${trace}      11000000${" ".repeat(44)}${own}`,
    ];
  });
  const debits = returned.reduce(
    (sum, { order, code }) => sum + (code.startsWith("C") ? 0n : order.amount.minor),
    0n,
  );
  const hash = String(2_100_002n * BigInt(returned.length)).padStart(10, "0");
  const sums = `${hash}${String(debits).padStart(12, "0")}${"0".repeat(12)}`;
  const count = entries.length;
  const records = [
    `101 021000021 110000000${on}0900A094101${"Luz Church Inc".padEnd(23)}${"Example Bank".padEnd(23)}${" ".repeat(8)}`,
    `5200${"Luz Church".padEnd(16)}${" ".repeat(20)}1911144442WEBDONATION  ${" ".repeat(6)}${on}   1110000000000001`.slice(
      0,
      94,
    ),
    ...entries,
    `8200${String(count).padStart(6, "0")}${sums}1911144442${" ".repeat(25)}110000000000001`,
  ];
  const blocks = Math.ceil((records.length + 1) / 10);
  const control = `9${"000001"}${String(blocks).padStart(6, "0")}${String(count).padStart(8, "0")}${sums}${" ".repeat(39)}`;
  return [...records, control].map((record) => record.padEnd(94)).join("\n");
}
