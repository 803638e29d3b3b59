import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { createApiKey } from "../src/access/api-keys.ts";
import { createChurch } from "../src/churches/create-church.ts";
import { readConfig } from "../src/config.ts";
import { connectSimulated } from "../src/platform/connect-simulated.ts";
import { openNodeApp } from "../src/platform/node-app.ts";

/** `npm run load -- <scenario>`: a church to give to, and k6 on it. Exits as k6 does: not 0 when a budget is passed. */
const folder = join(import.meta.dirname, "..", "load-tests");
const scenarios = readdirSync(folder)
  .filter((file) => file.endsWith(".js") && file !== "service.js")
  .map((file) => file.slice(0, -3));

type Target = Readonly<Record<"OFRENDA_URL" | "OFRENDA_KEY" | "WEBHOOK_URL" | "WEBHOOK_SECRET", string>>;

async function main(): Promise<number> {
  const scenario = process.argv[2] ?? "";
  if (!scenarios.includes(scenario)) return say(`say which scenario: ${scenarios.join(", ")}`);
  const k6 = findK6();
  if (!k6) return say("k6 was not found on the path: go install go.k6.io/k6@latest, or see k6's own page");
  const target = await targetOf(process.env);
  const up = await fetch(`${target.OFRENDA_URL}/readyz`).catch(() => undefined);
  if (!up?.ok) return say(`no service is ready at ${target.OFRENDA_URL}: npm start`);
  // Secrets go by the environment, not by flags that others can see.
  const run = spawn(k6, ["run", "--no-usage-report", join(folder, `${scenario}.js`)], {
    stdio: "inherit",
    env: { ...process.env, ...target },
  });
  return new Promise((done) => run.once("close", (code) => done(code ?? 1)));
}

function say(sentence: string): number {
  console.error(sentence);
  return 2;
}

/** On the path, else where Go puts what it installs. */
function findK6(): string | undefined {
  const goBin = spawnSync("go", ["env", "GOBIN"], { encoding: "utf8" }).stdout?.trim();
  const folders = [
    ...(process.env.PATH ?? "").split(delimiter),
    process.env.GOBIN,
    goBin,
    join(process.env.GOPATH ?? join(homedir(), "go"), "bin"),
  ];
  return folders
    .filter((each): each is string => each !== undefined && each !== "")
    .map((each) => join(each, process.platform === "win32" ? "k6.exe" : "k6"))
    .find((file) => existsSync(file));
}

/** The service named in the environment, or a church made for this run in the database of the one running here. */
async function targetOf(given: NodeJS.ProcessEnv): Promise<Target> {
  if (given.OFRENDA_KEY) {
    const { OFRENDA_URL = "http://localhost:8787", WEBHOOK_URL = "", WEBHOOK_SECRET = "" } = given;
    return { OFRENDA_URL, OFRENDA_KEY: given.OFRENDA_KEY, WEBHOOK_URL, WEBHOOK_SECRET };
  }
  const config = readConfig({ ...process.env, LOG_LEVEL: "silent" });
  const node = await openNodeApp({ ...config, databaseMaxConnections: 2 });
  try {
    const { app } = node;
    const name = randomBytes(8).toString("hex");
    const made = await createChurch(app.deps, {
      name: "Load",
      slug: `load-${name}`,
      country: "mx",
      legalEntity: { name: "Load" },
    });
    if (!made.ok) throw new Error(made.error.detail);
    const churchId = made.value.church.id;
    const { legalEntityId } = made.value;
    const order = { gateway: "stripe", churchId, legalEntityId, country: "mx" };
    const connected = await connectSimulated(app, order);
    if (!connected.ok) throw new Error(connected.error.detail);
    const wanted = { kind: "secret", mode: "test", label: "load", scopes: ["*"] } as const;
    const key = await createApiKey(app.deps.db, churchId, wanted, app.deps.clock.now());
    return {
      OFRENDA_URL: config.publicUrl,
      OFRENDA_KEY: key.text.reveal(),
      WEBHOOK_URL: connected.value.webhookUrl,
      WEBHOOK_SECRET: connected.value.account.webhookSecret ?? "",
    };
  } finally {
    await node.close();
  }
}

process.exitCode = await main();
