import type postgres from "postgres";
import {
  type ChurchId,
  type EntryId,
  type FundId,
  type GatewayAccountId,
  type LegalEntityId,
  newId,
  uuidOf,
} from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { credit, debit, type EntryDraft, type Posting } from "../../src/ledger/entry-draft.ts";

/** A church with what a ledger needs: a legal entity, funds and gateway accounts. */
export type Books = {
  readonly church: ChurchId;
  readonly legalEntityId: LegalEntityId;
  readonly funds: readonly [FundId, ...FundId[]];
  readonly gatewayAccounts: readonly [GatewayAccountId, ...GatewayAccountId[]];
};

/** Rows written past the service, by one who sees all: only for setting a scene. */
export async function newBooks(
  superuser: postgres.Sql<{ bigint: bigint }>,
  size: { funds?: number; gatewayAccounts?: number } = {},
): Promise<Books> {
  const church = newId("church");
  const legalEntityId = newId("legalEntity");
  const funds: [FundId, ...FundId[]] = [newId("fund")];
  while (funds.length < (size.funds ?? 2)) funds.push(newId("fund"));
  const gatewayAccounts: [GatewayAccountId, ...GatewayAccountId[]] = [newId("gatewayAccount")];
  while (gatewayAccounts.length < (size.gatewayAccounts ?? 1)) gatewayAccounts.push(newId("gatewayAccount"));
  const id = uuidOf(church);
  const entity = uuidOf(legalEntityId);
  await superuser`
    insert into churches (church_id, slug, name, country, time_zone, locale, created_at)
    values (${id}, ${church}, 'Iglesia', 'mx', 'America/Mexico_City', 'es-MX', now())`;
  await superuser`
    insert into legal_entities (church_id, id, name, country, currency, created_at)
    values (${id}, ${entity}, 'Iglesia A.R.', 'mx', 'MXN', now())`;
  await superuser`
    insert into funds (church_id, id, code, name, created_at)
    select ${id}::uuid, f.id, 'fund-' || f.n, 'Fund', now()
    from unnest(${funds.map(uuidOf)}::uuid[]) with ordinality f(id, n)`;
  await superuser`
    insert into gateway_accounts (church_id, id, legal_entity_id, gateway, mode, country, label, status,
                                  key_version, credentials, endpoint_token, webhook_secrets, sandbox, created_at)
    select ${id}::uuid, g.id, ${entity}::uuid, 'stripe', 'test', 'mx', 'Stripe', 'active', 1, '', g.id::text, '', true,
           now()
    from unnest(${gatewayAccounts.map(uuidOf)}::uuid[]) g(id)`;
  return { church, legalEntityId, funds, gatewayAccounts };
}

/** A gift as the ledger sees it: Dr 1100, Cr 4100, in centavos; with other postings when given. */
export function giftDraft(
  books: Books,
  minor: bigint,
  change: Partial<EntryDraft> & { id?: EntryId } = {},
): EntryDraft {
  return {
    id: newId("entry"),
    legalEntityId: books.legalEntityId,
    source: { kind: "attempt", id: newId("attempt") },
    purpose: "capture",
    occurredAt: new Date("2026-03-02T12:00:00Z"),
    memo: "Gift captured",
    postings: giftPostings(books, minor),
    ...change,
  };
}

const giftPostings = (books: Books, minor: bigint): readonly Posting[] => [
  debit({ code: "1100", gatewayAccountId: books.gatewayAccounts[0] }, money(minor, "MXN")),
  credit({ code: "4100", fundId: books.funds[0] }, money(minor, "MXN")),
];
