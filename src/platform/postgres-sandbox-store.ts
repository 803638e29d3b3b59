import type { Database, Sql } from "../db/client.ts";
import type { SandboxDocuments, SandboxStore } from "../gateway/sandbox.ts";

/** A simulator's state in PostgreSQL, so that vouchers outlive a restart and isolates share one bank. */
export function postgresSandboxStore(db: Database, gateway: string): SandboxStore {
  const alone = <T>(work: (documents: SandboxDocuments) => Promise<T>): Promise<T> =>
    db.unscoped(({ sql }) => work(documentsOn(sql, gateway)));
  return {
    get: (kind, id) => alone((documents) => documents.get(kind, id)),
    put: (kind, id, document, keys) => alone((documents) => documents.put(kind, id, document, keys)),
    remove: (kind, id) => alone((documents) => documents.remove(kind, id)),
    list: (kind, key, page) => alone((documents) => documents.list(kind, key, page)),
    atomically: (lane, work) =>
      db.unscoped(async ({ sql }) => {
        await sql`select pg_advisory_xact_lock(hashtextextended(${`${gateway}/${lane}`}, 0))`;
        return work(documentsOn(sql, gateway));
      }),
  };
}

type Row = { id: string; document: object };

function documentsOn(sql: Sql, gateway: string): SandboxDocuments {
  return {
    get: async (kind, id) => {
      const [row] = await sql<Row[]>`
        select id, document from sandbox.documents where gateway = ${gateway} and kind = ${kind} and id = ${id}`;
      return row?.document;
    },
    put: async (kind, id, document, keys) => {
      await sql`
        insert into sandbox.documents (gateway, kind, id, keys, document)
        values (${gateway}, ${kind}, ${id}, ${[...keys]}::text[], ${JSON.stringify(document)})
        on conflict (gateway, kind, id) do update set keys = excluded.keys, document = excluded.document`;
    },
    remove: async (kind, id) => {
      await sql`delete from sandbox.documents where gateway = ${gateway} and kind = ${kind} and id = ${id}`;
    },
    list: async (kind, key, page) => {
      const newest = page.order === "newest_first";
      const after =
        page.after === undefined
          ? sql``
          : sql`and position ${newest ? sql`<` : sql`>`} (
              select position from sandbox.documents where gateway = ${gateway} and kind = ${kind} and id = ${page.after}
                and ${key} = any(keys))`;
      return sql<Row[]>`
        select id, document from sandbox.documents
        where gateway = ${gateway} and kind = ${kind} and keys @> array[${key}]::text[] ${after}
        order by position ${newest ? sql`desc` : sql`asc`} limit ${page.limit}`;
    },
  };
}
