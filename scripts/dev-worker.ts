import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { unstable_readConfig as readWranglerConfig } from "wrangler";
import { type Config, ConfigError, readConfig } from "../src/config.ts";
import { type Demo, seedDemo } from "../src/platform/demo.ts";
import { openNodeApp } from "../src/platform/node-app.ts";
import { masterKeyOf } from "../src/platform/secrets.ts";

/*
 * `npm run dev:worker`: the Worker of wrangler.toml under `wrangler dev`, over the same embedded database as
 * `npm start`. wrangler has no cron of its own, so this process fires the triggers, every minute.
 */
const root = join(import.meta.dirname, "..");
const wranglerToml = join(root, "wrangler.toml");
const minuteMs = 60_000;
/** How long wrangler may take to stop before it and what it started are killed. */
const stopMs = 10_000;

async function main(): Promise<void> {
  const config = readConfig({ ...process.env, SANDBOX: process.env.SANDBOX ?? "on" });
  const started = performance.now();
  const node = await openNodeApp(config);
  const demo = config.sandbox ? await seedDemo(node.app) : undefined;
  const wrangler = startWrangler(config, node.databaseUrl);
  const ended = once(wrangler, "exit");
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    wrangler.kill("SIGTERM");
    setTimeout(() => killGroup(wrangler), stopMs).unref();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  process.on("exit", () => killGroup(wrangler));
  const url = `http://localhost:${config.port}`;
  const watch = new AbortController();
  const serving = answering(`${url}/healthz`, watch.signal).then((ready) => {
    if (!ready) return;
    console.log(banner(config.publicUrl, demo, (performance.now() - started) / 1000));
    return keepTriggering(url, watch.signal);
  });
  const [code] = await ended;
  watch.abort();
  await serving;
  await node.close();
  process.exit(stopping ? 0 : Number(code ?? 1));
}

/** The settings go in a file that only this user may read: arguments are seen by everybody on the machine. */
function startWrangler(config: Config, databaseUrl: string): ChildProcess {
  const settings = join(config.home, "worker.env");
  const lines = {
    SANDBOX: config.sandbox ? "on" : "off",
    PUBLIC_URL: config.publicUrl,
    LOG_LEVEL: config.logLevel,
    MASTER_KEY: masterKeyOf(config).reveal(),
    MASTER_KEY_PREVIOUS: config.previousMasterKeys.map((key) => key.reveal()).join(","),
  };
  const text = Object.entries(lines).map(([name, value]) => `${name}="${value}"\n`);
  writeFileSync(settings, text.join(""), { mode: 0o600 });
  return spawn(
    process.execPath,
    [
      join(root, "node_modules", "wrangler", "bin", "wrangler.js"),
      "dev",
      ...["--config", wranglerToml],
      ...["--env-file", settings],
      ...["--ip", "localhost", "--port", String(config.port)],
      ...["--persist-to", join(config.home, "worker")],
      "--local",
      "--show-interactive-dev-session=false",
    ],
    {
      cwd: root,
      // A process group of its own: Ctrl-C reaches us alone, and we stop it and then the database, in this order.
      detached: true,
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HYPERDRIVE: databaseUrl,
        // Nothing is asked of the outside: this runs without a network as well.
        CLOUDFLARE_CF_FETCH_ENABLED: "false",
        WRANGLER_SEND_METRICS: "false",
      },
    },
  );
}

function killGroup(leader: ChildProcess): void {
  if (leader.pid === undefined) return;
  try {
    process.kill(-leader.pid, "SIGKILL");
  } catch {
    // It is gone, as it should be.
  }
}

/** Waits until the Worker answers; `false` when stopped before. */
async function answering(url: string, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const answered = await fetch(url, { signal }).catch(() => undefined);
    if (answered?.ok) return true;
    await sleep(200, signal);
  }
  return false;
}

async function keepTriggering(url: string, signal: AbortSignal): Promise<void> {
  const { crons } = readWranglerConfig({ config: wranglerToml }).triggers;
  while (!signal.aborted) {
    for (const cron of crons ?? []) {
      const fired = await fetch(`${url}/cdn-cgi/handler/scheduled?${new URLSearchParams({ cron })}`, {
        signal,
      }).catch(() => undefined);
      if (fired && !fired.ok) console.error(`The trigger ${cron} failed: ${fired.status}`);
    }
    await sleep(minuteMs, signal);
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function banner(url: string, demo: Demo | undefined, seconds: number): string {
  const lines = [`Ofrenda is ready in workerd at ${url} (${seconds.toFixed(1)} s)`];
  if (demo) {
    lines.push("", "TEST MODE: gateways are simulated, no money moves.");
    lines.push(`  Play the bank   ${url}/sandbox`);
    for (const church of demo.churches) lines.push(`  Give            ${url}/give/${church.slug}`);
    if (demo.key) lines.push("", `  Test API key    ${demo.key}`);
  }
  return [...lines, "", "Ctrl-C stops everything.", ""].join("\n");
}

main().catch((error: unknown) => {
  console.error(error instanceof ConfigError ? `Settings:\n${error.message}` : error);
  process.exit(1);
});
