-- The state of the gateway simulators (TEST MODE). Belongs to no church and to nothing real; empty where the
-- sandbox is off. Apart from the rest in a schema of its own, out of the application role's reach.
create schema sandbox;
--> statement-breakpoint
create table sandbox.documents (
  gateway text not null,
  kind text not null,
  id text not null,
  keys text[] not null,
  document jsonb not null,
  position bigint generated always as identity,
  primary key (gateway, kind, id)
);
--> statement-breakpoint
create index documents_keys on sandbox.documents using gin (keys);
