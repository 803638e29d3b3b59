import type { AdapterFactory, GatewayCall, GatewayCredentials } from "../../src/gateway/adapter.ts";
import type { MethodType } from "../../src/gateway/methods.ts";
import type { AttemptHandle, CollectOrder, CollectOutcome, GatewayFee } from "../../src/gateway/payment.ts";
import type { RawDelivery } from "../../src/gateway/webhook.ts";
import type { Money } from "../../src/kernel/money.ts";
import type { HttpAnswer, Recorded } from "./recording-transport.ts";

export type AnswerKind = CollectOutcome["kind"];

/** What one gateway brings so that the one suite can try its adapter. */
export type GatewayUnderTest = {
  readonly factory: AdapterFactory;
  readonly credentials: GatewayCredentials;
  /** An order in this gateway's first method that its own bank answers at once. */
  order(amount?: Money): CollectOrder;
  /** An attempt the gateway has answered before, so that it is looked up by the gateway's own id. */
  handle(): AttemptHandle;
  /** Answers to what is sent around a payment and is not it (an access token); these requests are not looked at. */
  around?(request: Recorded): HttpAnswer | undefined;
  /** A look-up that finds nothing by our own name for it proves that nothing was received; default: it proves nothing. */
  readonly notFoundProves?: "never_seen";
  /** The gateway's answers to that order, by what the adapter must make of them; absent what it never answers. */
  readonly answers: Readonly<Partial<Record<Exclude<AnswerKind, "not_sent">, HttpAnswer>>> & {
    readonly action_required: HttpAnswer;
  };
  /** Every documented status of a payment, as a look-up answers it, and what it must become. */
  readonly statuses: readonly {
    readonly status: string;
    readonly body: unknown;
    readonly becomes: AnswerKind;
  }[];
  /** A look-up answer with a status nobody has documented. */
  readonly unknownStatus: unknown;
  /** Every documented decline code, and the answer that carries one. */
  readonly declineCodes: readonly string[];
  /** Absent where no bank is asked, so that nothing is ever declined. */
  declined?(code: string): HttpAnswer;
  /** Answers that say nothing for certain: server faults, conflicts, bodies that cannot be read. */
  readonly doubtful: readonly HttpAnswer[];
  /** An error answer that echoes the donor's data and a secret, and the words that must not survive. */
  readonly indiscreet: { readonly answer: HttpAnswer; readonly words: readonly string[] };
  /** Amounts and how this gateway writes them; `undefined` where it cannot take them. */
  readonly amounts: readonly { readonly amount: Money; readonly written: string | undefined }[];
  amountIn(request: Recorded): string | undefined;
  /** What makes a repeat of this request the same request: a header, or a name of ours in its path. */
  keyIn(request: Recorded): string | undefined;
  readonly events: EventSamples;
  /** Captures in the gateway's simulator and tells what it kept; absent where there is no simulator. */
  capture?(method: MethodType, country: string, amount: Money): Promise<GatewayFee>;
};

export type EventSamples = {
  /** The raw body of an event that tells of a captured payment of the attempt. */
  captured(attemptId: CollectOrder["attemptId"]): string;
  /** What is read from it: the whole outcome, or only that something changed. */
  readonly tells: "outcome" | "hint";
  /** Two facts in one delivery, where the gateway sends such; else a single one. */
  batch(attemptId: CollectOrder["attemptId"]): { readonly body: string; readonly facts: number };
  /** The delivery as the gateway sends it; where it signs nothing, whatever stands in for a signature. */
  deliver(body: string, signingSecret: string, at: Date): Promise<RawDelivery>;
  /** Whether a change of the body breaks the signature, and whether its time is in it. */
  readonly signs: { readonly body: boolean; readonly time: boolean };
};

export const now = new Date("2026-11-20T12:00:00Z");
/** A call as the core makes it. */
export const call = (fields: Partial<GatewayCall> = {}): GatewayCall => ({
  idempotencyKey: "key-1",
  now,
  timeoutMs: 2_000,
  traceId: "trace-1",
  ...fields,
});
