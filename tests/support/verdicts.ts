import { z } from "zod";
import type { Result } from "../../src/kernel/result.ts";
import { specJson } from "./specs.ts";

const vectorsSchema = z.object({
  vectors: z.array(
    z.object({
      input: z.string(),
      valid: z.boolean().optional(),
      ok: z.boolean().optional(),
      compact: z.string().optional(),
      formatted: z.string().optional(),
    }),
  ),
});

/** One number of a published verdict file (`ids/<kind>.json`). */
export type Vector = {
  readonly input: string;
  readonly valid: boolean;
  readonly compact: string | undefined;
  readonly formatted: string | undefined;
};

/** All verdicts on one kind of number; throws when the file is not what we know it to be. */
export function vectorsOf(kind: string): readonly Vector[] {
  const { vectors } = vectorsSchema.parse(specJson(`ids/${kind}.json`));
  return vectors.map(({ input, valid, ok, compact, formatted }) => {
    const verdict = valid ?? ok;
    if (verdict === undefined) throw new Error(`ids/${kind}.json: a vector without a verdict`);
    return { input, valid: verdict, compact, formatted };
  });
}

export type Judged = {
  readonly kind: string;
  readonly vectors: number;
  readonly agree: number;
  /** Where we say otherwise, in words a person can weigh against `reasons`. */
  readonly disagreements: readonly { readonly input: string; readonly how: string }[];
};

/** Our verdict, compact and written form beside the published ones. */
export function judge(
  kind: string,
  check: (text: string) => Result<string, string>,
  format?: (compact: string) => string,
): Judged {
  const vectors = vectorsOf(kind);
  const disagreements = vectors.flatMap((vector) => {
    const how = difference(vector, check, format);
    return how === undefined ? [] : [{ input: vector.input, how }];
  });
  return { kind, vectors: vectors.length, agree: vectors.length - disagreements.length, disagreements };
}

function difference(
  { input, valid, compact, formatted }: Vector,
  check: (text: string) => Result<string, string>,
  format?: (compact: string) => string,
): string | undefined {
  const verdict = check(input);
  if (verdict.ok !== valid) return verdict.ok ? "we take it" : "we refuse it";
  if (!verdict.ok) return undefined;
  if (compact !== undefined && verdict.value !== compact)
    return `compact ${verdict.value}, theirs ${compact}`;
  if (format && formatted !== undefined && format(verdict.value) !== formatted) {
    return `written ${format(verdict.value)}, theirs ${formatted}`;
  }
  return undefined;
}

/** The agreement as lines of a table, for the run's output. */
export const agreementTable = (judged: readonly Judged[]): string =>
  [
    "kind        vectors  agree  else",
    ...judged.map(({ kind, vectors, agree, disagreements }) =>
      [
        kind.padEnd(11),
        String(vectors).padStart(7),
        String(agree).padStart(6),
        String(disagreements.length).padStart(5),
      ].join(" "),
    ),
  ].join("\n");
