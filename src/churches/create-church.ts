import { uniqueViolation } from "../db/unique-violation.ts";
import type { Deps } from "../deps.ts";
import { inLanguage, type Localized } from "../gateway/country-profile.ts";
import { type FundId, type LegalEntityId, newId, type PlatformId } from "../kernel/ids.ts";
import { fieldProblem, type Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import {
  type Brand,
  brandFaults,
  canonicalLocale,
  faultList,
  faultProblem,
  localeFault,
  slugFault,
  timeZoneFault,
  writeBrand,
} from "./church-rules.ts";
import { type Church, readChurch } from "./churches.ts";
import { fundCodeShape, type NewFund, newFundRow } from "./funds.ts";
import { type NewLegalEntity, newEntityRow, profileOf } from "./legal-entities.ts";
import { churches, funds, legalEntities } from "./tables.ts";

export type NewChurch = {
  readonly name: string;
  readonly slug: string;
  /** ISO 3166-1 alpha-2 of a country we serve. */
  readonly country: string;
  /** The country's own when absent. */
  readonly timeZone?: string | undefined;
  /** The country's first when absent. */
  readonly locale?: string | undefined;
  readonly brand?: Brand | undefined;
  readonly platformId?: PlatformId | undefined;
  /** In the church's country. */
  readonly legalEntity: Omit<NewLegalEntity, "country">;
  /** `general` when absent. */
  readonly fund?: NewFund | undefined;
};

export type MadeChurch = {
  readonly church: Church;
  readonly legalEntityId: LegalEntityId;
  readonly fundId: FundId;
};

const generalFund: Localized = { es: "Ofrenda general", en: "General fund", pt: "Oferta geral" };

/**
 * Makes a church ready to be given to: itself, the legal entity that receives, a first fund and its first data key,
 * all or nothing. Refuses with every field at fault, or `conflict` when the slug is taken.
 */
export async function createChurch(
  deps: Pick<Deps, "db" | "clock" | "vault" | "countries">,
  given: NewChurch,
): Promise<Result<MadeChurch, Problem>> {
  const profile = profileOf(deps.countries, given.country, "/country");
  if (!profile.ok) return profile;
  const { timeZone = profile.value.timeZone, locale: tag = profile.value.locales[0] ?? "en" } = given;
  const locale = canonicalLocale(tag) ?? tag;
  const fault = faultProblem(faultsOf(given, timeZone, locale));
  if (fault) return err(fault);
  const now = deps.clock.now();
  const churchId = newId("church");
  const entity = newEntityRow(
    profile.value,
    churchId,
    { ...given.legalEntity, country: profile.value.code },
    now,
    "/legal_entity",
  );
  if (!entity.ok) return entity;
  const named = { code: "general", name: inLanguage(generalFund, locale) };
  const fund = newFundRow(churchId, given.fund ?? named, now);
  const church = {
    churchId,
    platformId: given.platformId ?? null,
    slug: given.slug,
    name: given.name,
    country: profile.value.code,
    timeZone,
    locale,
    brand: writeBrand(given.brand ?? {}),
    contactEmail: null,
    dunning: {},
    quietHours: {},
    createdAt: now,
  };
  try {
    await deps.db.inChurch(churchId, async (tx) => {
      await tx.orm.insert(churches).values(church);
      await tx.orm.insert(legalEntities).values(entity.value);
      await tx.orm.insert(funds).values(fund);
      await deps.vault.newestVersion(tx, churchId);
    });
  } catch (error) {
    if (!uniqueViolation(error)) throw error;
    return err(fieldProblem("conflict", "/slug", `"${given.slug}" is taken: choose another`));
  }
  return ok({ church: readChurch(church), legalEntityId: entity.value.id, fundId: fund.id });
}

function faultsOf(given: NewChurch, timeZone: string, locale: string) {
  return [
    ...faultList([
      ["/slug", slugFault(given.slug)],
      ["/time_zone", timeZoneFault(timeZone)],
      ["/locale", localeFault(locale)],
      [
        "/fund/code",
        given.fund &&
          !fundCodeShape.test(given.fund.code) &&
          "must be lower-case letters, digits, hyphens or underscores, starting with a letter or digit",
      ],
    ]),
    ...brandFaults(given.brand ?? {}, "/brand"),
  ];
}
