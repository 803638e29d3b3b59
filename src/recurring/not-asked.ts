import type { MandateOutcome } from "../gateway/mandate.ts";
import type { Problem } from "../kernel/problem.ts";

/** The answer to a request for a permission: what was never sent asked nobody, and is closed as what was refused. */
export function asAnswer(outcome: MandateOutcome): MandateOutcome {
  if (outcome.kind !== "not_sent") return outcome;
  const problem = { reason: "account_problem", rawCode: "not_sent", detail: outcome.cause } as const;
  return { kind: "refused", problem, evidence: outcome.evidence };
}

/** Why no permission was asked for. */
export function sayUnavailable(outcome: MandateOutcome): Problem {
  if (outcome.kind === "refused") {
    return {
      code: "gateway_refused",
      detail: `the donor was not asked for a permission; the gateway said: ${outcome.problem.detail}`,
    };
  }
  return {
    code: "gateway_unavailable",
    detail:
      "the gateway could not be reached and nothing was agreed: repeat the request, the same key may be used",
    retryAfterSeconds: 5,
  };
}
