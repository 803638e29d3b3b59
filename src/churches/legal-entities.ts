import { and, asc, eq, gt } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { uniqueViolation } from "../db/unique-violation.ts";
import type { Deps } from "../deps.ts";
import type { CountryProfile } from "../gateway/country-profile.ts";
import { type CurrencyCode, isCurrency } from "../kernel/currency.ts";
import { type ChurchId, type LegalEntityId, newId } from "../kernel/ids.ts";
import { fieldProblem, type Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { legalEntities } from "./tables.ts";

export type LegalEntity = typeof legalEntities.$inferSelect;

export type NewLegalEntity = {
  readonly name: string;
  /** ISO 3166-1 alpha-2, lower case. */
  readonly country: string;
  /** Of its books; the country's own when absent. */
  readonly currency?: string | undefined;
  /** Its registration (RFC, EIN …), checked by the country's rule and kept compact. */
  readonly taxId?: string | undefined;
  readonly address?: string | undefined;
};

export type LegalEntityPatch = {
  readonly name?: string | undefined;
  readonly taxId?: string | null | undefined;
  readonly address?: string | null | undefined;
};

type EntityDeps = Pick<Deps, "db" | "clock" | "countries">;

/** The row for a new legal entity, or what is wrong with it; `at` is where it lies in the request. */
export function newEntityRow(
  profile: CountryProfile,
  church: ChurchId,
  given: NewLegalEntity,
  now: Date,
  at = "",
): Result<typeof legalEntities.$inferInsert & { currency: CurrencyCode }, Problem> {
  const currency = given.currency ?? profile.currency;
  if (!isCurrency(currency)) {
    return err(
      fieldProblem("currency_unknown", `${at}/currency`, "must be an ISO 4217 code in capitals, such as MXN"),
    );
  }
  const taxId = checkedTaxId(profile, given.taxId, at);
  if (!taxId.ok) return taxId;
  return ok({
    churchId: church,
    id: newId("legalEntity"),
    name: given.name,
    country: profile.code,
    currency,
    taxId: taxId.value,
    address: given.address ?? null,
    createdAt: now,
  });
}

function checkedTaxId(
  profile: CountryProfile,
  given: string | null | undefined,
  at: string,
): Result<string | null, Problem> {
  if (given === undefined || given === null) return ok(null);
  const checked = profile.entityDocument.check(given);
  return checked.ok ? checked : err(fieldProblem("invalid_request", `${at}/tax_id`, checked.error));
}

/** The profile of a country we serve, or the problem that lists those we do. */
export function profileOf(
  countries: Deps["countries"],
  country: string,
  pointer: string,
): Result<CountryProfile, Problem> {
  const profile = countries.get(country.toLowerCase());
  if (profile) return ok(profile);
  const served = [...countries.keys()].join(", ");
  return err(fieldProblem("invalid_request", pointer, `must be a country served here: ${served}`));
}

const nameTaken: Problem = fieldProblem(
  "conflict",
  "/name",
  "the church has a legal entity of this name in this country already",
);

export async function createLegalEntity(
  deps: EntityDeps,
  church: ChurchId,
  given: NewLegalEntity,
): Promise<Result<LegalEntity, Problem>> {
  const profile = profileOf(deps.countries, given.country, "/country");
  if (!profile.ok) return profile;
  const row = newEntityRow(profile.value, church, given, deps.clock.now());
  if (!row.ok) return row;
  return orNameTaken(async () => {
    const [made] = await deps.db.inChurch(church, ({ orm }) =>
      orm.insert(legalEntities).values(row.value).returning(),
    );
    return made;
  });
}

export async function updateLegalEntity(
  deps: Pick<EntityDeps, "db" | "countries">,
  church: ChurchId,
  id: LegalEntityId,
  patch: LegalEntityPatch,
): Promise<Result<LegalEntity, Problem>> {
  const before = await getLegalEntity(deps.db, church, id);
  if (!before) return err(noSuchEntity);
  const profile = profileOf(deps.countries, before.country, "/tax_id");
  if (!profile.ok) return profile;
  const taxId = checkedTaxId(profile.value, patch.taxId, "");
  if (!taxId.ok) return taxId;
  const values = {
    name: patch.name ?? before.name,
    taxId: patch.taxId === undefined ? before.taxId : taxId.value,
    address: patch.address === undefined ? before.address : patch.address,
  };
  return orNameTaken(async () => {
    const [row] = await deps.db.inChurch(church, ({ orm }) =>
      orm
        .update(legalEntities)
        .set(values)
        .where(and(eq(legalEntities.churchId, church), eq(legalEntities.id, id)))
        .returning(),
    );
    return row;
  });
}

const noSuchEntity: Problem = { code: "not_found", detail: "the church has no such legal entity" };

async function orNameTaken(
  write: () => Promise<LegalEntity | undefined>,
): Promise<Result<LegalEntity, Problem>> {
  try {
    const row = await write();
    return row ? ok(row) : err(noSuchEntity);
  } catch (error) {
    if (uniqueViolation(error)) return err(nameTaken);
    throw error;
  }
}

export async function getLegalEntity(
  db: Database,
  church: ChurchId,
  id: LegalEntityId,
): Promise<LegalEntity | undefined> {
  const [row] = await db.inChurch(church, ({ orm }) =>
    orm
      .select()
      .from(legalEntities)
      .where(and(eq(legalEntities.churchId, church), eq(legalEntities.id, id))),
  );
  return row;
}

/** Oldest first; one more than `limit`, to tell whether there are more. */
export function listLegalEntities(
  db: Database,
  church: ChurchId,
  options: { readonly limit: number; readonly after?: LegalEntityId | undefined },
): Promise<readonly LegalEntity[]> {
  return db.inChurch(church, ({ orm }) =>
    orm
      .select()
      .from(legalEntities)
      .where(and(eq(legalEntities.churchId, church), options.after && gt(legalEntities.id, options.after)))
      .orderBy(asc(legalEntities.id))
      .limit(options.limit + 1),
  );
}
