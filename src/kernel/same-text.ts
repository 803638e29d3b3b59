import { timingSafeEqual } from "node:crypto";

/** Whether a token that was handed in is the one expected, which none is; takes as long whatever the first difference is. */
export function sameText(expected: string, given: string | undefined): boolean {
  if (given === undefined) return false;
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
