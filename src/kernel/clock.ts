/** Time is injected: no product code reads the machine's clock by itself. */
export type Clock = { now(): Date };

export const systemClock: Clock = { now: () => new Date() };

/** A clock a test sets and moves. */
export type FixedClock = Clock & { set(at: Date | string): void; advance(ms: number): void };

export function fixedClock(start: Date | string): FixedClock {
  let at = new Date(start).getTime();
  return {
    now: () => new Date(at),
    set: (to) => {
      at = new Date(to).getTime();
    },
    advance: (ms) => {
      at += ms;
    },
  };
}

export const seconds = (n: number): number => n * 1000;
export const minutes = (n: number): number => n * 60_000;
export const hours = (n: number): number => n * 3_600_000;
export const days = (n: number): number => n * 86_400_000;

/** The instant `ms` milliseconds after `from`. Civil dates (months, time zones) go through Temporal instead. */
export const after = (from: Date, ms: number): Date => new Date(from.getTime() + ms);
