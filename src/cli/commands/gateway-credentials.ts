import { z } from "zod";
import { present } from "../../kernel/assert.ts";
import { parseId } from "../../kernel/ids.ts";
import { err, ok } from "../../kernel/result.ts";
import { rotateCredentials, unknownAccount } from "../../routing/connect-gateway.ts";
import { listedAccount } from "../../routing/gateway-accounts.ts";
import { secretReader } from "../ask-secret.ts";
import { gatherCredentials } from "../gather-credentials.ts";
import { type Group, performed } from "../perform.ts";
import { whichChurch } from "../which-church.ts";

const options = z.object({
  church: z.string(),
  account: z.string(),
  credential: z.array(z.string().regex(/^[a-z_]+=.+$/, "must be field=value")).default([]),
});

/** `gateway credentials`: puts new credentials in the place of an account's old ones, after the same checks. */
export function gatewayCredentials(group: Group): void {
  performed(group, {
    name: "credentials",
    about: "Rotate the credentials of a gateway account; they are tried before the old ones go",
    options,
    example: "--church luz --account gwa_0193…   (asks for them as gateway connect does)",
    async perform({ app, db }, given, terminal) {
      const church = await whichChurch(db, given.church);
      if (!church.ok) return church;
      const churchId = church.value.id;
      const id = parseId("gatewayAccount", given.account);
      const account = id && (await db.inChurch(churchId, (tx) => listedAccount(tx, churchId, id)));
      if (!account) return err(unknownAccount);
      const factory = present(app.adapters.get(account.gateway), "an account is of a registered gateway");
      const reader = secretReader(terminal);
      const gathered = await gatherCredentials(
        factory,
        given.credential,
        terminal.environment,
        reader,
      ).finally(reader.close);
      if (!gathered.ok) return gathered;
      const rotated = await rotateCredentials(app.deps, churchId, account.id, gathered.value.credentials);
      if (!rotated.ok) return rotated;
      return ok({
        json: { account: account.id },
        lines: ["Replaced. A running service uses them within half a minute."],
      });
    },
  })
    .requiredOption("--church <church>", "slug or ch_ id")
    .requiredOption("--account <id>", "gwa_ id (gateway list)")
    .option("--credential <field=value...>", "a credential; others can see the flags of a running command");
}
