import { z } from "zod";
import { after, hours } from "../../kernel/clock.ts";
import { parseId } from "../../kernel/ids.ts";
import { err, ok } from "../../kernel/result.ts";
import { secret } from "../../kernel/secret.ts";
import { addWebhookSecret } from "../../routing/gateway-accounts.ts";
import { secretReader } from "../ask-secret.ts";
import { type Group, performed } from "../perform.ts";
import { whichChurch } from "../which-church.ts";

const options = z.object({
  church: z.string(),
  account: z.string(),
  overlapHours: z.coerce.number().int().min(0).max(168),
});

/** `gateway webhook-secret`: the secret a gateway signs with, told after connecting or being rotated. */
export function gatewayWebhookSecret(group: Group): void {
  performed(group, {
    name: "webhook-secret",
    about: "Set or rotate the secret a gateway signs its webhooks with",
    options,
    example:
      "--church luz --account gwa_0193…   (asks for the secret; scripts pipe it or set WEBHOOK_SECRET)",
    async perform({ app, db }, given, terminal) {
      const church = await whichChurch(db, given.church);
      if (!church.ok) return church;
      const id = parseId("gatewayAccount", given.account);
      if (!id) return err({ code: "invalid_request", detail: "--account must be a gwa_ id (gateway list)" });
      const reader = secretReader(terminal);
      const fromEnvironment = terminal.environment.WEBHOOK_SECRET;
      const told = fromEnvironment ? secret(fromEnvironment) : await reader.ask("Signing secret");
      reader.close();
      if (!told) return err({ code: "invalid_request", detail: "no secret was given" });
      const oldUntil = after(app.deps.clock.now(), hours(given.overlapHours));
      const set = await db.inChurch(church.value.id, (tx) =>
        addWebhookSecret(tx, app.vault, { churchId: church.value.id, id }, told, oldUntil),
      );
      if (!set) return err({ code: "not_found", detail: `this church has no gateway account ${id}` });
      return ok({
        json: { account: id, older_secrets_end_at: oldUntil.toISOString() },
        lines: [
          `Set. Secrets that were live before end at ${oldUntil.toISOString()}.`,
          "A running service uses it within half a minute.",
        ],
      });
    },
  })
    .requiredOption("--church <church>", "slug or ch_ id")
    .requiredOption("--account <id>", "gwa_ id")
    .option("--overlap-hours <n>", "how long the secrets it replaces are still believed", "24");
}
