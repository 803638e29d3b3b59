/** Expected answers are values: a business refusal is an `Err`, never a throw. */
export type Result<T, E> = Ok<T> | Err<E>;
export type Ok<T> = { readonly ok: true; readonly value: T };
export type Err<E> = { readonly ok: false; readonly error: E };

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });
export const err = <const E>(error: E): Err<E> => ({ ok: false, error });

/** The end of an exhaustive switch: fails to compile when a case is missing, throws if a lie reaches it. */
export function exhaustive(never: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(never)}`);
}
