import { serve } from "@hono/node-server";
import { ConfigError, readConfig } from "../config.ts";
import { startJobLoop } from "../jobs/boss.ts";
import { seedDemo } from "./demo.ts";
import { openNodeApp } from "./node-app.ts";
import { startSandboxClock } from "./sandbox-clock.ts";

/** `npm start`: the whole service in one process. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const started = performance.now();
  const node = await openNodeApp(config);
  const demo = config.sandbox ? await seedDemo(node.app) : undefined;
  const server = serve({ fetch: node.app.fetch, port: config.port });
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", reject);
  });
  const jobs = await startJobLoop(node.app.deps, node.app.jobs);
  const sandboxClock = startSandboxClock(node.app.simulators, node.log);
  // What a process that died left behind is looked at now, not at the next minute.
  for (const bell of ["inbox", "outbox", "attempts"] as const) node.bell.ring(bell);
  console.log(banner(config.publicUrl, demo, (performance.now() - started) / 1000));

  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) process.exit(130);
    stopping = true;
    console.log("Stopping: no new requests; finishing what is under way …");
    const late = setTimeout(() => process.exit(1), config.shutdownMs);
    sandboxClock.stop();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await jobs.stop();
    await node.close();
    clearTimeout(late);
    process.exit(0);
  };
  process.on("SIGINT", () => void stop());
  process.on("SIGTERM", () => void stop());
}

function banner(
  url: string,
  demo: Awaited<ReturnType<typeof seedDemo>> | undefined,
  seconds: number,
): string {
  const lines = [`Ofrenda is ready at ${url} (${seconds.toFixed(1)} s)`, `  API reference   ${url}/docs`];
  if (demo) {
    lines.push("", "TEST MODE: gateways are simulated, no money moves.");
    lines.push(`  Play the bank   ${url}/sandbox`);
    for (const church of demo.churches) lines.push(`  Give            ${url}/give/${church.slug}`);
    lines.push(
      "",
      demo.key
        ? `  Test API key    ${demo.key}`
        : "  Test API key    printed at the first start; make another with: npm run ofrenda -- key create --help",
    );
  }
  lines.push("", "Ctrl-C stops everything.");
  return lines.join("\n");
}

main().catch((error: unknown) => {
  console.error(error instanceof ConfigError ? `Settings:\n${error.message}` : error);
  process.exit(1);
});
