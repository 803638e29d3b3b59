/** A new country's file: complete in shape, with every fact that a person has to bring marked by its test. */
export function countryFile(code: string): string {
  const names = (language: string) =>
    new Intl.DisplayNames([language], { type: "region" }).of(code.toUpperCase());
  const [es, en, pt] = ["es", "en", "pt"].map((language) => names(language) ?? code);
  return `import { einDocument } from "./checks/ein.ts";
import { acknowledgmentUnlike, defineCountry, ofrenda, text } from "./define.ts";
import { email, name, taxId } from "./fields.ts";
import { bankHolidays } from "./generated/bank-holidays.ts";
import { card } from "./methods/cards.ts";
import { everywhere } from "./methods/everywhere.ts";

/** ${en}. Name here the documents its facts were read in. */
export const ${variableOf(code)} = defineCountry({
  code: "${code}",
  name: text("${es}", "${en}", "${pt}"),
  currency: "???",
  timeZone: "Etc/UTC",
  locales: ["es-${code.toUpperCase()}"],
  methods: [card(["stripe"], [email, name, taxId]), ...everywhere],
  donorDocuments: [],
  entityDocument: einDocument,
  suggestedAmounts: [],
  acknowledgment: acknowledgmentUnlike(text("", "", "")),
  words: ofrenda,
  bankHolidays: bankHolidays.${code},
});
`;
}

/** A name for the constant: some codes are words of the language. */
const variableOf = (code: string): string =>
  ["do", "in", "is", "as", "if"].includes(code) ? `${code}Country` : code;

/** Whether the code is a country's: two letters that ISO 3166-1 names. */
export function isCountryCode(code: string): boolean {
  if (!/^[a-z]{2}$/.test(code)) return false;
  const names = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" });
  const named = names.of(code.toUpperCase());
  return named !== undefined && named !== names.of("ZZ");
}

/** The registry with one more line. Throws when the country is in it already. */
export function withCountry(registry: string, code: string): string {
  const line = `import { ${variableOf(code)} } from "./${code}.ts";`;
  if (registry.includes(line)) throw new Error(`${code} is registered already`);
  const imports = registry.match(/^import \{.*\} from "\.\/\w\w\.ts";\n/gm) ?? [];
  const all = [...imports, `${line}\n`].sort((a, b) => pathIn(a).localeCompare(pathIn(b)));
  return registry
    .replace(imports.join(""), all.join(""))
    .replace(
      /\[([a-zA-Z,\s]*)\]\.map\(/,
      (_, list: string) => `[${list.trim().replace(/,$/, "")}, ${variableOf(code)}].map(`,
    );
}
const pathIn = (line: string): string => /from "(.*)"/.exec(line)?.[1] ?? "";
