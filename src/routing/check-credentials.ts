import type { GatewayCredentials } from "../gateway/adapter.ts";
import { type CallContext, callGateway } from "../gateway/call-gateway.ts";
import { fieldProblem, type Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import type { PaymentFactory } from "./payment-factory.ts";

export type CredentialsToCheck = {
  readonly gateway: string;
  readonly mode: "test" | "live";
  /** Where the account is kept. */
  readonly country: string;
  readonly sandbox: boolean;
  readonly credentials: GatewayCredentials;
  /** Names the check at the gateway and in our log. */
  readonly reference: string;
};

/**
 * Whether credentials may be stored: they have the adapter's shape, are of the mode asked for, pass a harmless call,
 * and belong to an account of the country. The answer is what is to be stored. Nothing is written.
 */
export async function checkCredentials(
  context: CallContext,
  payments: Pick<PaymentFactory, "factory" | "wayOut">,
  asked: CredentialsToCheck,
): Promise<Result<GatewayCredentials, Problem>> {
  const factory = payments.factory(asked.gateway);
  if (!factory) {
    return err(fieldProblem("invalid_request", "/gateway", `there is no gateway ${asked.gateway}`));
  }
  const { manifest } = factory;
  if (!manifest.accountCountries.includes(asked.country)) {
    const known = manifest.accountCountries.join(", ");
    const detail = `${manifest.name} has no accounts in ${asked.country}; it has in: ${known}`;
    return err(fieldProblem("invalid_request", "/country", detail));
  }
  const shape = factory.credentials.safeParse(asked.credentials);
  if (!shape.success) {
    const errors = shape.error.issues.map((issue) => ({
      pointer: `/credentials/${issue.path.join("/")}`,
      detail: issue.message,
    }));
    const detail = "the credentials do not have the gateway's shape";
    return err({ code: "invalid_request", detail, errors });
  }
  const mode = factory.modeOf(shape.data);
  if (mode !== "either" && mode !== asked.mode) {
    const detail = `these are not ${asked.mode} credentials: test and live are never mixed`;
    return err({ code: "invalid_request", detail });
  }
  const transport = payments.wayOut(asked.gateway, shape.data, asked.sandbox);
  if (!transport) {
    const detail = `${manifest.name} wants a client certificate, which this deployment cannot show`;
    return err({ code: "invalid_request", detail });
  }
  const adapter = factory.create({ credentials: shape.data, transport });
  const names = {
    gateway: manifest.id,
    operation: "check",
    idempotencyKey: `check-${asked.reference}`,
    traceId: asked.reference.slice(3),
  } as const;
  const checked = await callGateway(context, names, async (call) => {
    const answer = await adapter.payments.checkCredentials(call);
    return { kind: answer.ok ? "accepted" : "denied", answer, evidence: {} } as const;
  });
  if (checked.kind === "in_doubt" || !checked.answer.ok) {
    const said = checked.kind === "in_doubt" ? "no answer" : checked.answer.ok ? "" : checked.answer.error;
    return err({ code: "gateway_refused", detail: `the gateway did not accept the credentials: ${said}` });
  }
  const { country } = checked.answer.value;
  if (country !== undefined && country !== asked.country) {
    const detail = `the gateway says that this account is of ${country}, not of ${asked.country}`;
    return err(fieldProblem("invalid_request", "/country", detail));
  }
  return ok(shape.data);
}
