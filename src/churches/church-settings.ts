import { z } from "zod";
import type { Database } from "../db/client.ts";
import { type Clock, seconds } from "../kernel/clock.ts";
import { type CurrencyCode, isCurrency } from "../kernel/currency.ts";
import { type ChurchId, type FundId, type LegalEntityId, toId, uuidOf } from "../kernel/ids.ts";
import { shortCache } from "../kernel/short-cache.ts";
import type { RoutableAccount } from "../routing/choose-route.ts";
import { type Dunning, readDunning } from "./church-rules.ts";

/** The slow-changing facts of a church that every gift needs, read together and kept for a few seconds. */
export type ChurchSettings = {
  readonly churchId: ChurchId;
  readonly slug: string;
  readonly name: string;
  readonly country: string;
  readonly timeZone: string;
  readonly locale: string;
  readonly legalEntities: readonly {
    readonly id: LegalEntityId;
    readonly country: string;
    readonly currency: CurrencyCode;
  }[];
  readonly funds: readonly SettingsFund[];
  readonly accounts: readonly RoutableAccount[];
  /** Its own limits on asking again. */
  readonly dunning: Dunning;
};

export type SettingsFund = {
  readonly id: FundId;
  readonly code: string;
  readonly name: string;
  readonly restricted: boolean;
  readonly active: boolean;
};

export type ChurchSettingsReader = {
  /** May be up to five seconds old: good for accepting. `undefined` when there is no such church. */
  read(church: ChurchId): Promise<ChurchSettings | undefined>;
  /** Read now. Ask this before refusing: staleness may cost a second look, never a refusal. */
  readFresh(church: ChurchId): Promise<ChurchSettings | undefined>;
};

const keepMs = seconds(5);

export function churchSettingsReader(db: Database, clock: Clock): ChurchSettingsReader {
  const cache = shortCache<ChurchId, ChurchSettings | undefined>({ clock, ttlMs: keepMs, most: 20_000 });
  const load = (church: ChurchId) => loadSettings(db, church);
  return {
    read: (church) => cache.get(church, () => load(church)),
    readFresh: (church) => {
      cache.forget(church);
      return cache.get(church, () => load(church));
    },
  };
}

const currency = z.string().refine(isCurrency);
const settingsRow = z.object({
  slug: z.string(),
  name: z.string(),
  country: z.string(),
  time_zone: z.string(),
  locale: z.string(),
  dunning: z.unknown(),
  legal_entities: z.array(z.object({ id: z.uuid(), country: z.string(), currency })),
  funds: z.array(
    z.object({
      id: z.uuid(),
      code: z.string(),
      name: z.string(),
      restricted: z.boolean(),
      active: z.boolean(),
    }),
  ),
  accounts: z.array(
    z.object({
      id: z.uuid(),
      legal_entity_id: z.uuid(),
      gateway: z.string(),
      mode: z.enum(["test", "live"]),
      country: z.string(),
      status: z.enum(["active", "disabled"]),
      sandbox: z.boolean(),
      takes: z.record(z.string(), z.array(z.string())).nullable(),
      quiet_until: z.iso
        .datetime({ offset: true })
        .transform((text) => new Date(text))
        .nullable(),
    }),
  ),
});

async function loadSettings(db: Database, church: ChurchId): Promise<ChurchSettings | undefined> {
  const [found] = await db.inChurch(
    church,
    ({ sql }) => sql`
      select c.slug, c.name, c.country, c.time_zone, c.locale, c.dunning,
        coalesce((select json_agg(json_build_object('id', e.id, 'country', e.country, 'currency', e.currency)
                    order by e.created_at, e.id)
                  from legal_entities e where e.church_id = c.church_id), '[]') as legal_entities,
        coalesce((select json_agg(json_build_object('id', f.id, 'code', f.code, 'name', f.name,
                    'restricted', f.restricted, 'active', f.active) order by f.position, f.created_at, f.id)
                  from funds f where f.church_id = c.church_id), '[]') as funds,
        coalesce((select json_agg(json_build_object('id', a.id, 'legal_entity_id', a.legal_entity_id,
                    'gateway', a.gateway, 'mode', a.mode, 'country', a.country, 'status', a.status,
                    'sandbox', a.sandbox, 'takes', a.takes, 'quiet_until', a.quiet_until) order by a.created_at, a.id)
                  from gateway_accounts a where a.church_id = c.church_id), '[]') as accounts
      from churches c where c.church_id = ${uuidOf(church)}`,
  );
  if (!found) return undefined;
  const row = settingsRow.parse(found);
  return {
    churchId: church,
    slug: row.slug,
    name: row.name,
    country: row.country,
    timeZone: row.time_zone,
    locale: row.locale,
    legalEntities: row.legal_entities.map((e) => ({ ...e, id: toId("legalEntity", e.id) })),
    funds: row.funds.map((f) => ({ ...f, id: toId("fund", f.id) })),
    accounts: row.accounts.map(({ legal_entity_id, takes, quiet_until, ...a }) => ({
      ...a,
      ...(takes ? { takes } : {}),
      ...(quiet_until ? { quietUntil: quiet_until } : {}),
      id: toId("gatewayAccount", a.id),
      legalEntityId: toId("legalEntity", legal_entity_id),
    })),
    dunning: readDunning(row.dunning),
  };
}
