import { gateways } from "../adapters/index.ts";
import { countries } from "../countries/index.ts";
import type { CountryMethod, CountryProfile } from "../src/gateway/country-profile.ts";
import type { GatewayManifest, MethodCapability } from "../src/gateway/manifest.ts";
import type { MethodType } from "../src/gateway/methods.ts";
import { decimalText, type Money } from "../src/kernel/money.ts";
import { barredIn, type Carrier, carriedBy } from "../src/routing/carried-by.ts";
import { limitsOf } from "../src/routing/choose-route.ts";

const manifests: ReadonlyMap<string, GatewayManifest> = new Map(
  [...gateways].map(([id, { factory }]) => [id, factory.manifest]),
);

/** The same rail in every country: counted apart, so that no figure is twenty times too large. */
const worldwide: ReadonlySet<MethodType> = new Set(["wire", "bitcoin", "lightning"]);

type Confidence = MethodCapability["confidence"];
const confidences: readonly Confidence[] = ["high", "medium", "low"];

/** One method in one country, and who carries it. */
type Pair = {
  readonly country: CountryProfile;
  readonly method: CountryMethod;
  readonly carriers: readonly Carrier[];
  /** The best of its gateways'; `undefined` where none carries it. */
  readonly confidence: Confidence | undefined;
};

/** `docs/payment-methods.md`: the countries' files and the gateways' manifests, side by side. Nothing is typed here. */
export function paymentMethodsPage(): string {
  const pairs = [...countries.values()].flatMap((country) =>
    country.methods.map((method): Pair => {
      const carriers = carriedBy(country, method, manifests);
      const found = carriers.map(({ capability }) => capability.confidence);
      return { country, method, carriers, confidence: confidences.find((each) => found.includes(each)) };
    }),
  );
  const sections = [...countries.values()].map((country) =>
    countrySection(
      country,
      pairs.filter((pair) => pair.country === country),
    ),
  );
  return [introduction, counts(pairs), ...sections, barredSection(), documentsSection()]
    .join("\n\n")
    .concat("\n");
}

const introduction = `# Payment methods

Made by \`npm run docs\` from \`countries/\` and the manifests in \`adapters/\`; \`npm run check\` fails when it is stale.

Gateways stand in the order they are tried. Limits are those of the rail and the gateway together, in the currency the
gift is made in. *Refund*: \`partial\` any part, \`full\` only the whole, \`none\` by a transfer that two people approve.
*Recurs*: \`card_on_file\` and \`mandate\` can be charged without the donor once a permission exists; \`reminder\` asks the
donor each time. *Churches*: what the gateway's own terms say of religious and charitable payees, as far as they were
read; \`not_stated\` means that nothing was found, so ask before going live. *Confidence*: \`high\` was seen in the gateway's
own document, \`medium\` in one indirect source, \`low\` must be verified with a live account first.`;

function counts(pairs: readonly Pair[]): string {
  const carried = pairs.filter((pair) => pair.confidence !== undefined);
  const local = carried.filter(({ method }) => !worldwide.has(method.type));
  const sure = (some: readonly Pair[]) => some.filter(({ confidence }) => confidence !== "low");
  const rows = [
    countRow(
      "pairs: a method in a country, without the rails that are the same everywhere",
      local,
      pairCount,
    ),
    countRow("the same with wires, Bitcoin and Lightning once for each country", carried, pairCount),
    countRow("families: different methods, each once however many countries have it", carried, familyCount),
    countRow("countries with at least one", carried, countryCount),
    countRow("the first line, where a gateway's terms say yes to churches", local.filter(saysYes), pairCount),
    countRow(
      "the first line, where no terms were found that speak of churches",
      local.filter((pair) => !saysYes(pair)),
      pairCount,
    ),
  ];
  const waiting = pairs.length - carried.length;
  const gatewaysUsed = new Set(
    carried.flatMap(({ carriers }) => carriers.map(({ manifest }) => manifest.id)),
  );
  const closed = [...countries.keys()].flatMap((code) => barredIn(code, manifests)).length;
  return [
    "## Counts",
    "",
    "| what is counted | high | medium | low | all | high and medium |",
    "|---|---|---|---|---|---|",
    ...rows,
    "",
    `${countries.size} countries, ${gatewaysUsed.size} gateways. What counts without verifying anything first: ${sure(local).length} pairs of ${familyCount(sure(local))} families, wires and coins apart. A pair has the confidence of its surest gateway; a family or a country stands under each confidence it has a pair of. Card brands count as cards. In no figure: ${closed} methods in a country that a church may not use, and ${waiting} that a country names and no gateway carries yet.`,
  ].join("\n");
}

/** Whether one of its gateways takes churches by its own terms, if only after approval. */
const saysYes = ({ carriers }: Pair): boolean =>
  carriers.some(({ capability }) => capability.churches !== "not_stated");

type Count = (some: readonly Pair[]) => number;
const pairCount: Count = (some) => some.length;
const familyCount: Count = (some) => new Set(some.map(({ method }) => method.type)).size;
const countryCount: Count = (some) => new Set(some.map(({ country }) => country.code)).size;

function countRow(title: string, pairs: readonly Pair[], count: Count): string {
  const of = (wanted: readonly Confidence[]) =>
    count(pairs.filter(({ confidence }) => confidence !== undefined && wanted.includes(confidence)));
  const cells = [of(["high"]), of(["medium"]), of(["low"]), count(pairs), of(["high", "medium"])];
  return `| ${title} | ${cells.join(" | ")} |`;
}

function countrySection(country: CountryProfile, pairs: readonly Pair[]): string {
  const documents = country.donorDocuments.map(({ label }) => label.en).join(", ");
  const barred = barredIn(country.code, manifests);
  return [
    `## ${country.name.en} (\`${country.code}\`)`,
    "",
    `${country.currency}, ${country.timeZone}. Donors may be asked for: ${documents || "no document"}. Churches register with: ${country.entityDocument.label.en}.`,
    "",
    "| method | gateways | currency | limits | refund | asked of the donor | recurs | confirms | churches | confidence |",
    "|---|---|---|---|---|---|---|---|---|---|",
    ...pairs.map(methodRow),
    ...(barred.length === 0
      ? []
      : ["", `Never offered: ${barred.map((one) => one.barred.name).join(", ")} ([why](#never-offered)).`]),
  ].join("\n");
}

function methodRow({ country, method, carriers, confidence }: Pair): string {
  const currency = method.currency ?? country.currency;
  const each = (cell: (carrier: Carrier) => string) => merged(carriers.map(cell));
  const cells = [
    `\`${method.type}\` ${method.label.en}`,
    gatewaysCell(method, carriers),
    currency,
    each(({ capability }) => limitsText(limitsOf(method, capability, currency))),
    each(({ capability }) => refundText(capability)),
    method.donorFields.map(({ field, required }) => (required ? field : `(${field})`)).join(", "),
    method.recurs,
    method.confirms,
    each(({ capability }) => capability.churches),
    confidence ?? "",
  ];
  return `| ${cells.join(" | ")} |`;
}

/** One cell for all gateways: said once where they agree, else in their order. */
const merged = (cells: readonly string[]): string =>
  new Set(cells).size <= 1 ? (cells[0] ?? "") : cells.join(" / ");

/** Those that carry it, then those the country names and that do not (yet). */
function gatewaysCell(method: CountryMethod, carriers: readonly Carrier[]): string {
  const carrying = carriers.map(({ manifest }) => manifest.id);
  const missing = method.gateways.filter((id) => !carrying.includes(id)).map((id) => `(${id}: not yet)`);
  return [...carriers.map(gatewayCell), ...missing].join(" / ");
}

function gatewayCell({ manifest, capability }: Carrier): string {
  const low = capability.confidence === "low" ? " (low)" : "";
  return capability.accounts
    ? `${manifest.id} (account in ${capability.accounts.join(", ")})${low}`
    : `${manifest.id}${low}`;
}

function limitsText({
  minimum,
  maximum,
}: {
  minimum: Money | undefined;
  maximum: Money | undefined;
}): string {
  if (minimum && maximum) return `${decimalText(minimum)} to ${decimalText(maximum)}`;
  if (minimum) return `from ${decimalText(minimum)}`;
  return maximum ? `to ${decimalText(maximum)}` : "none stated";
}

function refundText({ refunds, refundWindowDays, refundsTo }: MethodCapability): string {
  const window = refundWindowDays === undefined ? "" : `, ${refundWindowDays} days`;
  const to = refundsTo === undefined ? "" : ", to the donor's balance at the gateway";
  return `${refunds}${window}${to}`;
}

function barredSection(): string {
  const rows = [...manifests.values()].flatMap((manifest) =>
    manifest.barred.map(
      (one) =>
        `| ${one.name} | ${manifest.name} | ${one.countries.join(", ")} | ${one.why.en} | ${one.source} |`,
    ),
  );
  return [
    "## Never offered",
    "",
    "What a gateway has and its terms close to churches or donations. No route leads there; the reason is told to whoever asks.",
    "",
    "| method | gateway | countries | why | source |",
    "|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

function documentsSection(): string {
  const lists = [...manifests.values()].map(
    ({ name, confirmedBy, documents }) =>
      `- **${name}**${confirmedBy === "statement" ? " (confirmed from the bank statement)" : ""}: ${documents.join("; ")}.`,
  );
  return ["## What was read", "", ...lists].join("\n");
}
