import { z } from "zod";
import { err, ok } from "../../kernel/result.ts";
import { replayEvents } from "../../webhooks/store.ts";
import { type Group, performed } from "../perform.ts";
import { whichChurch } from "../which-church.ts";

const options = z.object({
  church: z.string(),
  id: z
    .string()
    .regex(/^inb_[0-9a-f]{32}$/, "must be an inb_ id")
    .optional(),
  dead: z.boolean().default(false),
});

/** `webhooks replay`: events take their place in the queue again. Their effects book once, however often. */
export function webhooksReplay(group: Group): void {
  performed(group, {
    name: "replay",
    about: "Put gateway webhooks back in the queue: one by id, or all dead ones of a church",
    options,
    example: "--church luz --dead",
    async perform({ app, db }, { church: name, id, dead }) {
      const which = dead ? "dead" : id === undefined ? undefined : { id };
      if (which === undefined || (dead && id !== undefined)) {
        return err({ code: "invalid_request", detail: "say which: --id <inb_…> or --dead" });
      }
      const church = await whichChurch(db, name);
      if (!church.ok) return church;
      const now = app.deps.clock.now();
      const replayed = await db.inChurch(church.value.id, (tx) =>
        replayEvents(tx, church.value.id, which, now),
      );
      if (replayed === 0 && id !== undefined) {
        return err({ code: "not_found", detail: `this church has no genuine webhook ${id}` });
      }
      return ok({
        json: { replayed },
        lines: [`${replayed} in the queue again: the running service applies them within a minute.`],
      });
    },
  })
    .requiredOption("--church <church>", "slug or ch_ id")
    .option("--id <id>", "one webhook, dead or not")
    .option("--dead", "every dead one");
}
