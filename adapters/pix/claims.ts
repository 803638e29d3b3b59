import type { CollectOutcome, Evidence, Refusal } from "../../src/gateway/payment.ts";
import type { Money } from "../../src/kernel/money.ts";
import type { Answer, Asking, Failure, PixClient } from "./client.ts";
import type { ReceivingAccount } from "./credentials.ts";
import type { PaymentKind } from "./ids.ts";
import type { Receiver } from "./receiver.ts";
import { cobrOutcome } from "./translate-charge.ts";
import { cobOutcome, cobvOutcome, pixOutcome } from "./translate-outcome.ts";
import { cobrSchema, cobSchema, cobvSchema, pixSchema, type WirePix } from "./wire.ts";

/** One gateway account, ready to call. */
export type PixAccount = {
  readonly client: PixClient;
  readonly receiver: Receiver;
  /** The key gifts go to. */
  readonly key: string;
  /** For Pix Automático; absent where the church has named none. */
  readonly bankAccount: ReceivingAccount | undefined;
};

/** A claim as the provider has it: what it means for an order, and the Pix that paid it, which may be all there is. */
export type FoundClaim = {
  readonly kind: PaymentKind;
  readonly txid: string;
  /** What it asks for. */
  readonly original: Money;
  readonly received: readonly WirePix[];
  outcome(expected: Money, asOf: Date): CollectOutcome;
};

/** Reads one claim by its txid; what was paid without one by its end-to-end id. */
export async function readClaim(
  account: PixAccount,
  kind: PaymentKind,
  txid: string,
  asking: Asking,
): Promise<Answer<FoundClaim>> {
  const { client, receiver } = account;
  const request = { method: "GET", path: `/${kind}/${encodeURIComponent(txid)}` } as const;
  switch (kind) {
    case "cob": {
      const answer = await client.ask(cobSchema, request, asking);
      return found(answer, kind, (cob, expected, asOf, evidence) =>
        cobOutcome(cob, { receiver, expected, asOf, evidence }),
      );
    }
    case "cobv": {
      const answer = await client.ask(cobvSchema, request, asking);
      return found(answer, kind, (cobv, expected, asOf, evidence) =>
        cobvOutcome(cobv, { receiver, expected, asOf, evidence }),
      );
    }
    case "cobr": {
      const answer = await client.ask(cobrSchema, request, asking);
      return found(answer, kind, (cobr, expected, asOf, evidence) =>
        cobrOutcome(cobr, { expected, asOf, evidence }),
      );
    }
    case "pix": {
      const answer = await client.ask(pixSchema, request, asking);
      if (!answer.ok) return answer;
      const { value: pix, evidence } = answer;
      const outcome = () => pixOutcome(pix, evidence);
      const value = { kind, txid: pix.endToEndId, original: pix.valor, received: [pix], outcome };
      return { ok: true, evidence, value };
    }
  }
}

type Claim = {
  readonly txid: string;
  readonly valor: { readonly original: Money };
  readonly pix: readonly WirePix[];
};

function found<C extends Claim>(
  answer: Answer<C>,
  kind: PaymentKind,
  outcomeOf: (claim: C, expected: Money, asOf: Date, evidence: Evidence) => CollectOutcome,
): Answer<FoundClaim> {
  if (!answer.ok) return answer;
  const { value: claim, evidence } = answer;
  return {
    ok: true,
    evidence,
    value: {
      kind,
      txid: claim.txid,
      original: claim.valor.original,
      received: claim.pix,
      outcome: (expected, asOf) => outcomeOf(claim, expected, asOf, evidence),
    },
  };
}

/**
 * A read that failed says nothing about the money, however definite it sounds (a revoked client answers 401 while the
 * donor's Pix is on its way): it is always `in_doubt`.
 */
export function unknown(failure: Failure): Extract<CollectOutcome, { kind: "in_doubt" }> {
  const cause = failure.kind === "refused" ? "gateway_error" : failure.cause;
  return { kind: "in_doubt", cause, evidence: failure.evidence };
}

export const refuse = (reason: Refusal["reason"], rawCode: string, detail: string): Refusal => ({
  reason,
  rawCode,
  detail,
});
