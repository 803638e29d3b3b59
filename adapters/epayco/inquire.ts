import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type { GatewayEvent } from "../../src/gateway/webhook.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import { fromEpaycoAmount } from "./amounts.ts";
import { type Account, openDesk } from "./client.ts";
import { stageOf } from "./codes.ts";
import { readTransaction } from "./payments.ts";
import { bogota } from "./translate-outcome.ts";

type Hint = Extract<GatewayEvent, { kind: "attempt_hint" }>;

/**
 * What a confirmation means, asked at ePayco: where the payment stands is left to a look-up, but that accepted money was
 * taken back again is told by nothing else (docs.epayco.com "Páginas de Respuesta y Confirmación", state 6, Reversada).
 * Only what was accepted is reversed: the gift came and the money is gone, which is a dispute that the church has lost.
 * `Err`: could not be asked, to be tried again later.
 */
export async function inquire(
  account: Account,
  hint: Hint,
  call: GatewayCall,
): Promise<Result<readonly GatewayEvent[], string>> {
  const { subject } = hint;
  const answer = await readTransaction(openDesk(account, call), subject.gatewayPaymentId);
  if (!answer.ok) return err(`the transaction could not be read: ${answer.failure.kind}`);
  const { amount: told, currency, date, invoice, status, testMode } = answer.value.data;
  const ours = invoice === subject.attemptId && testMode === account.test;
  const amount = fromEpaycoAmount(told, currency);
  if (!ours || !amount || stageOf(status) !== "reversed") return ok([hint]);
  const { gatewayPaymentId } = subject;
  const capturedAt = bogota(date ?? "") ?? call.now;
  const evidence = { ...answer.evidence, rawStatus: status.slice(0, 100) };
  return ok([
    {
      kind: "attempt_changed",
      subject,
      outcome: { kind: "captured", gatewayPaymentId, amount, capturedAt, funding: "direct", evidence },
    },
    {
      kind: "dispute_changed",
      subject,
      gatewayDisputeId: `reversal-${gatewayPaymentId}`,
      amount,
      status: "lost",
      fundsWithdrawn: true,
      rawReason: status.slice(0, 100),
    },
  ]);
}
