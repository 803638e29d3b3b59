import { getChurch } from "../churches/churches.ts";
import type { Tx } from "../db/client.ts";
import { uniqueViolation } from "../db/unique-violation.ts";
import type { Deps } from "../deps.ts";
import type { CountryProfile } from "../gateway/country-profile.ts";
import { present } from "../kernel/assert.ts";
import type { ChurchId, DonorId } from "../kernel/ids.ts";
import { fieldProblem, type Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import type { DonorInput } from "./donor-fields.ts";
import { donorForGift } from "./donor-for-gift.ts";
import { type Donor, getDonor, rewriteDonor } from "./store.ts";

type DonorDeps = Pick<Deps, "db" | "vault" | "clock" | "countries">;

/**
 * Checks a donor's document by the country's rules: its compact form, or `donor_field_invalid` at `pointer`. Takes
 * any document the country knows for donors.
 */
function checkDonorDocument(
  profile: CountryProfile,
  taxId: string,
  pointer: string,
): Result<string, Problem> {
  const verdicts = profile.donorDocuments.map((document) => document.check(taxId));
  const good = verdicts.find((verdict) => verdict.ok);
  if (good) return good;
  const [detail = `donors in ${profile.name.en} are not asked for a tax id: leave it out`] = verdicts.flatMap(
    (verdict) => (verdict.ok ? [] : [verdict.error]),
  );
  return err(fieldProblem("donor_field_invalid", pointer, detail));
}

async function checkedTaxId(
  deps: DonorDeps,
  tx: Tx,
  church: ChurchId,
  taxId: string | null | undefined,
): Promise<Result<string | undefined, Problem>> {
  if (!taxId?.trim()) return ok(undefined);
  const country = (await getChurch(tx, church))?.country ?? "";
  const profile = deps.countries.get(country);
  if (profile) return checkDonorDocument(profile, taxId, "/tax_id");
  return err(fieldProblem("donor_field_invalid", "/tax_id", "the church's country is not served here"));
}

/** The church's donor with this e-mail with its empty fields filled, else a new donor: as a gift would have it. */
export function findOrCreateDonor(
  deps: DonorDeps,
  church: ChurchId,
  input: DonorInput,
): Promise<Result<{ readonly donor: Donor; readonly isNew: boolean }, Problem>> {
  return deps.db.inChurch(church, async (tx) => {
    const taxId = await checkedTaxId(deps, tx, church, input.taxId);
    if (!taxId.ok) return taxId;
    const checked = { ...input, taxId: taxId.value };
    const { id, isNew } = await donorForGift(tx, deps.vault, church, checked, deps.clock.now());
    const donor = await getDonor(tx, deps.vault, church, id);
    return ok({ donor: present(donor, "a donor just found or made can be read"), isNew });
  });
}

/** What a church changes of a donor: absent stays, `null` empties. */
export type DonorPatch = {
  readonly name?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly taxId?: string | null | undefined;
  readonly locale?: string | null | undefined;
};

/** Refuses with `not_found`, `donor_field_invalid`, or `conflict` when another donor has the e-mail. */
export async function patchDonor(
  deps: DonorDeps,
  church: ChurchId,
  id: DonorId,
  patch: DonorPatch,
): Promise<Result<Donor, Problem>> {
  try {
    return await deps.db.inChurch(church, async (tx) => {
      const taxId = await checkedTaxId(deps, tx, church, patch.taxId);
      if (!taxId.ok) return taxId;
      const donor = await rewriteDonor(tx, deps.vault, church, id, (before) => ({
        ...before,
        name: patched(before.name, patch.name),
        email: patched(before.email, patch.email),
        phone: patched(before.phone, patch.phone),
        taxId: patched(before.taxId, patch.taxId === undefined ? undefined : (taxId.value ?? null)),
        locale: patched(before.locale, patch.locale),
        updatedAt: deps.clock.now(),
      }));
      return donor ? ok(donor) : err<Problem>({ code: "not_found", detail: "the church has no such donor" });
    });
  } catch (error) {
    if (!uniqueViolation(error)) throw error;
    return err(fieldProblem("conflict", "/email", "another donor of the church has this e-mail"));
  }
}

function patched(before: string | null, given: string | null | undefined): string | null {
  return given === undefined ? before : given?.trim() || null;
}

/** The last three characters; enough to recognise one's own, too little to be of use to another. */
export const maskedTaxId = (taxId: string | null): string | null =>
  taxId === null ? null : `${"•".repeat(Math.max(taxId.length - 3, 3))}${taxId.slice(-3)}`;
