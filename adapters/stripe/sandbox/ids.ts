/** Fills the array with random bytes; `crypto.getRandomValues` unless a test wants the same ids again. */
export type RandomBytes = (target: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

export type Ids = {
  /** `prefix_` and 24 letters and digits, as Stripe writes its ids. */
  id(prefix: string): string;
  /** Letters and digits. */
  text(length: number): string;
  digits(length: number): string;
};

/** Draws random bytes by the thousand, since an id costs one draw per character otherwise. */
export function makeIds(random: RandomBytes): Ids {
  const pool = new Uint8Array(4096);
  let next = pool.length;
  const byte = (): number => {
    if (next >= pool.length) {
      random(pool);
      next = 0;
    }
    return pool[next++] ?? 0;
  };
  const text = (length: number): string => {
    let out = "";
    while (out.length < length) {
      const at = byte() & 63;
      if (at < alphabet.length) out += alphabet[at];
    }
    return out;
  };
  const digits = (length: number): string => {
    let out = "";
    while (out.length < length) {
      const at = byte() & 15;
      if (at < 10) out += at;
    }
    return out;
  };
  return { id: (prefix) => `${prefix}_${text(24)}`, text, digits };
}
