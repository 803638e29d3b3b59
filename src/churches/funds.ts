import { and, asc, eq, sql } from "drizzle-orm";
import type { Database, Tx } from "../db/client.ts";
import { uniqueViolation } from "../db/unique-violation.ts";
import { type ChurchId, type FundId, newId, parseId } from "../kernel/ids.ts";
import { fieldProblem, type Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { funds } from "./tables.ts";

export type Fund = typeof funds.$inferSelect;

export type NewFund = {
  /** What links and the API call it; never changes. */
  readonly code: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly restricted?: boolean | undefined;
  readonly position?: number | undefined;
};

export type FundPatch = {
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
  readonly restricted?: boolean | undefined;
  readonly active?: boolean | undefined;
  readonly position?: number | undefined;
};

/** What a fund's code may be: the same rule as the database's. */
export const fundCodeShape = /^[a-z0-9][a-z0-9_-]{0,62}$/;

export function newFundRow(church: ChurchId, given: NewFund, now: Date): typeof funds.$inferInsert {
  return {
    churchId: church,
    id: newId("fund"),
    code: given.code,
    name: given.name,
    description: given.description ?? null,
    restricted: given.restricted ?? false,
    active: true,
    position: given.position ?? 0,
    createdAt: now,
  };
}

export async function createFund(
  db: Database,
  church: ChurchId,
  given: NewFund,
  now: Date,
): Promise<Result<Fund, Problem>> {
  try {
    const [fund] = await db.inChurch(church, ({ orm }) =>
      orm
        .insert(funds)
        .values(newFundRow(church, given, now))
        .returning(),
    );
    return fund ? ok(fund) : err(noSuchFund);
  } catch (error) {
    if (!uniqueViolation(error)) throw error;
    return err(fieldProblem("conflict", "/code", `the church has a fund "${given.code}" already`));
  }
}

const noSuchFund: Problem = { code: "not_found", detail: "the church has no such fund" };
const lastActive: Problem = fieldProblem(
  "conflict",
  "/active",
  "this is the last active fund, and gifts need one: make or activate another first",
);

/** Changes what is given. The last active fund stays active, under concurrency too: its church could not be given to. */
export function updateFund(
  db: Database,
  church: ChurchId,
  id: FundId,
  patch: FundPatch,
): Promise<Result<Fund, Problem>> {
  return db.inChurch(church, async (tx) => {
    if (patch.active === false && !(await othersActive(tx, church, id))) return err(lastActive);
    const here = and(eq(funds.churchId, church), eq(funds.id, id));
    const anything = Object.values(patch).some((value) => value !== undefined);
    const [fund] = anything
      ? await tx.orm.update(funds).set(patch).where(here).returning()
      : await tx.orm.select().from(funds).where(here);
    return fund ? ok(fund) : err(noSuchFund);
  });
}

/** Locks the active funds, in one order, so that two of them cannot be the last to leave at once. */
async function othersActive(tx: Tx, church: ChurchId, id: FundId): Promise<boolean> {
  const active = await tx.orm
    .select({ id: funds.id })
    .from(funds)
    .where(and(eq(funds.churchId, church), eq(funds.active, true)))
    .orderBy(asc(funds.id))
    .for("update");
  return active.some((fund) => fund.id !== id);
}

export async function getFund(db: Database, church: ChurchId, id: FundId): Promise<Fund | undefined> {
  const [fund] = await db.inChurch(church, ({ orm }) =>
    orm
      .select()
      .from(funds)
      .where(and(eq(funds.churchId, church), eq(funds.id, id))),
  );
  return fund;
}

type FundCursor = { readonly position: number; readonly id: FundId };

/** Funds are shown in the church's own order, so a page ends at a position and an id. */
export const fundCursor = (fund: Fund): string => `${fund.position}.${fund.id}`;

/** `undefined` when the text is no cursor of ours. */
export function parseFundCursor(text: string): FundCursor | undefined {
  const [, position, rest = ""] = /^(-?\d{1,10})\.(.+)$/.exec(text) ?? [];
  const id = parseId("fund", rest);
  return position !== undefined && id ? { position: Number(position), id } : undefined;
}

/** In the church's order; one more than `limit`, to tell whether there are more. */
export function listFunds(
  db: Database,
  church: ChurchId,
  options: {
    readonly limit: number;
    readonly active?: boolean | undefined;
    readonly after?: FundCursor | undefined;
  },
): Promise<readonly Fund[]> {
  const { after, active } = options;
  return db.inChurch(church, ({ orm }) =>
    orm
      .select()
      .from(funds)
      .where(
        and(
          eq(funds.churchId, church),
          active === undefined ? undefined : eq(funds.active, active),
          after &&
            sql`(${funds.position}, ${funds.id}) > (${after.position}, ${sql.param(after.id, funds.id)})`,
        ),
      )
      .orderBy(asc(funds.position), asc(funds.id))
      .limit(options.limit + 1),
  );
}
