import { expect, test } from "vitest";
import { codeOf, isCode, sourcesIn } from "../support/sources.ts";

const folders = [
  "src",
  "adapters",
  "countries",
  "scripts",
  "bench",
  "load-tests",
  "tests",
  "docs",
  "migrations",
];
const pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "package.json", "wrangler.toml"];
// This page must write down the words it looks for.
const all = sourcesIn(...folders, ...pages).filter(
  ({ path }) => path !== "tests/house/words.test.ts" && !path.startsWith("migrations/meta/"),
);
const product = all.filter(({ path }) => /^(src|countries|migrations)\//.test(path));

const found = (files: typeof all, words: RegExp, textOf = ({ text }: (typeof all)[number]) => text) =>
  files.flatMap((file) =>
    textOf(file)
      .split("\n")
      .flatMap((line) => (words.test(line) ? [`${file.path}: ${line.trim().slice(0, 120)}`] : [])),
  );

test("nothing is left to be done later, and no type is switched off", () => {
  expect(
    found(
      all,
      /\b(TODO|FIXME|XXX|HACK)\b|@ts-(ignore|nocheck|expect-error)|biome-ignore(?!-all lint\/suspicious\/noTemplateCurlyInString)/,
    ),
  ).toEqual([]);
  const loose = /(?<![\w"'`])as any\b|:\s*any\b(?=\s*[;,)=[\]|>])|<any>/;
  expect(found(all.filter(isCode), loose, codeOf)).toEqual([]);
});

test("each thing has its one name: the words of other houses stay in the adapters that must translate them", () => {
  const others = /\b(merchants?|psp|processors?|cents|paymentIntents?|payment_intents?|chargebacks?)\b/i;
  expect(found(product, others)).toEqual([]);
  // "customer" is what a gateway calls a donor it keeps: the contract and its column say so, nothing else does.
  const customer = found(product, /customers?\b/i, codeOf).filter(
    (line) => !/customerRef|gateway_customers|gatewayCustomers|customer_ref|rememberCustomer/.test(line),
  );
  expect(customer).toEqual([]);
});

test("rooms have names that say what is in them", () => {
  const vague = all
    .map(({ path }) => path)
    .filter((path) => /(^|\/|-)(utils?|helpers?|managers?|common|misc)(\.|\/|-)/.test(path));
  expect(vague).toEqual([]);
  const notKebab = all
    .map(({ path }) => path)
    .filter((path) => /^(src|adapters|countries|scripts|bench|tests)\//.test(path))
    .filter((path) => !/^[a-z0-9./-]+$/.test(path.replaceAll("README", "readme")));
  expect(notKebab).toEqual([]);
});

test("no file speaks of the machine or place it was written on", () => {
  const places =
    /(?<![\w.:/$}-])\/(work|root|home|Users)\/\w|\.\.\/shared\b|registry\.npmjs|pypi\.org|proxy\.golang/;
  // Where the published documents lie is the one thing the tests must know.
  expect(found(all, places).filter((line) => !line.startsWith("tests/support/specs.ts"))).toEqual([]);
});

test("money is never a float: no division by a hundred, no parseFloat", () => {
  expect(found(product.filter(isCode), /\/\s*100\b(?!\d)|parseFloat|toFixed\(2\)/, codeOf)).toEqual([]);
});

test("no product code reads the machine's clock but the clock itself, the platform and what runs in browsers", () => {
  const reading = found(product.filter(isCode), /\bDate\.now\(\)|new Date\(\)/, codeOf).filter(
    (line) => !/^src\/(kernel\/clock\.ts|platform\/|pages\/\w+\/islands\/)/.test(line),
  );
  expect(reading).toEqual([]);
});
