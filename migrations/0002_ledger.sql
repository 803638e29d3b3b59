-- The ledger's rules, enforced by the database whoever writes (DESIGN: ledger; facts: orchestration, ledger).
--
--   an entry has the postings it declares, at least two, and they add up to zero per currency   entry_is_whole
--   a posting has its account's currency and its entry's legal entity                           posting_fits
--   a posting continues its account's chain: next version, balance = balance before + amount    posting_fits
--   a balance row says what its newest posting says, and keeps the account's sign limit         balance_fits
--   an event books once: unique (church, source kind, source id, purpose)                       journal_entries_source
--   nothing written is changed or removed, by anyone                                            append_only
--
-- All of it is set-based, once per statement, but for the first, which waits for the commit.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % is refused; book a correction instead', tg_table_name, lower(tg_op)
    using errcode = 'restrict_violation', constraint = 'append_only', table = tg_table_name;
end $$;
--> statement-breakpoint
create trigger append_only before update or delete or truncate on ledger_accounts
  for each statement execute function refuse_change();
--> statement-breakpoint
create trigger append_only before update or delete or truncate on journal_entries
  for each statement execute function refuse_change();
--> statement-breakpoint
create trigger append_only before update or delete or truncate on postings
  for each statement execute function refuse_change();
--> statement-breakpoint
create trigger append_only before update or delete or truncate on ledger_seals
  for each statement execute function refuse_change();
--> statement-breakpoint
create trigger append_only before delete or truncate on ledger_balances
  for each statement execute function refuse_change();
--> statement-breakpoint
create trigger append_only before update or truncate on ledger_unsealed
  for each statement execute function refuse_change();
--> statement-breakpoint
revoke update on ledger_accounts, journal_entries, postings, ledger_seals, ledger_unsealed from ofrenda_app;
--> statement-breakpoint
grant delete on ledger_unsealed to ofrenda_app;
--> statement-breakpoint
-- Which churches have entries to seal: church ids, nothing else.
create policy due on ledger_unsealed for select to ofrenda_sweeper
  using (current_user = 'ofrenda_sweeper');
--> statement-breakpoint
grant select (church_id) on ledger_unsealed to ofrenda_sweeper;
--> statement-breakpoint
-- The balance row is rewritten with every posting: room on its page keeps the rewrite off the index.
alter table ledger_balances set (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.05);
--> statement-breakpoint
-- Counted when the transaction commits. An entry cannot gain a posting afterwards, nor between an early check
-- (`set constraints all immediate`) and the commit: its places are as many as it declared, and taken.
create function check_entry() returns trigger language plpgsql as $$
declare
  found_count int;
  unbalanced text;
begin
  select sum(p.n), min(p.currency) filter (where p.total <> 0) into found_count, unbalanced
  from (
    select currency, count(*) as n, sum(amount_minor) as total from postings
    where church_id = new.church_id and entry_id = new.id
    group by currency
  ) p;
  if coalesce(found_count, 0) <> new.posting_count then
    raise exception 'entry % declares % postings and has %', new.id, new.posting_count, coalesce(found_count, 0)
      using errcode = 'check_violation', constraint = 'entry_is_whole', table = 'journal_entries';
  end if;
  if unbalanced is not null then
    raise exception 'entry % does not balance in %', new.id, unbalanced
      using errcode = 'check_violation', constraint = 'entry_balances', table = 'journal_entries';
  end if;
  return null;
end $$;
--> statement-breakpoint
create constraint trigger entry_is_whole after insert on journal_entries
  deferrable initially deferred for each row execute function check_entry();
--> statement-breakpoint
-- Every entry waits to be sealed, whoever wrote it.
create function queue_for_sealing() returns trigger language plpgsql as $$
begin
  insert into ledger_unsealed (church_id, entry_id) select church_id, id from added;
  return null;
end $$;
--> statement-breakpoint
create trigger queue_for_sealing after insert on journal_entries
  referencing new table as added for each statement execute function queue_for_sealing();
--> statement-breakpoint
create function check_unqueued() returns trigger language plpgsql as $$
begin
  if exists (
    select from removed r
    where not exists (select from ledger_seals s where s.church_id = r.church_id and s.entry_id = r.entry_id)
  ) then
    raise exception 'an entry leaves the queue only when it is sealed'
      using errcode = 'restrict_violation', constraint = 'unsealed_stays', table = 'ledger_unsealed';
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger unsealed_stays after delete on ledger_unsealed
  referencing old table as removed for each statement execute function check_unqueued();
--> statement-breakpoint
-- Looked up one posting at a time (`lateral … limit 1` keeps it so): whatever the statistics say of an average
-- church, every look-up here is by a whole key.
create function check_postings() returns trigger language plpgsql as $$
declare wrong record;
begin
  select n.*, e.posting_count, e.legal_entity_id as entry_entity, a.legal_entity_id as account_entity,
         a.currency as account_currency, a.shards, b.version as balance_version into wrong
  from added n
  left join lateral (
    select * from journal_entries e where e.church_id = n.church_id and e.id = n.entry_id limit 1
  ) e on true
  left join lateral (
    select * from ledger_accounts a where a.church_id = n.church_id and a.account_no = n.account_no limit 1
  ) a on true
  left join lateral (
    select * from ledger_balances b
    where b.church_id = n.church_id and b.account_no = n.account_no and b.shard = n.shard limit 1
  ) b on true
  left join lateral (
    select * from postings p
    where p.church_id = n.church_id and p.account_no = n.account_no and p.shard = n.shard
      and p.version = n.version - 1 limit 1
  ) p on true
  where (e.posting_count >= n.position and a.legal_entity_id = e.legal_entity_id and a.currency = n.currency
    and a.shards > n.shard and b.version >= n.version and (p.version is not null or n.version = 1)
    and coalesce(p.balance_after_minor, 0) + n.amount_minor = n.balance_after_minor) is not true
  limit 1;
  if not found then
    return null;
  end if;
  raise exception 'posting % of entry % does not fit: %', wrong.position, wrong.entry_id, case
      when wrong.posting_count is null then 'its entry is unknown'
      when wrong.posting_count < wrong.position then 'the entry declared no such posting'
      when wrong.account_entity is null then 'its account is unknown'
      when wrong.account_currency <> wrong.currency then 'the account is in another currency'
      when wrong.account_entity <> wrong.entry_entity then 'the account belongs to another legal entity'
      when wrong.shards <= wrong.shard then 'the account has no such shard'
      when wrong.balance_version is null or wrong.balance_version < wrong.version
        then 'its account''s balance was not brought forward with it'
      else 'it does not continue the balance of its account' end
    using errcode = 'check_violation', constraint = 'posting_fits', table = 'postings';
end $$;
--> statement-breakpoint
create trigger posting_fits after insert on postings
  referencing new table as added for each statement execute function check_postings();
--> statement-breakpoint
create function check_balances() returns trigger language plpgsql as $$
declare wrong record;
begin
  select c.*, p.balance_after_minor, a.may_go_negative, a.code into wrong
  from changed c
  left join lateral (
    select * from ledger_accounts a where a.church_id = c.church_id and a.account_no = c.account_no limit 1
  ) a on true
  left join lateral (
    select * from postings p
    where p.church_id = c.church_id and p.account_no = c.account_no and p.shard = c.shard
      and p.version >= c.version order by p.version desc limit 1
  ) p on true
  where (coalesce(p.version, 0) = c.version and coalesce(p.balance_after_minor, 0) = c.balance_minor
    and (a.may_go_negative or case a.normal_side when 'debit' then c.balance_minor >= 0
                                                 else c.balance_minor <= 0 end)) is not true
  limit 1;
  if not found then
    return null;
  end if;
  if wrong.may_go_negative is false and wrong.balance_after_minor = wrong.balance_minor then
    raise exception 'account % (number %) may not go below zero', wrong.code, wrong.account_no
      using errcode = 'check_violation', constraint = 'sign_limit', table = 'ledger_balances';
  end if;
  raise exception 'the balance of account number % is not what its newest posting says', wrong.account_no
    using errcode = 'check_violation', constraint = 'balance_fits', table = 'ledger_balances';
end $$;
--> statement-breakpoint
create trigger balance_fits_new after insert on ledger_balances
  referencing new table as changed for each statement execute function check_balances();
--> statement-breakpoint
create trigger balance_fits after update on ledger_balances
  referencing new table as changed for each statement execute function check_balances();
--> statement-breakpoint
-- Books a batch in the caller's transaction and for the church in scope; called by src/ledger/post-entry.ts only.
--
--   entries   [{id, legal_entity_id, source_kind, source_id, purpose, occurred_at, value_date, memo,
--              corrects_entry_id, posting_count}]
--   lines     [{entry, entity, code, dimension, currency, position, amount}], amounts as text
--   lane      any number: which shard of a shared account this batch writes to
--
-- Answers the entries booked, or null when an account is missing: nothing has been done then, and the caller
-- opens the accounts and asks again. Locks are taken in one order everywhere (entries by source, then balances
-- by account and shard), so that batches wait for each other and never deadlock.
create function post_entries(entries jsonb, lines jsonb, lane int, recorded timestamptz) returns int
language plpgsql
-- Its look-ups are by whole keys, whatever the arrays hold: planning the locks anew for each call costs more than they do.
set plan_cache_mode = force_generic_plan as $$
declare
  church constant uuid := scope_church();
  ids uuid[]; positions smallint[]; accounts bigint[]; shards smallint[]; currencies text[]; amounts bigint[];
  new_shards boolean;
  held_accounts bigint[]; held_shards smallint[]; held_versions bigint[]; held_balances bigint[];
  booked uuid[];
begin
  select array_agg(l.entry), array_agg(l.position), array_agg(a.account_no), array_agg(a.shard),
         array_agg(l.currency), array_agg(l.amount), bool_or(b.version is null)
    into ids, positions, accounts, shards, currencies, amounts, new_shards
  from jsonb_to_recordset(lines) as l(entry uuid, entity uuid, code text, dimension uuid, currency text,
                                      position smallint, amount bigint)
  left join lateral (
    select a.account_no, (lane % a.shards)::smallint as shard from ledger_accounts a
    where a.church_id = church and a.legal_entity_id = l.entity and a.code = l.code
      and a.dimension_id = l.dimension and a.currency = l.currency limit 1
  ) a on true
  left join lateral (
    select b.version from ledger_balances b
    where b.church_id = church and b.account_no = a.account_no and b.shard = a.shard limit 1
  ) b on true;
  if array_position(accounts, null) is not null then
    return null;
  end if;

  with fresh as (
    insert into journal_entries (church_id, id, legal_entity_id, source_kind, source_id, purpose, occurred_at,
                                 value_date, memo, corrects_entry_id, posting_count, recorded_at)
    select church, e.id, e.legal_entity_id, e.source_kind, e.source_id, e.purpose, e.occurred_at, e.value_date,
           e.memo, e.corrects_entry_id, e.posting_count, recorded
    from jsonb_to_recordset(entries) as e(id uuid, legal_entity_id uuid, source_kind text, source_id text,
      purpose text, occurred_at timestamptz, value_date date, memo text, corrects_entry_id uuid,
      posting_count smallint)
    order by e.source_kind, e.source_id, e.purpose
    on conflict (church_id, source_kind, source_id, purpose) do nothing
    returning id
  )
  select array_agg(id) into booked from fresh;
  if booked is null then
    return 0;
  end if;

  if new_shards then
    insert into ledger_balances (church_id, account_no, shard, version, balance_minor)
    select distinct church, w.account_no, w.shard, 0, 0 from unnest(accounts, shards) as w(account_no, shard)
    order by 2, 3
    on conflict do nothing;
  end if;

  select array_agg(b.account_no), array_agg(b.shard), array_agg(b.version), array_agg(b.balance_minor)
    into held_accounts, held_shards, held_versions, held_balances
  from (
    select distinct w.account_no, w.shard from unnest(ids, accounts, shards) as w(entry, account_no, shard)
    where w.entry = any (booked) order by 1, 2
  ) w
  cross join lateral (
    select * from ledger_balances b
    where b.church_id = church and b.account_no = w.account_no and b.shard = w.shard
    for update
  ) b;

  with added as (
    insert into postings (church_id, account_no, shard, version, entry_id, position, amount_minor, currency,
                          balance_after_minor)
    select church, w.account_no, w.shard, b.version + row_number() over each_account, w.entry, w.position,
           w.amount, w.currency, b.balance + sum(w.amount) over each_account
    from unnest(ids, positions, accounts, shards, currencies, amounts)
      as w(entry, position, account_no, shard, currency, amount)
    join unnest(held_accounts, held_shards, held_versions, held_balances)
      as b(account_no, shard, version, balance) using (account_no, shard)
    where w.entry = any (booked)
    window each_account as (partition by w.account_no, w.shard order by w.entry, w.position rows unbounded preceding)
    returning account_no, shard, version, balance_after_minor
  )
  -- Always a conflict: the rows are there and locked. Said as an insert, it goes straight to them by their key.
  insert into ledger_balances as b (church_id, account_no, shard, version, balance_minor)
  select distinct on (account_no, shard) church, account_no, shard, version, balance_after_minor from added
  order by account_no, shard, version desc
  on conflict (church_id, account_no, shard)
  do update set version = excluded.version, balance_minor = excluded.balance_minor;
  return cardinality(booked);
end $$;
