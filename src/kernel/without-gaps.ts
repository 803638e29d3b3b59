/** The same fields, each of them only where there is something. */
export type WithoutGaps<T extends object> = { [K in keyof T]?: Exclude<T[K], undefined | null> };

/**
 * The fields that have a value: one that is `undefined` or `null` is left out. A field left out and one that is
 * `undefined` are two things to our types, to JSON and to a gateway.
 */
export function withoutGaps<T extends object>(fields: T): WithoutGaps<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  ) as WithoutGaps<T>;
}
