import { z } from "zod";
import { type Account, accountOf } from "../../adapters/pix/sandbox/accounts.ts";
import type { SandboxControl } from "../../adapters/pix/sandbox/control.ts";
import type { App } from "../../src/app.ts";
import { present } from "../../src/kernel/assert.ts";
import { toId } from "../../src/kernel/ids.ts";
import type { MethodChurch } from "./method-house.ts";

/** The donor's and the bank's side of the simulated Pix provider. */
export const pixControl = (app: Pick<App, "simulators">): SandboxControl =>
  present(app.simulators.get("pix"), "the sandbox is on").control as SandboxControl;

/** The account a church has at the simulated provider. */
export async function pixAccountOf({ deps }: App, { churchId }: MethodChurch): Promise<Account> {
  const rows = await deps.db.inChurch(
    churchId,
    ({ sql }) => sql`select id from gateway_accounts where gateway = 'pix' and status = 'active'`,
  );
  const [row] = z.array(z.object({ id: z.string() })).parse([...rows]);
  const id = toId("gatewayAccount", present(row, "the church has a Pix account").id);
  const ready = present(await deps.payments.ready(churchId, id), "the account is served");
  const clientId = present(ready.account.credentials.client_id, "it has a client id");
  return present(accountOf(clientId), "the account is simulated");
}
