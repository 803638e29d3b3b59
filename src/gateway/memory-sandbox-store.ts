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

/** The documents of one kind. Most keys lead to one document, and a set for each would cost more than that. */
type Shelf = { readonly rows: Map<string, Row>; readonly keys: Map<string, string | Set<string>> };

/** The maps themselves; JavaScript's maps and sets keep the order of first insertion, which is the order told. */
class Rows {
  readonly #shelves = new Map<string, Shelf>();
  readonly #keep: number;

  constructor(keep: number) {
    this.#keep = keep;
  }

  get(kind: string, id: string): Row | undefined {
    return this.#shelves.get(kind)?.rows.get(id);
  }

  put(kind: string, id: string, row: Row): void {
    const shelf = this.#shelf(kind);
    const before = shelf.rows.get(id);
    shelf.rows.set(id, row);
    if (!before) for (const key of row.keys) link(shelf, key, id);
    else if (!sameKeys(before.keys, row.keys)) {
      for (const key of before.keys) if (!row.keys.includes(key)) unlink(shelf, key, id);
      for (const key of row.keys) if (!before.keys.includes(key)) link(shelf, key, id);
    }
    // A tenth at a time: a map whose head is deleted entry by entry is slow to begin reading.
    if (shelf.rows.size > this.#keep * 1.1) forgetOldest(shelf, shelf.rows.size - this.#keep);
  }

  remove(kind: string, id: string): void {
    const shelf = this.#shelves.get(kind);
    if (shelf) take(shelf, id);
  }

  list(kind: string, key: string, page: SandboxPage): readonly SandboxEntry[] {
    const shelf = this.#shelves.get(kind);
    const under = shelf?.keys.get(key);
    if (!shelf || under === undefined) return none;
    const ids = typeof under === "string" ? [under] : under;
    const found: SandboxEntry[] = [];
    let passed = page.after === undefined;
    for (const id of page.order === "newest_first" ? [...ids].reverse() : ids) {
      if (found.length >= page.limit) break;
      const row = passed ? shelf.rows.get(id) : undefined;
      if (row) found.push({ id, document: row.document });
      if (id === page.after) passed = true;
    }
    return found;
  }

  #shelf(kind: string): Shelf {
    const known = this.#shelves.get(kind);
    if (known) return known;
    const made: Shelf = { rows: new Map(), keys: new Map() };
    this.#shelves.set(kind, made);
    return made;
  }
}

const none: readonly SandboxEntry[] = [];

function link(shelf: Shelf, key: string, id: string): void {
  const under = shelf.keys.get(key);
  if (under === undefined) shelf.keys.set(key, id);
  else if (typeof under !== "string") under.add(id);
  else if (under !== id) shelf.keys.set(key, new Set([under, id]));
}

function unlink(shelf: Shelf, key: string, id: string): void {
  const under = shelf.keys.get(key);
  if (under === id) shelf.keys.delete(key);
  else if (under instanceof Set && under.delete(id) && under.size === 0) shelf.keys.delete(key);
}

function take(shelf: Shelf, id: string): void {
  const row = shelf.rows.get(id);
  if (!row) return;
  shelf.rows.delete(id);
  for (const key of row.keys) unlink(shelf, key, id);
}

function forgetOldest(shelf: Shelf, count: number): void {
  let left = count;
  for (const id of shelf.rows.keys()) {
    if (left-- <= 0) return;
    take(shelf, id);
  }
}

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key, i) => key === b[i]);
}
