import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { build } from "esbuild";

/*
 * Bundles what browsers download into committed modules, so that the service starts without a build step and the
 * same bytes are served by Node and Workers. `npm run build:pages` writes them; a test fails when they are stale.
 */
const root = join(import.meta.dirname, "..");

type Source = { readonly name: string; readonly from: string };
type Output = { readonly file: string; readonly prefix: string; readonly sources: readonly Source[] };

const outputs: readonly Output[] = [
  {
    file: "src/pages/generated/assets.ts",
    prefix: "/assets",
    sources: [
      { name: "styles.css", from: "src/pages/design/styles.css" },
      { name: "icon.svg", from: "src/pages/design/icon.svg" },
      { name: "give-form.js", from: "src/pages/checkout/islands/give-form.ts" },
      { name: "gift-status.js", from: "src/pages/checkout/islands/gift-status.ts" },
      { name: "portal-method.js", from: "src/pages/portal/islands/portal-method.ts" },
      { name: "sdk-mercadopago.js", from: "adapters/mercadopago/browser/card-form.ts" },
      { name: "sdk-stripe.js", from: "adapters/stripe/browser/payment-form.ts" },
    ],
  },
  {
    file: "adapters/stripe/sandbox/generated/assets.ts",
    prefix: "/sandbox/stripe/assets",
    sources: [
      { name: "v3.js", from: "adapters/stripe/sandbox/browser/v3.ts" },
      { name: "elements.js", from: "adapters/stripe/sandbox/browser/elements.ts" },
      { name: "sandbox.css", from: "adapters/stripe/sandbox/browser/sandbox.css" },
    ],
  },
  {
    file: "adapters/mercadopago/sandbox/generated/assets.ts",
    prefix: "/sandbox/mercadopago/assets",
    sources: [
      { name: "v2.js", from: "adapters/mercadopago/sandbox/browser/v2.ts" },
      { name: "field.js", from: "adapters/mercadopago/sandbox/browser/field.ts" },
      { name: "challenge.js", from: "adapters/mercadopago/sandbox/browser/challenge.ts" },
      { name: "field.css", from: "adapters/mercadopago/sandbox/browser/field.css" },
    ],
  },
];

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** The generated modules by file name, as they should be now. */
export async function generatedPages(): Promise<ReadonlyMap<string, string>> {
  const files = await Promise.all(
    outputs.map(async (output) => [output.file, await moduleText(output)] as const),
  );
  return new Map(files);
}

async function moduleText({ prefix, sources }: Output): Promise<string> {
  const entries = await Promise.all(
    sources.map(async ({ name, from }) => {
      const body = await bundled(join(root, from));
      const hash = createHash("sha256").update(body).digest("hex").slice(0, 10);
      const extension = extname(name);
      const path = `${prefix}/${name.slice(0, -extension.length)}-${hash}${extension}`;
      return `  ${JSON.stringify(name)}: {\n    path: ${JSON.stringify(path)},\n    type: ${JSON.stringify(types[extension])},\n    body: ${JSON.stringify(body)},\n  },\n`;
    }),
  );
  return [
    "// Made by `npm run build:pages` from the sources it names; do not edit.\n",
    "// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the text of bundled scripts\n\n",
    `export const assets = {\n${entries.join("")}} as const;\n\n`,
    "export type AssetName = keyof typeof assets;\n\n",
    "/** A file browsers download, with its address by content. */\n",
    "export const asset = (name: AssetName) => assets[name];\n",
  ].join("");
}

async function bundled(file: string): Promise<string> {
  if (extname(file) === ".svg") return (await readFile(file, "utf8")).trim();
  const result = await build({
    entryPoints: [file],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    charset: "utf8",
    legalComments: "none",
    // Phones some years old: esbuild rewrites syntax they lack, never library calls.
    target: ["es2020", "safari14.1"],
  });
  return result.outputFiles[0]?.text.trim() ?? "";
}

if (process.argv[1] === import.meta.filename) {
  for (const [file, text] of await generatedPages()) {
    await writeFile(join(root, file), text);
    console.log(`${file}: ${text.length} characters`);
  }
}
