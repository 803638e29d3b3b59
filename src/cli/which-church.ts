import { everyChurch, findChurchBySlug, getChurch } from "../churches/churches.ts";
import type { Database } from "../db/client.ts";
import { type ChurchId, parseId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";

export type Named = { readonly id: ChurchId; readonly slug: string };

/** The church an operator names, by slug or by id. */
export async function whichChurch(db: Database, name: string): Promise<Result<Named, Problem>> {
  const id = parseId("church", name);
  const found = id ? await db.inChurch(id, (tx) => getChurch(tx, id)) : await findChurchBySlug(db, name);
  if (found) return ok({ id: found.id, slug: found.slug });
  return err({ code: "church_unknown", detail: `there is no church "${name}": give its slug or its ch_ id` });
}

/** The church named, or all of them. */
export async function whichChurches(
  db: Database,
  name: string | undefined,
): Promise<Result<readonly Named[], Problem>> {
  if (name === undefined) return ok(await everyChurch(db));
  const one = await whichChurch(db, name);
  return one.ok ? ok([one.value]) : one;
}
