import { isReference } from "../gateway/transfer-reference.ts";
import type { ParsedLine } from "./statement-file.ts";

/** Bounds on what one line can make us look for. */
const mostCharacters = 2_000;
const mostReferences = 100;

/**
 * Every reference of ours that may stand in a line, anywhere in its texts, whatever the case, blanks and signs between
 * its characters. Seven digits must stand alone: inside a longer number they are that number's.
 */
export function referencesIn(line: Pick<ParsedLine, "texts" | "endToEndId">): readonly string[] {
  const found = new Set<string>();
  for (const text of [...line.texts, line.endToEndId ?? ""]) {
    const upper = text.slice(0, mostCharacters).toUpperCase();
    const squeezed = upper.replace(/[^A-Z0-9]/g, "");
    for (const part of windows(squeezed, 16)) if (isReference(part, "creditor")) found.add(part);
    for (const part of windows(squeezed, 8)) if (isReference(part, "short")) found.add(part);
    for (const part of sevenDigits(upper)) if (isReference(part, "numeric")) found.add(part);
  }
  return [...found].slice(0, mostReferences);
}

const windows = (text: string, length: number): readonly string[] =>
  Array.from({ length: Math.max(0, text.length - length + 1) }, (_, at) => text.slice(at, at + length));

/** Runs of digits, blanks or hyphens between them or not: the whole run if it has seven, else its parts that have. */
function sevenDigits(text: string): readonly string[] {
  return [...text.matchAll(/\d(?:[ -]?\d)*/g)].flatMap(([run]) => {
    const whole = run.replace(/[ -]/g, "");
    return whole.length === 7 ? [whole] : run.split(/[ -]/).filter((part) => part.length === 7);
  });
}
