import type { SandboxDocuments, SandboxEntry, SandboxPage, SandboxStore } from "./sandbox.ts";

type Row = { readonly document: object; readonly keys: readonly string[] };
type Undo = { readonly kind: string; readonly id: string; readonly before: Row | undefined };

/**
 * A simulator's state in this process's memory. `keepPerKind` bounds it for long runs: past that many documents
 * of a kind the oldest is forgotten, as a busy benchmark needs and a test does not.
 */
export function memorySandboxStore(options: { keepPerKind?: number } = {}): SandboxStore {
  const rows = new Rows(options.keepPerKind ?? Number.POSITIVE_INFINITY);
  const lanes = new Map<string, Promise<unknown>>();
  return {
    ...documentsOver(rows),
    atomically: (lane, work) => {
      const turn = (lanes.get(lane) ?? Promise.resolve()).then(() => allOrNothing(rows, work));
      const settled: Promise<void> = turn.then(
        () => release(lanes, lane, settled),
        () => release(lanes, lane, settled),
      );
      lanes.set(lane, settled);
      return turn;
    },
  };
}

function release(lanes: Map<string, Promise<unknown>>, lane: string, mine: Promise<unknown>): void {
  if (lanes.get(lane) === mine) lanes.delete(lane);
}

async function allOrNothing<T>(rows: Rows, work: (documents: SandboxDocuments) => Promise<T>): Promise<T> {
  const undo: Undo[] = [];
  try {
    return await work(documentsOver(rows, undo));
  } catch (error) {
    for (const { kind, id, before } of undo.reverse()) {
      if (before) rows.put(kind, id, before);
      else rows.remove(kind, id);
    }
    throw error;
  }
}

function documentsOver(rows: Rows, undo?: Undo[]): SandboxDocuments {
  return {
    get: async (kind, id) => rows.get(kind, id)?.document,
    put: async (kind, id, document, keys) => {
      undo?.push({ kind, id, before: rows.get(kind, id) });
      rows.put(kind, id, { document, keys });
    },
    remove: async (kind, id) => {
      undo?.push({ kind, id, before: rows.get(kind, id) });
      rows.remove(kind, id);
    },
    list: async (kind, key, page) => rows.list(kind, key, page),
  };
}

/** The maps themselves; JavaScript's maps and sets keep the order of first insertion, which is the order told. */
class Rows {
  readonly #kinds = new Map<string, Map<string, Row>>();
  /** Most keys lead to one document, and a set for each would cost more than the document. */
  readonly #keys = new Map<string, string | Set<string>>();
  readonly #keep: number;

  constructor(keep: number) {
    this.#keep = keep;
  }

  get(kind: string, id: string): Row | undefined {
    return this.#kinds.get(kind)?.get(id);
  }

  put(kind: string, id: string, row: Row): void {
    const rows = this.#kind(kind);
    const before = rows.get(id);
    rows.set(id, row);
    if (!before) for (const key of row.keys) this.#link(kind, key, id);
    else if (!sameKeys(before.keys, row.keys)) {
      for (const key of before.keys) if (!row.keys.includes(key)) this.#unlink(kind, key, id);
      for (const key of row.keys) if (!before.keys.includes(key)) this.#link(kind, key, id);
    }
    // A tenth at a time: a map whose head is deleted entry by entry is slow to begin reading.
    if (rows.size > this.#keep * 1.1) this.#forgetOldest(kind, rows, rows.size - this.#keep);
  }

  remove(kind: string, id: string): void {
    const row = this.get(kind, id);
    if (!row) return;
    this.#kinds.get(kind)?.delete(id);
    for (const key of row.keys) this.#unlink(kind, key, id);
  }

  list(kind: string, key: string, page: SandboxPage): readonly SandboxEntry[] {
    const under = this.#keys.get(`${kind}\n${key}`);
    if (under === undefined) return [];
    const ids = typeof under === "string" ? [under] : under;
    const found: SandboxEntry[] = [];
    let passed = page.after === undefined;
    for (const id of page.order === "newest_first" ? [...ids].reverse() : ids) {
      if (found.length >= page.limit) break;
      const row = passed ? this.get(kind, id) : undefined;
      if (row) found.push({ id, document: row.document });
      if (id === page.after) passed = true;
    }
    return found;
  }

  #kind(kind: string): Map<string, Row> {
    const known = this.#kinds.get(kind);
    if (known) return known;
    const rows = new Map<string, Row>();
    this.#kinds.set(kind, rows);
    return rows;
  }

  #link(kind: string, key: string, id: string): void {
    const name = `${kind}\n${key}`;
    const under = this.#keys.get(name);
    if (under === undefined) this.#keys.set(name, id);
    else if (typeof under !== "string") under.add(id);
    else if (under !== id) this.#keys.set(name, new Set([under, id]));
  }

  #unlink(kind: string, key: string, id: string): void {
    const name = `${kind}\n${key}`;
    const under = this.#keys.get(name);
    if (under === id) this.#keys.delete(name);
    else if (under instanceof Set && under.delete(id) && under.size === 0) this.#keys.delete(name);
  }

  #forgetOldest(kind: string, rows: Map<string, Row>, count: number): void {
    let left = count;
    for (const id of rows.keys()) {
      if (left-- <= 0) return;
      this.remove(kind, id);
    }
  }
}

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key, i) => key === b[i]);
}
