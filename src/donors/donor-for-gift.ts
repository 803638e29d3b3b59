import type { Tx } from "../db/client.ts";
import { given, hexOf, writeTogether } from "../db/together.ts";
import { present } from "../kernel/assert.ts";
import { type ChurchId, type DonorId, newId, toId, uuidOf } from "../kernel/ids.ts";
import type { ChurchVault } from "../privacy/vault.ts";
import {
  type DonorInput,
  indexesOf,
  type PersonalFields,
  personalFields,
  type SealedFields,
  sealFields,
} from "./donor-fields.ts";
import { rewriteDonor } from "./store.ts";

export type DonorOfGift = { readonly id: DonorId; readonly isNew: boolean };
type Indexes = Awaited<ReturnType<typeof indexesOf>>;

/**
 * The donor a gift is from: the church's donor with this e-mail address, else a new one. Whoever gives is not known
 * to be who they say, so what is already known of a donor is never changed here; only what was empty is filled.
 * Without an e-mail nobody is recognised and the donor is new. One statement, two when something is filled; of
 * concurrent first gifts with one e-mail, one makes the donor and the others find it.
 *
 * The input is taken as checked; `taxId` compact.
 */
export async function donorForGift(
  tx: Tx,
  vault: ChurchVault,
  church: ChurchId,
  input: DonorInput,
  now: Date,
): Promise<DonorOfGift> {
  const fields = personalFields(input);
  const locale = input.locale ?? null;
  const id = newId("donor");
  const indexes = await indexesOf(tx, vault, church, fields);
  const sealed = await sealFields(tx, vault, church, id, fields);
  const found = await insertOrFind(tx, church, { id, sealed, indexes, locale, now });
  if (!found.isNew && found.lacks)
    await fillEmpty(tx, vault, church, found.id, { fields, indexes, locale, now });
  return { id: found.id, isNew: found.isNew };
}

type NewRow = {
  readonly id: DonorId;
  readonly sealed: SealedFields;
  readonly indexes: Indexes;
  readonly locale: string | null;
  readonly now: Date;
};

const columns = `id uuid, key_version int, name bytea, email bytea, phone bytea, tax_id bytea, email_index bytea,
  tax_id_index bytea, locale text, now timestamptz`;

const asGiven = ({ id, sealed, indexes, locale, now }: NewRow) => ({
  id: uuidOf(id),
  key_version: sealed.keyVersion,
  name: sealed.name && hexOf(sealed.name),
  email: sealed.email && hexOf(sealed.email),
  phone: sealed.phone && hexOf(sealed.phone),
  tax_id: sealed.taxId && hexOf(sealed.taxId),
  email_index: indexes.emailIndex && hexOf(indexes.emailIndex),
  tax_id_index: indexes.taxIdIndex && hexOf(indexes.taxIdIndex),
  locale,
  now,
});

/** The donor of each row: the church's donor with its e-mail address, else the new one; no address is like no other. */
export const insertOrFind = writeTogether(async ({ sql }, church, rows: readonly NewRow[]) => {
  const of = uuidOf(church);
  const find = sql`
    select g.id as asked, d.id, false as is_new,
           (d.name is null and g.name is not null) or (d.phone is null and g.phone is not null)
           or (d.tax_id is null and g.tax_id is not null) or (d.locale is null and g.locale is not null) as lacks
    from given g cross join lateral (
      select * from donors where church_id = ${of} and email_index = g.email_index limit 1
    ) d`;
  const table = (of: readonly NewRow[]) => given(sql, columns, of.map(asGiven));
  // The second half sees the rows from before this statement, so it answers exactly when the insert did not …
  const first = await sql<FoundRow[]>`
    with given as ${table(rows)}, made as (
      insert into donors (church_id, id, key_version, name, email, phone, tax_id, email_index, tax_id_index, locale,
                          created_at, updated_at)
      select ${of}, id, key_version, name, email, phone, tax_id, email_index, tax_id_index, locale, now, now
      from given order by email_index
      on conflict (church_id, email_index) do nothing returning id
    )
    select id as asked, id, true as is_new, false as lacks from made union all ${find}`;
  const found = new Map(first.map((row) => [row.asked, row]));
  // … except where the donor was made by another while the insert waited for it, or beside it: then it can be seen now.
  const left = rows.filter(({ id }) => !found.has(uuidOf(id)));
  if (left.length > 0) {
    for (const row of await sql<FoundRow[]>`with given as ${table(left)} ${find}`) found.set(row.asked, row);
  }
  return rows.map(({ id }) => {
    const row = present(found.get(uuidOf(id)), "a donor that conflicts with the insert can be found");
    return { id: toId("donor", row.id), isNew: row.is_new, lacks: row.lacks };
  });
});

type FoundRow = {
  readonly asked: string;
  readonly id: string;
  readonly is_new: boolean;
  readonly lacks: boolean;
};

type Filling = {
  readonly fields: PersonalFields;
  readonly indexes: Indexes;
  readonly locale: string | null;
  readonly now: Date;
};

/** Fills what is empty when the row is written, whatever was empty when it was read. */
async function fillEmpty(tx: Tx, vault: ChurchVault, church: ChurchId, id: DonorId, filling: Filling) {
  const { fields, indexes, locale, now } = filling;
  const sealed = await sealFields(tx, vault, church, id, fields);
  const filled = await tx.sql`
    update donors set
      name = coalesce(name, ${sealed.name}),
      phone = coalesce(phone, ${sealed.phone}),
      tax_id_index = case when tax_id is null then ${indexes.taxIdIndex} else tax_id_index end,
      tax_id = coalesce(tax_id, ${sealed.taxId}),
      locale = coalesce(locale, ${locale}),
      updated_at = ${now}
    where church_id = ${uuidOf(church)} and id = ${uuidOf(id)} and key_version = ${sealed.keyVersion}`;
  if (filled.count === 1) return;
  // The row is of another key version, and a row has one: all of it is sealed again.
  await rewriteDonor(tx, vault, church, id, (before) => ({
    ...before,
    name: before.name ?? fields.name,
    phone: before.phone ?? fields.phone,
    taxId: before.taxId ?? fields.taxId,
    locale: before.locale ?? locale,
    updatedAt: now,
  }));
}
