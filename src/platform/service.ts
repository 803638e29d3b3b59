import { Server } from "node:http";
import { serve } from "@hono/node-server";
import type { Config } from "../config.ts";
import { startJobLoop } from "../jobs/boss.ts";
import { assert } from "../kernel/assert.ts";
import { type Demo, seedDemo } from "./demo.ts";
import { doorOf } from "./door.ts";
import { openNodeApp } from "./node-app.ts";
import { startSandboxClock } from "./sandbox-clock.ts";

/** A running service: its HTTP server, its jobs and, in TEST MODE, the simulators' clock. */
export type Service = {
  /** What an operator reads once it is ready. */
  readonly banner: string;
  /** Takes no new requests, finishes what is under way, and closes everything in order. */
  stop(): Promise<void>;
};

/** The whole service in this process, listening on its port. Throws, with nothing left running, when the port is taken. */
export async function startService(config: Config): Promise<Service> {
  const started = performance.now();
  const node = await openNodeApp(config);
  const demo = config.sandbox ? await seedDemo(node.app) : undefined;
  const server = serve({ fetch: node.app.fetch, port: config.port });
  assert(server instanceof Server, "it serves HTTP/1.1");
  const door = doorOf(server);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("listening", resolve);
      server.once("error", reject);
    });
  } catch (error) {
    await node.close();
    throw error;
  }
  const jobs = await startJobLoop(node.app.deps, node.app.jobs);
  const sandboxClock = startSandboxClock(node.app.simulators, node.log);
  // What a process that died left behind is looked at now, not at the next minute.
  for (const bell of ["inbox", "outbox", "attempts"] as const) node.bell.ring(bell);
  return {
    banner: banner(config.publicUrl, demo, (performance.now() - started) / 1000),
    stop: async () => {
      sandboxClock.stop();
      await door.close();
      await jobs.stop();
      await node.close();
    },
  };
}

function banner(url: string, demo: Demo | undefined, seconds: number): string {
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
