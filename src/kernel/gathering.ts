type Gathering<K, T, R> = {
  /** Most items in one batch. */
  readonly most: number;
  /** Batches of one key under way at once. */
  readonly atOnce: number;
  /** Writes a batch of one key whole or not at all; answers each item, in order. */
  write(key: K, batch: readonly T[]): Promise<readonly R[]>;
};

type Queue<T, R> = { readonly waiting: Waiting<T, R>[]; writers: number };
type Waiting<T, R> = {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Group commit: while one batch of a key is under way, what arrives for that key gathers and goes together in the
 * next. What comes alone goes at once; under load many share one transaction and one flush to disk. A batch that
 * fails is written again item by item, so that one's failure is nobody else's.
 */
export function gathered<K, T, R>({
  most,
  atOnce,
  write,
}: Gathering<K, T, R>): (key: K, item: T) => Promise<R> {
  const queues = new Map<K, Queue<T, R>>();

  const alone = async (key: K, { item, resolve, reject }: Waiting<T, R>): Promise<void> => {
    try {
      for (const result of await write(key, [item])) resolve(result);
    } catch (error) {
      reject(error);
    }
  };

  const together = async (key: K, batch: readonly Waiting<T, R>[]): Promise<void> => {
    const [first, ...more] = batch;
    if (first && more.length === 0) return alone(key, first);
    try {
      const results = await write(
        key,
        batch.map(({ item }) => item),
      );
      for (const [index, result] of results.entries()) batch[index]?.resolve(result);
    } catch {
      await Promise.all(batch.map((one) => alone(key, one)));
    }
  };

  const pump = async (key: K, queue: Queue<T, R>): Promise<void> => {
    queue.writers += 1;
    while (queue.waiting.length > 0) await together(key, queue.waiting.splice(0, most));
    queue.writers -= 1;
    if (queue.writers === 0) queues.delete(key);
  };

  return (key, item) =>
    new Promise((resolve, reject) => {
      const queue = queues.get(key) ?? { waiting: [], writers: 0 };
      queues.set(key, queue);
      queue.waiting.push({ item, resolve, reject });
      if (queue.writers < atOnce) void pump(key, queue);
    });
}
