-- Tenancy, enforced by the database (DESIGN: tenancy, access, privacy).
--
-- Two roles, neither an owner, neither able to bypass row-level security:
--   ofrenda_app      sees and writes the rows of one church: the one named, for this transaction only, in
--                    `ofrenda.church`. No name, no rows. A row may also be read by proof: its unguessable
--                    look-up value (a key's hash, an endpoint's token) or its public slug in `ofrenda.proof`.
--   ofrenda_sweeper  sees, across churches, only which rows are due: ids and dates, never amounts or people.
-- The service chooses the role inside each transaction, so nothing survives on a pooled connection.
do $$
begin
  if not exists (select from pg_roles where rolname = 'ofrenda_app') then
    create role ofrenda_app nologin noinherit;
  end if;
  if not exists (select from pg_roles where rolname = 'ofrenda_sweeper') then
    create role ofrenda_sweeper nologin noinherit;
  end if;
  execute format('grant ofrenda_app, ofrenda_sweeper to %I', current_user);
end $$;
--> statement-breakpoint
create function scope_church() returns uuid language sql stable parallel safe as
  $$ select nullif(current_setting('ofrenda.church', true), '')::uuid $$;
--> statement-breakpoint
create function scope_proof() returns text language sql stable parallel safe as
  $$ select nullif(current_setting('ofrenda.proof', true), '') $$;
--> statement-breakpoint
-- For statements that are sent together with their commit: what must hold, or everything is undone.
create function must(holds boolean, what text) returns void language plpgsql immutable as $$
begin
  if holds is not true then
    raise exception using errcode = 'P0001', message = what;
  end if;
end $$;
--> statement-breakpoint
-- One policy for every table that belongs to a church; the house test proves that none was forgotten.
create procedure guard_church_table(name regclass) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', name);
  execute format('alter table %s force row level security', name);
  execute format(
    'create policy of_this_church on %s to ofrenda_app
       using (church_id = (select scope_church())) with check (church_id = (select scope_church()))', name);
  execute format('grant select, insert, update on %s to ofrenda_app', name);
end $$;
--> statement-breakpoint
do $$
declare name regclass;
begin
  grant usage on schema public to ofrenda_app, ofrenda_sweeper;
  for name in
    select c.oid::regclass from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'church_id' and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  loop
    call guard_church_table(name);
  end loop;
end $$;
--> statement-breakpoint
-- Deleting is the exception: an outbound endpoint may go (with its deliveries), expired keys are cleared.
grant delete on webhook_endpoints, deliveries, delivery_tries, followings, idempotency_keys, recurring_allocations to ofrenda_app;
--> statement-breakpoint
-- What a donor came in by says nothing once it is over.
grant delete on portal_links, portal_sessions, portal_asks to ofrenda_app;
--> statement-breakpoint
-- History and announcements are written once.
revoke update on attempt_changes, message_tries, message_returns, recurring_changes, events, delivery_tries, bank_statements, approval_steps, debit_returns from ofrenda_app;
--> statement-breakpoint
-- What the bank said of a movement stays; what became of it may change.
revoke update on bank_lines from ofrenda_app;
--> statement-breakpoint
grant update (state, attempt_id, settled_at, key_version, details) on bank_lines to ofrenda_app;
--> statement-breakpoint
-- What was counted is what was counted; what became of it is written beside it.
revoke update on offline_lines from ofrenda_app;
--> statement-breakpoint
grant update (donation_id, fault, key_version, words) on offline_lines to ofrenda_app;
--> statement-breakpoint
-- A request is decided as it was asked, once, and paid once: whoever writes, and whatever else forgets to look.
create function keep_word() returns trigger language plpgsql as $$
begin
  if (old.kind, old.subject, old.amount_minor, old.currency, old.particulars, old.requested_by, old.requested_at,
      old.requested_root, old.gateway_account_id) is distinct from
     (new.kind, new.subject, new.amount_minor, new.currency, new.particulars, new.requested_by, new.requested_at,
      new.requested_root, new.gateway_account_id)
     or (old.payee is not null) <> (new.payee is not null)
     or old.state <> 'pending' and (old.state, old.decided_by, old.decided_root, old.decided_at) is distinct from
                                   (new.state, new.decided_by, new.decided_root, new.decided_at)
     or old.paid_at is not null and (old.paid_at, old.paid_by, old.paid_on, old.paid_reference) is distinct from
                                    (new.paid_at, new.paid_by, new.paid_on, new.paid_reference)
  then
    raise exception 'an approval is decided as it was asked, and once'
      using errcode = 'restrict_violation', constraint = 'approvals_keep_their_word', table = 'approvals';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger approvals_keep_their_word before update on approvals
  for each row execute function keep_word();
--> statement-breakpoint
-- What was sealed once is only ever sealed again: under a newer key, when the church's keys are rotated.
create function only_resealed() returns trigger language plpgsql as $$
begin
  if to_jsonb(old) -> tg_argv[0] is distinct from to_jsonb(new) -> tg_argv[0]
     and new.key_version <= old.key_version then
    raise exception 'what was sealed here stays, but for a newer key'
      using errcode = 'restrict_violation', constraint = 'only_resealed', table = tg_table_name;
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger only_resealed before update of details on bank_lines
  for each row execute function only_resealed('details');
--> statement-breakpoint
create trigger only_resealed before update of words on offline_lines
  for each row execute function only_resealed('words');
--> statement-breakpoint
create trigger only_resealed before update of payee on approvals
  for each row execute function only_resealed('payee');
--> statement-breakpoint
-- Reading by proof: who presents the value finds its one row.
create policy by_slug on churches for select to ofrenda_app using (slug = (select scope_proof()));
--> statement-breakpoint
create policy by_hash on api_keys for select to ofrenda_app using (encode(hash, 'hex') = (select scope_proof()));
--> statement-breakpoint
create policy by_endpoint on gateway_accounts for select to ofrenda_app
  using (endpoint_token = (select scope_proof()));
--> statement-breakpoint
-- A mail that came back names its message; whether it may is proved by the church's key once the church is known.
create policy by_return on messages for select to ofrenda_app using (id::text = (select scope_proof()));
--> statement-breakpoint
alter table platforms enable row level security;
--> statement-breakpoint
alter table platforms force row level security;
--> statement-breakpoint
alter table platform_keys enable row level security;
--> statement-breakpoint
alter table platform_keys force row level security;
--> statement-breakpoint
create policy by_hash on platform_keys to ofrenda_app
  using (encode(hash, 'hex') = (select scope_proof()));
--> statement-breakpoint
create policy by_key on platforms to ofrenda_app
  using (exists (select 1 from platform_keys k where k.platform_id = platforms.id))
  with check (true);
--> statement-breakpoint
grant select, insert on platforms to ofrenda_app;
--> statement-breakpoint
grant select, insert, update on platform_keys to ofrenda_app;
--> statement-breakpoint
-- A platform's key finds the platform's churches: the proof is the platform's id, known once the key is.
create policy by_platform on churches for select to ofrenda_app
  using (platform_id::text = (select scope_proof()));
--> statement-breakpoint
-- What the sweeper may know. The service's login is a member of the role and inherits its policies, not its limits
-- on columns: `current_user` keeps these rows from it until it has put the role on.
create policy due on payment_attempts for select to ofrenda_sweeper
  using (next_check_at is not null and current_user = 'ofrenda_sweeper');
--> statement-breakpoint
grant select (church_id, id, next_check_at) on payment_attempts to ofrenda_sweeper;
--> statement-breakpoint
create policy due on refunds for select to ofrenda_sweeper
  using (next_check_at is not null and current_user = 'ofrenda_sweeper');
--> statement-breakpoint
grant select (church_id, id, next_check_at) on refunds to ofrenda_sweeper;
--> statement-breakpoint
create policy due on inbox for select to ofrenda_sweeper
  using (next_at is not null and current_user = 'ofrenda_sweeper');
--> statement-breakpoint
grant select (church_id, id, gateway_account_id, order_key, next_at, state) on inbox to ofrenda_sweeper;
--> statement-breakpoint
create policy due on deliveries for select to ofrenda_sweeper
  using (next_at is not null and current_user = 'ofrenda_sweeper');
--> statement-breakpoint
grant select (church_id, id, next_at) on deliveries to ofrenda_sweeper;
--> statement-breakpoint
create policy due on followings for select to ofrenda_sweeper
  using (next_at is not null and current_user = 'ofrenda_sweeper');
--> statement-breakpoint
grant select (church_id, event_id, follower, next_at) on followings to ofrenda_sweeper;
--> statement-breakpoint
create policy due on messages for select to ofrenda_sweeper
  using (next_at is not null and current_user = 'ofrenda_sweeper');
--> statement-breakpoint
grant select (church_id, id, next_at) on messages to ofrenda_sweeper;
--> statement-breakpoint
create policy due on mandates for select to ofrenda_sweeper
  using ((next_check_at is not null or state = 'active') and current_user = 'ofrenda_sweeper');
--> statement-breakpoint
grant select (church_id, id, state, next_check_at, expires_on) on mandates to ofrenda_sweeper;
--> statement-breakpoint
create policy due on recurring_gifts for select to ofrenda_sweeper
  using ((next_open_at is not null or resumes_on is not null) and current_user = 'ofrenda_sweeper');
--> statement-breakpoint
grant select (church_id, id, next_open_at, resumes_on) on recurring_gifts to ofrenda_sweeper;
--> statement-breakpoint
create policy due on occurrences for select to ofrenda_sweeper
  using (next_at is not null and current_user = 'ofrenda_sweeper');
--> statement-breakpoint
grant select (church_id, id, recurring_gift_id, next_at) on occurrences to ofrenda_sweeper;
--> statement-breakpoint
create policy listed on churches for select to ofrenda_sweeper
  using (current_user = 'ofrenda_sweeper');
--> statement-breakpoint
grant select (church_id, slug) on churches to ofrenda_sweeper;
