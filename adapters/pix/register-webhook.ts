import type { GatewayCall, GatewayCredentials, Transport } from "../../src/gateway/adapter.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import { beginAsking, pixClient } from "./client.ts";
import { pixCredentials } from "./credentials.ts";
import { emptySchema } from "./wire.ts";

/**
 * Tells the provider where notices go: `PUT /webhook/{chave}`, and `/webhookrec` and `/webhookcobr` for accounts with
 * Pix Automático. The provider adds `/pix`, `/rec` and `/cobr` to the address. Safe to repeat: the last address
 * counts. `Err` holds a sentence for the operator; real providers first try the address and its TLS.
 */
export async function registerWebhook(
  account: { readonly credentials: GatewayCredentials; readonly transport: Transport },
  webhookUrl: string,
  call: Pick<GatewayCall, "now" | "timeoutMs">,
): Promise<Result<void, string>> {
  const credentials = pixCredentials.parse(account.credentials);
  const client = pixClient(credentials, account.transport);
  const asking = beginAsking(call);
  const places = [`/webhook/${encodeURIComponent(credentials.pix_key)}`];
  if (credentials.account_number !== undefined) places.push("/webhookrec", "/webhookcobr");
  for (const path of places) {
    const answer = await client.ask(emptySchema, { method: "PUT", path, body: { webhookUrl } }, asking);
    if (!answer.ok) {
      const { failure } = answer;
      return err(`${path}: ${failure.kind === "refused" ? failure.problem.detail : failure.cause}`);
    }
  }
  return ok(undefined);
}
