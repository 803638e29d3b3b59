/**
 * Waits for all, also after a failure: work that shares a connection or a transaction may not go on once it was given
 * back. Throws what the first that failed threw.
 */
export async function allOf<T>(works: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(works);
  return results.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
}
