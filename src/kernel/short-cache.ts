import type { Clock } from "./clock.ts";

/** A small cache of slow-changing facts: entries live `ttlMs`, the oldest goes when there are `most`. */
export type ShortCache<K, V> = {
  get(key: K, load: () => Promise<V>): Promise<V>;
  forget(key: K): void;
};

/**
 * Concurrent misses of one key share one load; a failed load is not kept. On Workers an isolate has its own, so
 * nothing that must be seen at once by all may rest on it.
 */
export function shortCache<K, V>(options: { clock: Clock; ttlMs: number; most: number }): ShortCache<K, V> {
  const entries = new Map<K, { value: Promise<V>; until: number }>();
  return {
    async get(key, load) {
      const now = options.clock.now().getTime();
      const found = entries.get(key);
      if (found && found.until > now) return found.value;
      const value = load();
      entries.delete(key);
      entries.set(key, { value, until: now + options.ttlMs });
      if (entries.size > options.most) {
        const oldest = entries.keys().next();
        if (!oldest.done) entries.delete(oldest.value);
      }
      try {
        return await value;
      } catch (error) {
        if (entries.get(key)?.value === value) entries.delete(key);
        throw error;
      }
    },
    forget: (key) => {
      entries.delete(key);
    },
  };
}
