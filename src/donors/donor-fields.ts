import type { Tx } from "../db/client.ts";
import type { ChurchId, DonorId } from "../kernel/ids.ts";
import type { ChurchVault } from "../privacy/vault.ts";

/** What is known of a donor that is nobody else's business; each is sealed. */
export type PersonalFields = {
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  /** Compact, as the country's check gives it. */
  readonly taxId: string | null;
};

/** What a gift says of its donor; absent and empty mean the same. */
export type DonorInput = {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  readonly taxId?: string | undefined;
  /** BCP 47. */
  readonly locale?: string | undefined;
};

/** The sealed columns of a donor's row, beside the key version they are all sealed under. */
export type SealedFields = {
  readonly keyVersion: number;
  readonly name: Uint8Array | null;
  readonly email: Uint8Array | null;
  readonly phone: Uint8Array | null;
  readonly taxId: Uint8Array | null;
};

/** The form by which an e-mail address is recognised: however it was typed, it is the same donor. */
const normalEmail = (email: string): string => email.trim().normalize("NFC").toLowerCase();

/** The form by which a tax id is recognised: without its separators. */
const normalTaxId = (taxId: string): string => taxId.replace(/[\s./_-]/g, "").toUpperCase();

const filled = (text: string | undefined): string | null => text?.trim() || null;

export const personalFields = (input: DonorInput): PersonalFields => ({
  name: filled(input.name),
  email: filled(input.email),
  phone: filled(input.phone),
  taxId: filled(input.taxId),
});

const place = (row: DonorId) => ({ table: "donors", row });

export async function sealFields(
  tx: Tx,
  vault: ChurchVault,
  church: ChurchId,
  donor: DonorId,
  fields: PersonalFields,
): Promise<SealedFields> {
  const { keyVersion, bytes } = await vault.sealRow(tx, church, place(donor), asMap(fields));
  return { keyVersion, ...asFields(bytes) };
}

/** Throws when the bytes are not this donor's. */
export async function openFields(
  tx: Tx,
  vault: ChurchVault,
  church: ChurchId,
  donor: DonorId,
  { keyVersion, ...sealed }: SealedFields,
): Promise<PersonalFields> {
  return asFields(await vault.openRow(tx, church, place(donor), asMap(sealed), keyVersion));
}

/** The blind indexes of the two fields donors are found by. */
export async function indexesOf(
  tx: Tx,
  vault: ChurchVault,
  church: ChurchId,
  { email, taxId }: Pick<PersonalFields, "email" | "taxId">,
): Promise<{ readonly emailIndex: Uint8Array | null; readonly taxIdIndex: Uint8Array | null }> {
  return {
    emailIndex: email === null ? null : await vault.blindIndex(tx, church, "email", normalEmail(email)),
    taxIdIndex: taxId === null ? null : await vault.blindIndex(tx, church, "tax_id", normalTaxId(taxId)),
  };
}

type Column = "name" | "email" | "phone" | "tax_id";
type Four<T> = { readonly name: T; readonly email: T; readonly phone: T; readonly taxId: T };

// The names bound into the seal are the database's: renaming a property must not make old rows unreadable.
const asMap = <T>({ name, email, phone, taxId }: Four<T>): ReadonlyMap<Column, T> =>
  new Map<Column, T>([
    ["name", name],
    ["email", email],
    ["phone", phone],
    ["tax_id", taxId],
  ]);

const asFields = <T>(columns: ReadonlyMap<Column, T | null>): Four<T | null> => ({
  name: columns.get("name") ?? null,
  email: columns.get("email") ?? null,
  phone: columns.get("phone") ?? null,
  taxId: columns.get("tax_id") ?? null,
});
