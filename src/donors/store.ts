import { and, desc, eq, inArray, lt } from "drizzle-orm";
import type { Tx } from "../db/client.ts";
import { readTogether } from "../db/together.ts";
import type { ChurchId, DonorId } from "../kernel/ids.ts";
import type { ChurchVault } from "../privacy/vault.ts";
import { indexesOf, openFields, type PersonalFields, sealFields } from "./donor-fields.ts";
import { donors } from "./tables.ts";

export type Donor = PersonalFields & {
  readonly id: DonorId;
  readonly locale: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

type Row = typeof donors.$inferSelect;

async function readDonor(tx: Tx, vault: ChurchVault, church: ChurchId, row: Row): Promise<Donor> {
  const { id, locale, createdAt, updatedAt } = row;
  return { id, locale, createdAt, updatedAt, ...(await openFields(tx, vault, church, id, row)) };
}

/** `undefined` when the church has no such donor. */
export const getDonor = (
  tx: Tx,
  vault: ChurchVault,
  church: ChurchId,
  id: DonorId,
): Promise<Donor | undefined> =>
  rowOf(tx, church, id).then((row) => row && readDonor(tx, vault, church, row));

const rowOf = readTogether(async (tx, church, ids: readonly DonorId[]) => {
  const rows = await tx.orm
    .select()
    .from(donors)
    .where(and(eq(donors.churchId, church), inArray(donors.id, [...ids])));
  return new Map(rows.map((row) => [row.id, row]));
});

export type DonorQuery = {
  readonly limit: number;
  /** The last donor of the page before. */
  readonly before?: DonorId | undefined;
  /** Whole and in any spelling: what is sealed cannot be searched by part. */
  readonly email?: string | undefined;
  readonly taxId?: string | undefined;
};

/** Newest first; one more than `limit`, to tell whether there are more. */
export async function listDonors(
  tx: Tx,
  vault: ChurchVault,
  church: ChurchId,
  query: DonorQuery,
): Promise<readonly Donor[]> {
  const { emailIndex, taxIdIndex } = await indexesOf(tx, vault, church, {
    email: query.email ?? null,
    taxId: query.taxId ?? null,
  });
  const rows = await tx.orm
    .select()
    .from(donors)
    .where(
      and(
        eq(donors.churchId, church),
        query.before && lt(donors.id, query.before),
        emailIndex ? eq(donors.emailIndex, emailIndex) : undefined,
        taxIdIndex ? eq(donors.taxIdIndex, taxIdIndex) : undefined,
      ),
    )
    .orderBy(desc(donors.id))
    .limit(query.limit + 1);
  return Promise.all(rows.map((row) => readDonor(tx, vault, church, row)));
}

/**
 * Reads a donor under lock, changes it, and seals all of it again under the newest key: a row has one key version.
 * `undefined` when there is no such donor; throws PostgreSQL's unique violation when another donor has the e-mail.
 */
export async function rewriteDonor(
  tx: Tx,
  vault: ChurchVault,
  church: ChurchId,
  id: DonorId,
  change: (before: Donor) => Donor,
): Promise<Donor | undefined> {
  const here = and(eq(donors.churchId, church), eq(donors.id, id));
  const [row] = await tx.orm.select().from(donors).where(here).for("update");
  if (!row) return undefined;
  const after = change(await readDonor(tx, vault, church, row));
  const sealed = await sealFields(tx, vault, church, id, after);
  const { locale, updatedAt } = after;
  const indexes = await indexesOf(tx, vault, church, after);
  await tx.orm
    .update(donors)
    .set({ ...sealed, ...indexes, locale, updatedAt })
    .where(here);
  return after;
}
