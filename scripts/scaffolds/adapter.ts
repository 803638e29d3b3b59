/** The files of a new gateway folder and its tests: whole in shape, refusing where a person has to write. */
export function adapterFiles(id: string): ReadonlyMap<string, string> {
  const name = id.replaceAll("-", "_");
  const camel = id.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const title = `${camel.charAt(0).toUpperCase()}${camel.slice(1)}`;
  const fill = { name, camel, title };
  return new Map([
    [`adapters/${id}/manifest.ts`, manifest(fill)],
    [`adapters/${id}/credentials.ts`, credentials(fill)],
    [`adapters/${id}/payments.ts`, payments(fill)],
    [`adapters/${id}/webhook.ts`, webhook(fill)],
    [`adapters/${id}/index.ts`, index(fill)],
    [`adapters/${id}/README.md`, readme(fill)],
    [`tests/conformance/${id}-under-test.ts`, underTest(fill, id)],
    [`tests/conformance/${id}.test.ts`, suite(fill, id)],
  ]);
}

/** The registry with one more line. Throws when the gateway is in it already. */
export function registered(registry: string, id: string): string {
  const camel = id.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const line = `import { ${camel} } from "./${id}/index.ts";`;
  if (registry.includes(line)) throw new Error(`${id} is registered already`);
  const imports = registry.match(/^import .*\n/gm) ?? [];
  const sorted = [...imports, `${line}\n`].sort((a, b) => pathIn(a).localeCompare(pathIn(b)));
  return registry
    .replace(imports.join(""), sorted.join(""))
    .replace(/\[([^\]]*)\]\.map\(/, (_, list: string) => `[${list.trim().replace(/,$/, "")}, ${camel}].map(`);
}
const pathIn = (line: string): string => /from "(.*)"/.exec(line)?.[1] ?? "";

type Fill = { readonly name: string; readonly camel: string; readonly title: string };

const manifest = ({
  name,
  camel,
  title,
}: Fill) => `import type { GatewayManifest } from "../../src/gateway/manifest.ts";
import { money } from "../../src/kernel/money.ts";

/** ${title} as data. Every figure has to be read in the gateway's own documents, and named below. */
export const ${camel}Manifest: GatewayManifest = {
  id: "${name}",
  name: "${title}",
  accountCountries: ["mx"],
  amounts: { zeroDecimal: [], twoDecimalZeroed: [], threeDecimalRounded: false, maxDigits: 9 },
  methods: [
    {
      type: "card",
      kind: "card",
      countries: ["mx"],
      currencies: ["MXN"],
      presentations: ["hosted"],
      requires: [],
      minimum: [money(1_000n, "MXN")],
      maximum: [money(1_000_000n, "MXN")],
      refunds: "none",
      churches: "not_stated",
      confidence: "low",
    },
  ],
  fees: [],
  repeatsSafely: false,
  lookupSettlesAfterMs: 0,
  confirmedBy: "gateway",
  barred: [],
  documents: [],
};
`;

const credentials = ({ title }: Fill) => `import { z } from "zod";

/** What an operator copies from ${title}'s dashboard; flat text fields. */
export const credentials = z.object({
  secret_key: z.string().min(1, "${title} gives a secret key"),
});
`;

const payments = ({ camel, title }: Fill) => `import type { Transport } from "../../src/gateway/adapter.ts";
import type { Payments, Refusal } from "../../src/gateway/payment.ts";
import { err } from "../../src/kernel/result.ts";

const unwritten: Refusal = {
  reason: "unsupported",
  rawCode: "unwritten",
  detail: "the ${title} adapter is not written yet",
};

/** Money in and out at ${title}; the promises of each function stand in src/gateway/payment.ts. */
export function ${camel}Payments(_account: { readonly secretKey: string; readonly transport: Transport }): Payments {
  return {
    collect: async () => ({ kind: "refused", problem: unwritten, evidence: {} }),
    lookup: async () => ({ kind: "refused", problem: unwritten, evidence: {} }),
    cancel: async () => ({ kind: "refused", problem: unwritten, evidence: {} }),
    refund: async () => ({ kind: "refused", problem: unwritten, evidence: {} }),
    lookupRefund: async () => ({ kind: "refused", problem: unwritten, evidence: {} }),
    checkCredentials: async () => err(unwritten.detail),
  };
}
`;

const webhook = ({ camel, title }: Fill) => `import type { Webhooks } from "../../src/gateway/webhook.ts";
import { err } from "../../src/kernel/result.ts";

const unread = "${title}'s events are not read yet";

/** What ${title} tells us. Until its signature is checked here, nobody is believed. */
export const ${camel}Webhooks: Webhooks = {
  verify: async () => "forged",
  envelope: () => err(unread),
  read: () => err(unread),
};
`;

const index = ({
  camel,
  title,
}: Fill) => `import type { GatewayModule } from "../../src/gateway/gateway-module.ts";
import { credentials } from "./credentials.ts";
import { ${camel}Manifest } from "./manifest.ts";
import { ${camel}Payments } from "./payments.ts";
import { ${camel}Webhooks } from "./webhook.ts";

/** ${title}. \`create\` does no I/O. */
export const ${camel}: GatewayModule = {
  factory: {
    manifest: ${camel}Manifest,
    credentials,
    modeOf: () => "either",
    create: ({ credentials: given, transport }) => ({
      manifest: ${camel}Manifest,
      payments: ${camel}Payments({ secretKey: credentials.parse(given).secret_key, transport }),
      webhooks: ${camel}Webhooks,
    }),
  },
};
`;

const readme = ({ title }: Fill) => `# ${title}

Documents read, each with its date:

Quirks:

Not supported, and why:
`;

const underTest = ({ camel }: Fill, id: string) => `import { ${camel} } from "../../adapters/${id}/index.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { type GatewayUnderTest, now } from "./gateway-under-test.ts";

const order: GatewayUnderTest["order"] = (amount = money(50_000n, "MXN")) => ({
  attemptId: newId("attempt"),
  donationId: newId("donation"),
  amount,
  country: "mx",
  method: { type: "card", presentation: "hosted" },
  donor: { reference: "dnr_1", name: "Ana Pérez", email: "ana@example.org" },
  description: "Iglesia Demo",
  returnUrl: "https://give.example.org/gifts/1?back=1",
  cancelUrl: "https://give.example.org/gifts/1?back=canceled",
  notificationUrl: "https://give.example.org/webhooks/${id}/endpoint",
  locale: "es-MX",
});

/** The gateway's own answers, word for word from its documents: each empty one below is for a person to fill in. */
export const ${camel}UnderTest: GatewayUnderTest = {
  factory: ${camel}.factory,
  credentials: { secret_key: "conformance" },
  order,
  handle: () => ({
    attemptId: newId("attempt"),
    gatewayPaymentId: "1",
    method: "card",
    country: "mx",
    amount: money(50_000n, "MXN"),
    createdAt: now,
  }),
  answers: {
    captured: { status: 200, body: {} },
    authorized: { status: 200, body: {} },
    processing: { status: 200, body: {} },
    action_required: { status: 200, body: {} },
    declined: { status: 402, body: {} },
    voided: { status: 200, body: {} },
    refused: { status: 400, body: {} },
    in_doubt: { status: 500, body: {} },
  },
  statuses: [{ status: "paid", body: {}, becomes: "captured" }],
  unknownStatus: {},
  declineCodes: ["insufficient_funds"],
  declined: (code) => ({ status: 402, body: { code } }),
  doubtful: [{ status: 500, body: {} }],
  indiscreet: { answer: { status: 400, body: {} }, words: ["Ana"] },
  amounts: [{ amount: money(50_000n, "MXN"), written: "500.00" }],
  amountIn: () => undefined,
  keyIn: (request) => request.headers.get("idempotency-key") ?? undefined,
  events: {
    captured: () => "{}",
    tells: "hint",
    batch: () => ({ body: "{}", facts: 1 }),
    signs: { body: true, time: true },
    deliver: async (body) => ({ headers: {}, body: new TextEncoder().encode(body), target: "" }),
  },
};
`;

const suite = ({ camel }: Fill, id: string) => `import { describeAdapter } from "./adapter-suite.ts";
import { ${camel}UnderTest } from "./${id}-under-test.ts";

describeAdapter(${camel}UnderTest);
`;
