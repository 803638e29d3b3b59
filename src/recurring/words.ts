import { and, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "../db/client.ts";
import { readTogether } from "../db/together.ts";
import { present } from "../kernel/assert.ts";
import type { ChurchId, RecurringGiftId } from "../kernel/ids.ts";
import type { ChurchVault } from "../privacy/vault.ts";
import { recurringGifts } from "./tables.ts";

/** The sealed columns: what the donor's own row does not keep, and their note. */
export type SealedWords = {
  readonly keyVersion: number;
  readonly given: Uint8Array | null;
  readonly note: Uint8Array | null;
};

const sealedAt = (id: RecurringGiftId) => ({ table: "recurring_gifts", row: id });

const givenSchema = z.object({
  name: z.string().optional(),
  taxIdType: z.string().optional(),
  address: z
    .object({
      street: z.string(),
      number: z.string().optional(),
      district: z.string().optional(),
      city: z.string(),
      region: z.string().optional(),
      postalCode: z.string().optional(),
    })
    .optional(),
});
/** What was given with the promise and the donor's own row does not keep. */
export type GivenWords = z.infer<typeof givenSchema>;

export async function sealWords(
  tx: Tx,
  vault: ChurchVault,
  church: ChurchId,
  id: RecurringGiftId,
  plain: { readonly given: GivenWords; readonly note: string | undefined },
): Promise<SealedWords> {
  const { keyVersion, bytes } = await vault.sealRow(
    tx,
    church,
    sealedAt(id),
    new Map([
      ["given", JSON.stringify(plain.given)],
      ["note", plain.note ?? null],
    ]),
  );
  return { keyVersion, given: bytes.get("given") ?? null, note: bytes.get("note") ?? null };
}

const sealedOf = readTogether(async (tx, church, ids: readonly RecurringGiftId[]) => {
  const { id, keyVersion, given, note } = recurringGifts;
  const rows = await tx.orm
    .select({ id, keyVersion, given, note })
    .from(recurringGifts)
    .where(and(eq(recurringGifts.churchId, church), inArray(recurringGifts.id, [...ids])));
  return new Map(rows.map((row) => [row.id, row]));
});

/** The words sealed in a recurring gift's row, for the charge or voucher that needs them. */
export async function openWords(
  tx: Tx,
  vault: ChurchVault,
  church: ChurchId,
  id: RecurringGiftId,
): Promise<{ readonly given: GivenWords; readonly note: string | undefined }> {
  const row = present(await sealedOf(tx, church, id), "the recurring gift exists");
  const sealed = new Map([
    ["given", row.given],
    ["note", row.note],
  ]);
  const open = await vault.openRow(tx, church, sealedAt(id), sealed, row.keyVersion);
  return {
    given: givenSchema.parse(JSON.parse(open.get("given") ?? "{}")),
    note: open.get("note") ?? undefined,
  };
}
