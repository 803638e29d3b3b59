/** Mulberry32: small, seeded, good enough to shuffle with. */
export function dice(from: number) {
  let state = from >>> 0;
  const roll = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const upTo = (n: number): number => Math.floor(roll() * n);
  const one = <T>(list: readonly T[]): T | undefined => list[upTo(list.length)];
  return { roll, chance: (p: number) => roll() < p, upTo, one };
}

export type Dice = ReturnType<typeof dice>;

/** One of several, each as often as its weight says. */
export function drawn<T>(random: Dice, weighted: readonly (readonly [T, number])[]): T {
  const total = weighted.reduce((sum, [, weight]) => sum + weight, 0);
  let left = random.roll() * total;
  for (const [value, weight] of weighted) {
    left -= weight;
    if (left < 0) return value;
  }
  const last = weighted.at(-1);
  if (!last) throw new Error("there is something to draw from");
  return last[0];
}
