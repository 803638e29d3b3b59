import type { Deps } from "../deps.ts";
import type { DebitFiles } from "../gateway/debit-files.ts";
import type { ChurchId, GatewayAccountId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import type { OpenedAccount } from "../routing/gateway-accounts.ts";

export type Writer = { readonly account: OpenedAccount; readonly files: DebitFiles };

/** The account's files; `Err` where the church has no such account, or its gateway is no bank that takes files. */
export async function writerOf(
  parts: Pick<Deps, "payments">,
  church: ChurchId,
  id: GatewayAccountId,
): Promise<Result<Writer, Problem>> {
  const ready = await parts.payments.ready(church, id);
  if (!ready) return err({ code: "not_found", detail: `this church has no active gateway account ${id}` });
  const files = ready.adapter.debitFiles;
  if (files) return ok({ account: ready.account, files });
  return err({ code: "invalid_request", detail: `${ready.adapter.manifest.name} takes no files of debits` });
}
