import type { Tx } from "../db/client.ts";
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
  const row = { church, id, sealed, indexes, locale, now };
  if (indexes.emailIndex === null) {
    await insertDonor(tx, row);
    return { id, isNew: true };
  }
  const found = await insertOrFind(tx, row, fields);
  if (!found.isNew && found.lacks)
    await fillEmpty(tx, vault, church, found.id, { fields, indexes, locale, now });
  return { id: found.id, isNew: found.isNew };
}

type NewRow = {
  readonly church: ChurchId;
  readonly id: DonorId;
  readonly sealed: SealedFields;
  readonly indexes: Indexes;
  readonly locale: string | null;
  readonly now: Date;
};

const insertDonor = ({ sql }: Tx, { church, id, sealed, indexes, locale, now }: NewRow) => sql`
  insert into donors (church_id, id, key_version, name, email, phone, tax_id, email_index, tax_id_index, locale,
                      created_at, updated_at)
  values (${uuidOf(church)}, ${uuidOf(id)}, ${sealed.keyVersion}, ${sealed.name}, ${sealed.email}, ${sealed.phone},
          ${sealed.taxId}, ${indexes.emailIndex}, ${indexes.taxIdIndex}, ${locale}, ${now}, ${now})`;

async function insertOrFind(tx: Tx, row: NewRow, fields: PersonalFields) {
  const { sql } = tx;
  const { church, indexes } = row;
  // The second half sees the rows from before this statement, so it answers exactly when the insert did not …
  const find = sql`
    select id, false as is_new,
           (name is null and ${fields.name !== null}::boolean)
           or (phone is null and ${fields.phone !== null}::boolean)
           or (tax_id is null and ${fields.taxId !== null}::boolean)
           or (locale is null and ${row.locale !== null}::boolean) as lacks
    from donors where church_id = ${uuidOf(church)} and email_index = ${indexes.emailIndex}`;
  const [first] = await sql<FoundRow[]>`
    with made as (${insertDonor(tx, row)} on conflict (church_id, email_index) do nothing returning id)
    select id, true as is_new, false as lacks from made union all ${find}`;
  // … except where the donor was made by another while the insert waited for it: then it can be seen now.
  const [found] = first ? [first] : await sql<FoundRow[]>`${find}`;
  const { id, is_new: isNew, lacks } = present(found, "a donor that conflicts with the insert can be found");
  return { id: toId("donor", id), isNew, lacks };
}

type FoundRow = { readonly id: string; readonly is_new: boolean; readonly lacks: boolean };

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
