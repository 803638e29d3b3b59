import type { Clock } from "../kernel/clock.ts";

/**
 * Keeps one gateway account's trouble from becoming everybody's. One for each process, which knows at once what it was
 * told; the others learn of it from the account's row (see routing/quiet-account.ts, which says how long).
 */
export type Bulkhead = {
  /** Runs work of an account, at most so many of its kind at once; the rest wait their turn. */
  run<T>(account: string, work: () => Promise<T>): Promise<T>;
  /** The account is to be left alone until then; `undefined`: it answers again. */
  hush(account: string, until: Date | undefined): void;
  /** Until when nothing should be sent; `undefined` when it may be. */
  quietUntil(account: string): Date | undefined;
};

type Lane = {
  running: number;
  readonly waiting: (() => void)[];
  quietUntil: Date | undefined;
};

export function bulkhead(clock: Clock, most: number): Bulkhead {
  const lanes = new Map<string, Lane>();
  const laneOf = (account: string): Lane => {
    const lane = lanes.get(account) ?? { running: 0, waiting: [], quietUntil: undefined };
    lanes.set(account, lane);
    return lane;
  };
  return {
    run: async (account, work) => {
      const lane = laneOf(account);
      // Who leaves hands its place to the first who waits, so that nobody slips in between.
      if (lane.running >= most) await new Promise<void>((resolve) => lane.waiting.push(resolve));
      else lane.running += 1;
      try {
        return await work();
      } finally {
        const next = lane.waiting.shift();
        if (next) next();
        else lane.running -= 1;
      }
    },
    hush: (account, until) => {
      laneOf(account).quietUntil = until;
    },
    quietUntil: (account) => {
      const until = lanes.get(account)?.quietUntil;
      return until && until > clock.now() ? until : undefined;
    },
  };
}
