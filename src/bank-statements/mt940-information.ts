import { meaningful } from "./statement-file.ts";

/** What the `:86:` of one movement says, in whichever of the three ways banks write it. */
export type Information = {
  readonly endToEndId: string | undefined;
  readonly name: string | undefined;
  readonly account: string | undefined;
  readonly texts: readonly string[];
};

/**
 * German banks number the parts (`?20…?32…`, some with `>`), Dutch ones name them (`/EREF/…/NAME/…`), others write
 * sentences. Lines break after 65 characters wherever that falls, so in the first two they are joined without a gap;
 * sentences are kept both ways, since a break may stand inside a reference or between two words.
 */
export function readInformation(parts: readonly string[]): Information {
  const joined = parts.join("").replaceAll("\n", "");
  if (/^\d{3}[?>]\d\d/.test(joined)) return numberedParts(joined);
  if (/^\/[A-Z]{2,5}\//.test(joined)) return namedParts(joined);
  return {
    endToEndId: undefined,
    name: undefined,
    account: undefined,
    texts: [...parts, joined],
  };
}

const purposeParts = /^(2\d|6[0-3])$/;

function numberedParts(text: string): Information {
  const separator = text.charAt(3);
  const parts = text
    .slice(4)
    .split(separator)
    .map((part) => [part.slice(0, 2), part.slice(2)] as const);
  const of = (...codes: readonly string[]) =>
    parts.flatMap(([code, value]) => (codes.includes(code) ? [value] : [])).join("");
  const purpose = parts.flatMap(([code, value]) => (purposeParts.test(code) ? [value] : [])).join("");
  const words = sepaWords(purpose);
  return {
    endToEndId: meaningful(words.get("EREF")),
    name: meaningful(of("32", "33")),
    account: meaningful(of("31") || words.get("IBAN")),
    texts: [words.get("SVWZ") ?? purpose, ...words.values(), of("00"), of("34")].filter((t) => t !== ""),
  };
}

/** `EREF+…SVWZ+…`: the words SEPA banks put into the purpose. */
function sepaWords(purpose: string): ReadonlyMap<string, string> {
  const found = [...purpose.matchAll(/(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP)\+/g)];
  return new Map(
    found.map((match, n) => {
      const end = found[n + 1]?.index ?? purpose.length;
      return [match[1] ?? "", purpose.slice(match.index + match[0].length, end).trim()];
    }),
  );
}

const names =
  "EREF|KREF|MARF|CSID|TRTP|IBAN|BIC|NAME|REMI|BENM|ORDP|ULTD|ULTB|ID|ADDR|ISDT|PREF|RTRN|PURP|CNTP|SVCL";

function namedParts(text: string): Information {
  const found = [...text.matchAll(new RegExp(`/(${names})/`, "g"))];
  const parts = new Map(
    found.map((match, n) => {
      // Two tags may share a slash: `/BENM//NAME/` and `/REMI/…/ISDT/`.
      const end = found[n + 1]?.index ?? text.length;
      return [match[1] ?? "", text.slice(match.index + match[0].length, end).trim()];
    }),
  );
  return {
    endToEndId: meaningful(parts.get("EREF")),
    name: meaningful(parts.get("NAME")),
    account: meaningful(parts.get("IBAN")),
    texts: [...parts.values()].filter((value) => value !== ""),
  };
}
