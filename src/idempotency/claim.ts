import { timingSafeEqual } from "node:crypto";
import type { Sql, Statement, Tx } from "../db/client.ts";
import { given, hexOf, writeTogether } from "../db/together.ts";
import { after, days, seconds } from "../kernel/clock.ts";
import { type ChurchId, newId, uuidOf } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";

/** What one command is known by: who asks, at which address, under which key. */
export type CommandName = {
  /** The API key's id, or `checkout`. */
  readonly principal: string;
  /** Method and route template, e.g. `POST /v1/donations`. */
  readonly route: string;
  readonly key: string;
};

export type Claim =
  /** Ours to run. */
  | { readonly kind: "won" }
  /** Ran before: the first answer. */
  | { readonly kind: "replay"; readonly status: number; readonly body: unknown }
  /** Whoever ran it died after making `resourceId`: go on from there, not from zero. */
  | { readonly kind: "take_over"; readonly resourceId: string };

/** How long a process may work on a command before another may take it over. Longer than any gateway deadline. */
const leaseMs = seconds(60);
/** How long an answer is kept for replay. */
const keptMs = days(30);
const keyPattern = /^[\x21-\x7e]{1,255}$/;

let owner: string | undefined;
/** This process (or isolate), as the holder of leases, for a person to read; made on first use, since Workers allow no chance at start-up. */
function leaseOwner(): string {
  owner ??= newId("event");
  return owner;
}

/** A key is 1 to 255 printable ASCII characters without spaces. */
export function checkKey(key: string | undefined): Result<string, Problem> {
  if (key === undefined || key === "") {
    return err({
      code: "idempotency_key_missing",
      detail:
        "send an Idempotency-Key header, a fresh UUID for each new command, so that a repeat is never paid twice",
      errors: [{ pointer: "/headers/idempotency-key", detail: "is missing" }],
    });
  }
  if (keyPattern.test(key)) return ok(key);
  return err({
    code: "idempotency_key_invalid",
    detail: "the Idempotency-Key is 1 to 255 printable ASCII characters without spaces",
    errors: [
      { pointer: "/headers/idempotency-key", detail: "use 1 to 255 printable characters, such as a UUID" },
    ],
  });
}

export type ClaimOrder = {
  readonly church: ChurchId;
  readonly name: CommandName;
  readonly fingerprint: Uint8Array;
  /** What the command will make, chosen before: it is stored with the claim, in the same transaction. */
  readonly resourceId: string;
  readonly now: Date;
};

/** Enough to ask what a key stands for, without claiming it. */
export type KeyLook = Omit<ClaimOrder, "resourceId">;

type Row = {
  fingerprint: Uint8Array;
  state: "in_flight" | "done";
  locked_until: Date;
  resource_id: string;
  response_status: number | null;
  response_body: unknown;
};

/** Claims a command nobody has claimed; false when somebody has, and then {@link claim} tells what that means. */
export const tryClaim = (tx: Tx, order: ClaimOrder): Promise<boolean> => claimAll(tx, order.church, order);

const claimAll = writeTogether(async ({ sql }, church, orders: readonly ClaimOrder[]) => {
  const rows = orders.map(({ name, fingerprint, resourceId, now }) => ({
    ...name,
    fingerprint: hexOf(fingerprint),
    resource_id: resourceId,
    created_at: now,
    locked_until: after(now, leaseMs),
    expires_at: after(now, keptMs),
  }));
  const columns = `principal text, route text, key text, fingerprint bytea, resource_id text, created_at timestamptz,
    locked_until timestamptz, expires_at timestamptz`;
  const won = await sql<{ resource_id: string }[]>`
    insert into idempotency_keys
      (church_id, principal, route, key, fingerprint, state, owner, locked_until, resource_id, created_at, expires_at)
    select ${uuidOf(church)}, g.principal, g.route, g.key, g.fingerprint, 'in_flight', ${leaseOwner()}, g.locked_until,
           g.resource_id, g.created_at, g.expires_at
    from ${given(sql, columns, rows)} g
    order by g.principal, g.route, g.key
    on conflict (church_id, principal, route, key) do nothing
    returning resource_id`;
  const made = new Set(won.map(({ resource_id }) => resource_id));
  return orders.map(({ resourceId }) => made.has(resourceId));
});

/**
 * Claims a command in the caller's transaction. Exactly one caller wins; while it works others are told to wait
 * (409), afterwards they get its answer; the same key for another command is refused by name. When the winner's
 * lease has run out, the next caller takes over. A claim is undone with the transaction that made it.
 */
export async function claim(tx: Tx, order: ClaimOrder): Promise<Result<Claim, Problem>> {
  if (await tryClaim(tx, order)) return ok({ kind: "won" });
  const { name } = order;
  const [row] = await tx.sql<Row[]>`
    select fingerprint, state, locked_until, resource_id, response_status, response_body
    from idempotency_keys
    where church_id = ${uuidOf(order.church)} and principal = ${name.principal} and route = ${name.route}
      and key = ${name.key}
    for update`;
  if (!row) return err(inFlight(1));
  return judge(tx, order, row);
}

async function judge(tx: Tx, order: KeyLook, row: Row): Promise<Result<Claim, Problem>> {
  if (!timingSafeEqual(row.fingerprint, order.fingerprint)) return err(reused);
  if (row.state === "done") {
    return ok({ kind: "replay", status: row.response_status ?? 200, body: row.response_body });
  }
  const left = row.locked_until.getTime() - order.now.getTime();
  if (left > 0) return err(inFlight(Math.min(Math.ceil(left / 1000), 5)));
  await tx.sql`
    update idempotency_keys set owner = ${leaseOwner()}, locked_until = ${after(order.now, leaseMs)}
    where church_id = ${uuidOf(order.church)} and principal = ${order.name.principal}
      and route = ${order.name.route} and key = ${order.name.key}`;
  return ok({ kind: "take_over", resourceId: row.resource_id });
}

/** What a key was answered before, when it was; for commands that would be refused now but were not then. */
export async function replayed(tx: Tx, order: KeyLook): Promise<Result<Claim, Problem> | undefined> {
  const [row] = await tx.sql<Row[]>`
    select fingerprint, state, locked_until, resource_id, response_status, response_body
    from idempotency_keys
    where church_id = ${uuidOf(order.church)} and principal = ${order.name.principal}
      and route = ${order.name.route} and key = ${order.name.key} and state = 'done'`;
  return row ? judge(tx, order, row) : undefined;
}

/** The answer of a command, to be kept for whoever repeats it. */
export type KeptAnswer = { readonly name: CommandName; readonly status: number; readonly body: object };

/** Stores answers with the effects, in their transaction. */
export function finish(sql: Sql, church: ChurchId, answers: readonly KeptAnswer[]): Statement {
  const rows = answers.map(({ name, status, body }) => ({ ...name, status, body: JSON.stringify(body) }));
  return sql`
    update idempotency_keys i
    set state = 'done', response_status = g.status, response_body = g.body::json
    from ${given(sql, "principal text, route text, key text, status smallint, body text", rows)} g
    where i.church_id = ${uuidOf(church)} and i.principal = g.principal and i.route = g.route and i.key = g.key
      and i.state = 'in_flight'`;
}

/** Gives the key back after an answer that must not be kept (the gateway was out of reach, nothing was sent). */
export function release(sql: Sql, church: ChurchId, name: CommandName): Statement {
  return sql`
    delete from idempotency_keys
    where church_id = ${uuidOf(church)} and principal = ${name.principal} and route = ${name.route}
      and key = ${name.key} and state = 'in_flight'`;
}

/** Clears keys whose time is over, at most `most` of one church; returns how many went. */
export async function clearExpired(tx: Tx, church: ChurchId, now: Date, most: number): Promise<number> {
  const gone = await tx.sql`
    delete from idempotency_keys where ctid = any(array(
      select ctid from idempotency_keys
      where church_id = ${uuidOf(church)} and expires_at < ${now} limit ${most}))`;
  return gone.count;
}

const inFlight = (seconds: number): Problem => ({
  code: "idempotency_in_flight",
  detail:
    "the first request with this Idempotency-Key has not been answered yet: repeat it unchanged shortly",
  retryAfterSeconds: seconds,
});

const reused: Problem = {
  code: "idempotency_key_reused",
  detail: "this Idempotency-Key was used with another body: send a fresh key for a new command",
  errors: [{ pointer: "/headers/idempotency-key", detail: "use a fresh key for a different request" }],
};
