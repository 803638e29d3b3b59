import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";

/*
 * Packs the font of printed documents into a committed module, so that Workers, which have no files, print the
 * same document as Node. Run after changing the font: `tsx scripts/build-fonts.ts [folder of the package]`.
 */
const root = join(import.meta.dirname, "..");
const source = process.argv[2] ?? join(root, "node_modules/@expo-google-fonts/nunito-sans");

const packed = async (file: string): Promise<string> => {
  const bytes = await readFile(join(source, file));
  return deflateRawSync(bytes, { level: 9 }).toString("base64");
};

const text = `// Made by scripts/build-fonts.ts; do not edit. Nunito Sans, SIL Open Font License 1.1 (NunitoSans-OFL.txt).

/** TrueType files, deflated and in base64: Latin with all European and Vietnamese accents, and Cyrillic. */
export const packedFonts = {
  regular: "${await packed("400Regular/NunitoSans_400Regular.ttf")}",
  bold: "${await packed("700Bold/NunitoSans_700Bold.ttf")}",
} as const;
`;
await writeFile(join(root, "src/receipts/generated/fonts.ts"), text);
console.log(`src/receipts/generated/fonts.ts: ${text.length} characters`);
