import { z } from "zod";
import { createApiKey } from "../../access/api-keys.ts";
import { scopes } from "../../access/principal.ts";
import { err, ok } from "../../kernel/result.ts";
import { type Group, performed } from "../perform.ts";
import { whichChurch } from "../which-church.ts";

const options = z.object({
  church: z.string(),
  label: z.string().trim().min(1).max(100),
  kind: z.enum(["secret", "publishable"]),
  mode: z.enum(["test", "live"]),
  scope: z.array(z.enum(scopes)).min(1),
  expiresAt: z.iso
    .datetime({ offset: true, error: "must be an RFC 3339 instant, such as 2027-01-31T00:00:00Z" })
    .transform((at) => new Date(at))
    .optional(),
});

/** `key create`: the key in words is printed here and nowhere else, ever. */
export function keyCreate(group: Group): void {
  performed(group, {
    name: "create",
    about: "Make an API key; it is shown once",
    options,
    example: '--church luz --mode live --label "ChMS" --scope donations:read --scope funds:read',
    async perform({ app, db }, { church: name, scope, ...given }) {
      const church = await whichChurch(db, name);
      if (!church.ok) return church;
      const now = app.deps.clock.now();
      if (given.expiresAt && given.expiresAt <= now) {
        return err({ code: "invalid_request", detail: "--expires-at must be in the future" });
      }
      const { key, text } = await createApiKey(db, church.value.id, { ...given, scopes: scope }, now);
      return ok({
        json: {
          id: key.id,
          church: church.value.id,
          kind: key.kind,
          mode: key.mode,
          scopes: key.scopes,
          expires_at: key.expiresAt?.toISOString() ?? null,
          key: text.reveal(),
        },
        lines: [
          text.reveal(),
          "",
          `${key.id}, ${key.mode}, may: ${key.scopes.join(", ")}.`,
          "Keep it now: it is shown this once.",
        ],
      });
    },
  })
    .requiredOption("--church <church>", "slug or ch_ id")
    .option("--label <text>", "what it is for", "operator")
    .option("--kind <kind>", "secret, or publishable for the checkout", "secret")
    .option("--mode <mode>", "test or live", "test")
    .option("--scope <scopes...>", `what it may do: ${scopes.join(" ")}`, ["*"])
    .option("--expires-at <instant>", "when it ends");
}
