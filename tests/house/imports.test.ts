import { describe, expect, test } from "vitest";
import { codeOf, type Import, importsOf, partOf, type Source, sourcesIn } from "../support/sources.ts";

const sources = sourcesIn("src", "adapters", "countries");
const imports = importsOf(sources);
const ours = (path: string) => /^(src|adapters|countries)\//.test(path);
const between = imports.filter(({ from, to }) => ours(to) && partOf(from) !== partOf(to));
const isTables = (path: string) => path.endsWith("/tables.ts");

/**
 * The direction of the house, as data: what each part may use of the others. Foreign keys (a `tables.ts` that names
 * another's) are apart, below; `types` are uses that vanish at run time.
 */
const mayUse: Readonly<
  Record<string, { readonly code: readonly string[]; readonly types?: readonly string[] }>
> = {
  "src/kernel": { code: [] },
  "src/gateway": { code: ["kernel"] },
  "src/config.ts": { code: ["kernel"] },
  "src/symbols": { code: ["kernel"] },
  "src/db": { code: ["kernel"] },
  "src/privacy": { code: ["kernel"], types: ["db"] },
  "src/ledger": { code: ["kernel", "db"] },
  "src/outbox": { code: ["kernel", "db"], types: ["privacy"] },
  "src/idempotency": { code: ["kernel", "db"] },
  "src/deps.ts": {
    code: [],
    types: ["kernel", "db", "gateway", "config.ts", "churches", "privacy", "routing"],
  },
  "src/access": { code: ["kernel", "db", "churches"], types: ["deps.ts"] },
  "src/churches": { code: ["kernel", "db", "gateway"], types: ["deps.ts", "routing"] },
  "src/donors": { code: ["kernel", "db", "churches"], types: ["gateway", "deps.ts", "privacy"] },
  "src/routing": { code: ["kernel", "db", "gateway"], types: ["deps.ts", "churches", "privacy"] },
  "src/receipts": { code: [] },
  "src/giving": {
    code: ["kernel", "db", "gateway", "ledger", "outbox", "idempotency", "routing", "donors", "symbols"],
    types: ["deps.ts", "churches"],
  },
  "src/offline": {
    code: ["kernel", "db", "giving", "routing"],
    types: ["gateway", "churches", "deps.ts", "privacy"],
  },
  "src/debits": {
    code: ["kernel", "db", "gateway", "giving"],
    types: ["deps.ts", "privacy", "routing"],
  },
  "src/bank-statements": {
    code: ["kernel", "db", "gateway", "giving", "ledger"],
    types: ["deps.ts", "privacy", "routing"],
  },
  "src/approvals": {
    code: ["kernel", "db", "bank-statements", "giving", "idempotency", "ledger", "routing"],
    types: ["deps.ts", "privacy"],
  },
  "src/recurring": {
    code: ["kernel", "db", "gateway", "outbox", "idempotency", "donors", "routing", "giving", "messages"],
    types: ["deps.ts", "churches", "privacy"],
  },
  "src/messages": {
    code: ["kernel", "db", "gateway", "churches", "donors", "giving", "symbols"],
    types: ["config.ts", "deps.ts", "outbox", "privacy"],
  },
  "src/portal": {
    code: ["kernel", "db", "donors", "messages"],
    types: ["deps.ts"],
  },
  "src/webhooks": {
    code: ["kernel", "db", "gateway", "giving", "recurring", "routing"],
    types: ["deps.ts", "privacy"],
  },
  "src/jobs": {
    code: [
      "kernel",
      "churches",
      "debits",
      "giving",
      "webhooks",
      "outbox",
      "ledger",
      "idempotency",
      "messages",
      "offline",
      "recurring",
    ],
    types: ["db", "deps.ts"],
  },
};
/** The edges translate: they may use any module, and no module uses them. */
const edges = ["src/http", "src/pages", "src/platform", "src/cli"];
const root = "src/app.ts";

test("imports are read as they are written: over lines, of types, passed on, late, and never from comments", () => {
  const text = [
    'import one from "./one.ts";',
    "import {",
    "  type A,",
    "  b,",
    '} from "../gateway/two.ts";',
    'import type { C } from "../kernel/three.ts";',
    'import { type D, type E } from "four";',
    'export * from "./five.ts";',
    'import "six";',
    'const late = await import("node:fs");',
    '// import { no } from "./never.ts";',
    '/* import { no } from "./never.ts"; */',
  ].join("\n");
  const read = importsOf([{ path: "src/giving/sample.ts", text }]);
  expect(read.map(({ to, typeOnly }) => (typeOnly ? `type ${to}` : to))).toEqual([
    "src/giving/one.ts",
    "src/gateway/two.ts",
    "type src/kernel/three.ts",
    "type four",
    "src/giving/five.ts",
    "six",
    "node:fs",
  ]);
});

describe("who may use whom", () => {
  test("every part of the house has its place in the table", () => {
    const parts = new Set(sources.map(({ path }) => partOf(path)).filter((part) => part.startsWith("src/")));
    expect([...parts].sort()).toEqual([...Object.keys(mayUse), ...edges, root].sort());
  });

  test("modules use only what the table allows, and nothing uses what stands above it", () => {
    const wrong = between.filter(({ from, to, typeOnly }) => {
      const rule = mayUse[partOf(from)];
      if (!rule || (isTables(from) && isTables(to))) return false;
      const allowed = typeOnly ? [...rule.code, ...(rule.types ?? [])] : rule.code;
      return !allowed.includes(partOf(to).replace("src/", ""));
    });
    expect(lines(wrong)).toEqual([]);
  });

  test("the table allows nothing that nobody uses", () => {
    const unused = Object.entries(mayUse).flatMap(([part, { code, types = [] }]) => {
      const uses = between.filter(({ from }) => partOf(from) === part);
      const used = (name: string, typeOnly: boolean) =>
        uses.some((each) => partOf(each.to) === `src/${name}` && (typeOnly || !each.typeOnly));
      return [
        ...code.filter((name) => !used(name, name === "kernel")).map((name) => `${part}: ${name}`),
        ...types.filter((name) => !used(name, true)).map((name) => `${part}: type ${name}`),
      ];
    });
    expect(unused).toEqual([]);
  });

  test("edges do not use each other, but pages are told what a request carries, and the CLI opens the platform", () => {
    const known = new Set([
      "src/pages > src/http/context.ts",
      "src/pages > src/http/client-device.ts",
      "src/cli > src/platform/node-app.ts",
      "src/cli > src/platform/pino-log.ts",
      "src/cli > src/platform/connect-simulated.ts",
    ]);
    const wrong = between.filter(
      ({ from, to }) =>
        edges.includes(partOf(from)) && edges.includes(partOf(to)) && !known.has(`${partOf(from)} > ${to}`),
    );
    expect(lines(wrong)).toEqual([]);
  });

  test("only the composition root brings adapters and countries in", () => {
    const users = between.filter(({ to }) => /^(adapters|countries)\b/.test(partOf(to)));
    const outside = users.filter(({ from }) => partOf(from) !== root && partOf(from) !== "adapters/index.ts");
    expect(lines(outside)).toEqual([]);
    expect(between.filter(({ to }) => to === root).every(({ from }) => partOf(from) === "src/platform")).toBe(
      true,
    );
  });
});

describe("leaves", () => {
  const everyAdapter = ["zod", "hono"];
  const sdks: Readonly<Record<string, readonly string[]>> = {
    "adapters/stripe": ["stripe"],
    "adapters/mercadopago": ["mercadopago", "csv-parse"],
    "adapters/paypal": ["@paypal", "@peculiar", "reflect-metadata"],
  };

  test("an adapter uses the kernel, the gateway contract, its own folder and its own SDK: no node:*, no other adapter", () => {
    const wrong = imports.filter(({ from, to }) => {
      if (!from.startsWith("adapters/") || from === "adapters/index.ts") return false;
      if (ours(to)) {
        return ![partOf(from), "src/kernel", "src/gateway"].includes(partOf(to));
      }
      return ![...everyAdapter, ...(sdks[partOf(from)] ?? [])].includes(to.split("/")[0] ?? "");
    });
    expect(lines(wrong)).toEqual([]);
  });

  test("a simulator is never part of the adapter it imitates: they meet in the folder's index", () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        /^adapters\/[\w-]+\/(?!sandbox\/|index\.ts)/.test(from) && /^adapters\/[\w-]+\/sandbox\//.test(to),
    );
    expect(lines(wrong)).toEqual([]);
  });

  test("a country uses the kernel, the profile's type and document checks only", () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        from.startsWith("countries/") &&
        !["countries", "src/kernel", "src/gateway"].includes(partOf(to)) &&
        to !== "stdnum",
    );
    expect(lines(wrong)).toEqual([]);
  });
});

test("what runs on Workers too uses no file, process or socket of Node: those are the platform's and the CLI's", () => {
  const everywhere = ["node:crypto", "node:buffer"];
  const wrong = imports.filter(
    ({ from, to }) =>
      to.startsWith("node:") &&
      !everywhere.includes(to) &&
      !from.startsWith("src/platform/") &&
      !from.startsWith("src/cli/"),
  );
  expect(lines(wrong)).toEqual([]);
});

test("Hono's context stays at the edges", () => {
  const edge = /^(src\/(http|pages|platform|app\.ts)|adapters\/[\w-]+\/sandbox\/)/;
  // Their schema is at once the answer's, the stored response's and the outbound event's; it only names itself.
  const named = [
    "src/approvals/approval-json.ts",
    "src/giving/donation-json.ts",
    "src/giving/refund-json.ts",
    "src/recurring/recurring-json.ts",
  ];
  const wrong = imports.filter(
    ({ from, to }) =>
      (to === "hono" || to.startsWith("hono/") || to.startsWith("@hono/")) &&
      !edge.test(from) &&
      !(to === "@hono/zod-openapi" && named.includes(from)),
  );
  expect(lines(wrong)).toEqual([]);
});

describe("tables", () => {
  const owners = new Map(
    sources
      .filter(({ path }) => isTables(path) && path !== "src/db/tables.ts")
      .flatMap(({ path, text }) =>
        [...text.matchAll(/pgTable\(\s*"(\w+)"/g)].map((match) => [match[1] ?? "", partOf(path)] as const),
      ),
  );
  /** Who besides a module's own files reaches its tables, and why. */
  const guests: Readonly<Record<string, string>> = {
    "src/access/authenticate.ts churches":
      "a platform's key names a church: whose it is is part of the key's check",
    "src/access/platforms.ts churches": "a platform and its first key are written together",
    "src/churches/church-settings.ts routing": "all that routing must know of a church, in one journey",
    "src/giving/load-gift.ts churches": "a gift is read with the names of its funds",
    "src/privacy/church-keys.ts churches": "wraps the key of every church",
    "src/http/routes/health.ts outbox": "asks whether the newest table is there",
  };

  test("a module's tables are touched by its own files, and by the guests listed here", () => {
    const touched = sources
      .filter(({ path }) => path.startsWith("src/") && !isTables(path))
      .flatMap((source) => tablesTouched(source, owners).map((owner) => [source.path, owner] as const))
      .filter(([path, owner]) => partOf(path) !== owner)
      .map(([path, owner]) => `${path} ${owner.replace("src/", "")}`);
    expect([...new Set(touched)].sort()).toEqual(Object.keys(guests).sort());
  });

  test("guests only read, but where a platform is made and keys are wrapped", () => {
    const writes = sources
      .filter(({ path }) => path.startsWith("src/") && !isTables(path))
      .flatMap((source) =>
        [...codeOf(source).matchAll(/\b(?:into|update|delete from)\s+(\w+)\b/g)]
          .filter((match) => (owners.get(match[1] ?? "") ?? partOf(source.path)) !== partOf(source.path))
          .map((match) => `${source.path} ${match[1]}`),
      );
    expect([...new Set(writes)]).toEqual(["src/privacy/church-keys.ts church_keys"]);
  });

  test("only post-entry books: nothing else writes entries, postings or balances", () => {
    const writers = sources.filter(
      ({ path, text }) =>
        path.startsWith("src/") &&
        (/\binto (journal_entries|postings|ledger_balances|ledger_accounts)\b/.test(text) ||
          text.includes("post_entries(")),
    );
    expect(writers.map(({ path }) => path)).toEqual(["src/ledger/post-entry.ts"]);
  });
});

describe("gateways and countries are data", () => {
  const everywhere = sources.filter(({ path }) => path.startsWith("src/") && path !== root);

  test("no code branches on which gateway or country it is", () => {
    const branch =
      /switch \((?:\w+\.)*(?:gateway|country|countryCode)\)|(?:===|!==|case) "(?:stripe|mercadopago|mx|us|co|br|ar)"/;
    const wrong = everywhere.filter((source) => branch.test(codeOf(source))).map(({ path }) => path);
    // The demo churches' funds are named in the language of their country.
    expect(wrong.filter((path) => path !== "src/platform/demo.ts")).toEqual([]);
  });

  test("no gateway is named outside its adapter but as the CLI's first choice", () => {
    const gateways = "stripe|mercadopago|btcpay|epayco|payu";
    const names = new RegExp(`["'\`](?:${gateways})["'\`]|\\b(?:${gateways})\\.`, "i");
    const named = everywhere.filter((source) => names.test(codeOf(source))).map(({ path }) => path);
    expect(named.sort()).toEqual(["src/cli/commands/gateway-connect.ts"]);
  });
});

function tablesTouched(source: Source, owners: ReadonlyMap<string, string>): readonly string[] {
  // SQL stands in templates; a quoted sentence may say "from disputes".
  const code = codeOf(source).replaceAll(/"[^"\n]*"/g, '""');
  const inSql = [...code.matchAll(/\b(?:from|join|into|update)\s+(\w+)\b/g)].flatMap(
    (match) => owners.get(match[1] ?? "") ?? [],
  );
  const byImport = importsOf([source])
    .filter(({ to }) => isTables(to))
    .map(({ to }) => partOf(to));
  return [...new Set([...inSql, ...byImport])];
}

function lines(found: readonly Import[]): readonly string[] {
  return found.map(({ from, to, typeOnly }) => `${from} → ${typeOnly ? "type " : ""}${to}`);
}
