/** How numbers with a meaning (documents, accounts) are read from what people type, and written for them. */

/**
 * The number alone: capitals and plain digits, without the marks people write between them. Full-width digits,
 * typographic dashes and odd spaces, which come with text copied from a PDF, count as their plain kin.
 */
export function plain(text: string, marks = " .-"): string {
  const spelled = text
    .normalize("NFKC")
    .replace(/[\p{Dash_Punctuation}\u2212]/gu, "-")
    .replace(/\s/g, " ")
    .trim()
    .toUpperCase();
  return [...spelled].filter((character) => !marks.includes(character)).join("");
}

/** Hidden but for the last three characters, and never more than half of it: `••••••••GR8`. */
export function maskNumber(compact: string): string {
  const shown = Math.min(3, Math.floor(compact.length / 2));
  return "•".repeat(compact.length - shown) + compact.slice(compact.length - shown);
}

/** Writes a number into a pattern whose `#` are its characters: `written("###.###.###-##")`. */
export const written =
  (pattern: string) =>
  (compact: string): string => {
    let next = 0;
    return pattern.replace(/#/g, () => compact[next++] ?? "");
  };

/** Groups of `size` characters from the left, a space between: how an IBAN is printed. */
export const inGroups = (compact: string, size: number): string =>
  (compact.match(new RegExp(`.{1,${size}}`, "g")) ?? []).join(" ");

/** Groups of three from the right: `12.345.678`. */
export const inThousands = (digits: string): string => digits.replace(/\B(?=(?:\d{3})+$)/g, ".");
