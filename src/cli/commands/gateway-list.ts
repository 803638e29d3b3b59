import { z } from "zod";
import { ok } from "../../kernel/result.ts";
import { webhookUrl } from "../../routing/connect-gateway.ts";
import { listAccounts } from "../../routing/gateway-accounts.ts";
import { type Group, performed } from "../perform.ts";
import { whichChurch } from "../which-church.ts";

/** `gateway list`: a church's accounts at gateways; no secrets. */
export function gatewayList(group: Group): void {
  performed(group, {
    name: "list",
    about: "List a church's gateway accounts and their webhook addresses",
    options: z.object({ church: z.string() }),
    example: "--church luz",
    async perform({ app, db }, given) {
      const church = await whichChurch(db, given.church);
      if (!church.ok) return church;
      const accounts = await db.inChurch(church.value.id, (tx) => listAccounts(tx, church.value.id));
      const rows = accounts.map(({ endpointToken, ...account }) => ({
        ...account,
        url: webhookUrl(app.deps.config, account.gateway, endpointToken),
      }));
      return ok({
        json: {
          data: rows.map(({ legalEntityId, url, ...row }) => ({
            ...row,
            legal_entity: legalEntityId,
            webhook_url: url,
          })),
        },
        lines:
          rows.length === 0
            ? ["None."]
            : rows.map(
                (row) =>
                  `${row.id}  ${row.gateway}  ${row.country}  ${row.sandbox ? "simulated" : row.mode}  ${row.status}  "${row.label}"  ${row.url}`,
              ),
      });
    },
  }).requiredOption("--church <church>", "slug or ch_ id");
}
