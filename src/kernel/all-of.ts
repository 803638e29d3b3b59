/**
 * Waits for all, also after a failure: work that shares a connection or a transaction may not go on once it was given
 * back. Throws what the first that failed threw.
 */
export async function allOf<const T extends readonly unknown[]>(
  works: T,
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  await Promise.allSettled(works);
  return Promise.all(works);
}
