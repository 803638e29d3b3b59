import { and, asc, eq, gt } from "drizzle-orm";
import type { Database, Orm, Tx } from "../db/client.ts";
import { readTogether } from "../db/together.ts";
import type { ChurchId, PlatformId } from "../kernel/ids.ts";
import { uuidOf } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import {
  type Brand,
  brandFaults,
  canonicalLocale,
  type Dunning,
  faultList,
  faultProblem,
  localeFault,
  type QuietHours,
  quietHoursFaults,
  readBrand,
  readDunning,
  readQuietHours,
  timeZoneFault,
  writeBrand,
} from "./church-rules.ts";
import { churches } from "./tables.ts";

export type Church = {
  readonly id: ChurchId;
  readonly platformId: PlatformId | null;
  /** The last part of its page's address, `/give/{slug}`. */
  readonly slug: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2, lower case. */
  readonly country: string;
  /** IANA. */
  readonly timeZone: string;
  /** BCP 47. */
  readonly locale: string;
  readonly brand: Brand;
  /** Where donors' answers to our messages go, and what concerns the church itself. */
  readonly contactEmail: string | null;
  readonly dunning: Dunning;
  readonly quietHours: QuietHours;
  readonly createdAt: Date;
};

export type ChurchPatch = {
  readonly name?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly locale?: string | undefined;
  readonly brand?: Brand | undefined;
  /** `null` takes it away. */
  readonly contactEmail?: string | null | undefined;
  /** Replaces what was set before. */
  readonly dunning?: Dunning | undefined;
  readonly quietHours?: QuietHours | undefined;
};

/** The church whose page answers at `slug`, if there is one. Needs no scope: a slug is public. */
export async function findChurchBySlug(db: Database, slug: string): Promise<Church | undefined> {
  const [row] = await db.byProof(slug, ({ orm }) =>
    orm.select().from(churches).where(eq(churches.slug, slug)),
  );
  return row && readChurch(row);
}

export const getChurch = (tx: Tx, church: ChurchId): Promise<Church | undefined> =>
  itself(tx, church, church);

const itself = readTogether(async (tx, church, _: readonly ChurchId[]) => {
  const rows = await tx.orm.select().from(churches).where(eq(churches.churchId, church));
  return new Map(rows.map((row) => [row.churchId, readChurch(row)]));
});

/** Changes what is given. A slug never changes: it is printed on paper and painted on walls. */
export async function updateChurch(
  db: Database,
  church: ChurchId,
  patch: ChurchPatch,
): Promise<Result<Church, Problem>> {
  const { name, timeZone, locale, brand, contactEmail, dunning, quietHours } = patch;
  const fault = faultProblem([
    ...faultList([
      ["/time_zone", timeZone !== undefined && timeZoneFault(timeZone)],
      ["/locale", locale !== undefined && localeFault(locale)],
    ]),
    ...brandFaults(brand ?? {}, "/brand"),
    ...(quietHours ? quietHoursFaults(quietHours, "/quiet_hours") : []),
  ]);
  if (fault) return err(fault);
  const [row] = await db.inChurch(church, ({ orm }) =>
    changed(orm, church, {
      name,
      timeZone,
      locale: locale === undefined ? undefined : canonicalLocale(locale),
      brand: brand && writeBrand(brand),
      contactEmail,
      dunning,
      quietHours,
    }),
  );
  return row ? ok(readChurch(row)) : err({ code: "church_unknown", detail: "there is no such church" });
}

type Columns = Omit<ChurchPatch, "brand"> & { readonly brand: ReturnType<typeof writeBrand> | undefined };

function changed(orm: Orm, church: ChurchId, values: Columns) {
  const anything = Object.values(values).some((value) => value !== undefined);
  const here = eq(churches.churchId, church);
  return anything
    ? orm.update(churches).set(values).where(here).returning()
    : orm.select().from(churches).where(here);
}

/** The churches of a platform, oldest first; one more than `limit`, to tell whether there are more. */
export async function listPlatformChurches(
  db: Database,
  platform: PlatformId,
  options: { readonly limit: number; readonly after?: ChurchId | undefined },
): Promise<readonly Church[]> {
  // The platform's id as proof shows exactly its churches.
  const rows = await db.byProof(uuidOf(platform), ({ orm }) =>
    orm
      .select()
      .from(churches)
      .where(and(eq(churches.platformId, platform), options.after && gt(churches.churchId, options.after)))
      .orderBy(asc(churches.churchId))
      .limit(options.limit + 1),
  );
  return rows.map(readChurch);
}

/** Every church of the service by id, oldest first: for the operator's commands and the jobs that visit each. */
export async function everyChurch(db: Database): Promise<readonly Pick<Church, "id" | "slug">[]> {
  return db.sweeping(({ orm }) =>
    orm.select({ id: churches.churchId, slug: churches.slug }).from(churches).orderBy(asc(churches.churchId)),
  );
}

export function readChurch(stored: typeof churches.$inferSelect): Church {
  const { churchId, brand, dunning, quietHours, ...row } = stored;
  return {
    ...row,
    id: churchId,
    brand: readBrand(brand),
    dunning: readDunning(dunning),
    quietHours: readQuietHours(quietHours),
  };
}
