import type { Bell, Invocation } from "./worker-app.ts";

type Env = Readonly<Record<string, unknown>>;
type Context = { waitUntil(work: Promise<unknown>): void };
type Batch = { readonly messages: readonly { readonly body: unknown }[] };
type Cron = { readonly cron: string; readonly scheduledTime: number };

/** A pass is over before the next minute's begins. */
const passMs = 50_000;

const isBell = (word: unknown): word is Bell => word === "inbox" || word === "outbox" || word === "attempts";

/**
 * The service is loaded by the first invocation and not with this module: Workers forbid random values while a
 * script starts, and `giving` draws the name it leases under as it loads.
 */
const open = async (env: Env): Promise<Invocation> => (await import("./worker-app.ts")).openInvocation(env);

/** Cloudflare Workers: the same service, opened for each invocation (`npm run dev:worker`, `wrangler deploy`). */
export default {
  async fetch(request: Request, env: Env, context: Context): Promise<Response> {
    const invocation = await open(env);
    try {
      return await invocation.app.fetch(request);
    } finally {
      context.waitUntil(invocation.finish());
    }
  },

  /** A message is only a doorbell: it says which jobs have work, and the work is in the tables. */
  async queue(batch: Batch, env: Env): Promise<void> {
    const bells = new Set(batch.messages.map(({ body }) => body).filter(isBell));
    const invocation = await open(env);
    await invocation.drain((job) => job.bell !== undefined && bells.has(job.bell), passMs);
    await invocation.finish();
  },

  /** The triggers of `wrangler.toml` are the jobs' own crons; a trigger that is no job's starts all of them. */
  async scheduled(trigger: Cron, env: Env): Promise<void> {
    const invocation = await open(env);
    const { app } = invocation;
    await invocation.passTime();
    const known = app.jobs.some((job) => job.cron === trigger.cron);
    await invocation.drain((job) => !known || job.cron === trigger.cron, passMs);
    await invocation.finish();
  },
};
