import { z } from "zod";
import { ok } from "../../kernel/result.ts";
import { deadLetters } from "../../webhooks/store.ts";
import { type Group, performed } from "../perform.ts";
import { whichChurches } from "../which-church.ts";

const options = z.object({
  church: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1000),
});

/** `webhooks dead`: the events that failed every try, with why. */
export function webhooksDead(group: Group): void {
  performed(group, {
    name: "dead",
    about: "List gateway webhooks that could not be applied",
    options,
    example: "--church luz",
    async perform({ db }, given) {
      const churches = await whichChurches(db, given.church);
      if (!churches.ok) return churches;
      const found = [];
      for (const { id, slug } of churches.value) {
        const letters = await db.inChurch(id, (tx) => deadLetters(tx, id, given.limit));
        found.push(...letters.map((letter) => ({ slug, ...letter })));
      }
      return ok({
        json: {
          data: found.map((letter) => ({
            id: letter.id,
            church: letter.slug,
            type: letter.type,
            event_key: letter.eventKey,
            received_at: letter.receivedAt.toISOString(),
            tries: letter.tries,
            remark: letter.remark,
          })),
        },
        lines:
          found.length === 0
            ? ["None."]
            : [
                ...found.map(
                  ({ id, slug, type, receivedAt, tries, remark }) =>
                    `${id}  ${slug}  ${type ?? "?"}  ${receivedAt.toISOString()}  ${tries} tries  ${remark ?? ""}`,
                ),
                "",
                "Mend the cause, then: npm run ofrenda -- webhooks replay --church <slug> --dead",
              ],
      });
    },
  })
    .option("--church <church>", "slug or ch_ id; every church without it")
    .option("--limit <n>", "most of one church", "100");
}
