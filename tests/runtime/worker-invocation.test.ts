import { beforeAll, describe, expect, test, vi } from "vitest";
import { ConfigError } from "../../src/config.ts";
import { present } from "../../src/kernel/assert.ts";
import worker from "../../src/platform/worker.ts";
import { openInvocation } from "../../src/platform/worker-app.ts";
import { testDatabase } from "../support/database.ts";
import { stripeControl } from "../support/stripe-control.ts";
import {
  asked,
  type Caller,
  give,
  openSeededNode,
  oxxo,
  readGift,
  sharedSettings,
} from "../support/worker.ts";

/** What a Worker is given, minus workerd: an invocation is plain code, and its parts are seen best from here. */
let env: Readonly<Record<string, unknown>>;
let key: string;

beforeAll(async () => {
  const { url } = await testDatabase();
  const settings = sharedSettings();
  const { node, church } = await openSeededNode({ ...settings, DATABASE_URL: url });
  await node.close();
  key = church.key;
  env = { ...settings, HYPERDRIVE: { connectionString: url } };
});

/** One request, answered by an invocation of its own. */
const callerIn =
  (bindings: Readonly<Record<string, unknown>>): Caller =>
  async (...ask) => {
    const invocation = openInvocation(bindings);
    const [path, init] = asked(key, ...ask);
    const response = await invocation.app.fetch(new Request(`http://ofrenda.test${path}`, init));
    const body = Buffer.from(await response.arrayBuffer());
    await invocation.finish();
    return { status: response.status, headers: response.headers, body };
  };

/** Pays the voucher in one invocation, which is finished afterwards. */
async function payAtTheTill(
  bindings: Readonly<Record<string, unknown>>,
  payment: string | null,
): Promise<void> {
  const invocation = openInvocation(bindings);
  const control = stripeControl(invocation.app);
  expect(await control.payVoucher(present(payment, "the voucher has a payment"))).toMatchObject({ ok: true });
  await invocation.finish();
}

describe("one invocation of the Worker", () => {
  test("without a Queue it does what was rung for itself, after the answer and before it ends", async () => {
    const ask = callerIn(env);
    const gift = await give(ask, oxxo);
    await payAtTheTill(env, gift.gateway_payment_id);
    expect(await readGift(ask, gift.id)).toMatchObject({ status: "succeeded" });
  });

  test("many rings are one message, and the work stays in the tables", async () => {
    const sent: unknown[][] = [];
    const JOBS = {
      sendBatch: async (messages: readonly { body: unknown }[]) => {
        sent.push(messages.map(({ body }) => body));
      },
    };
    const ask = callerIn({ ...env, JOBS });
    const gift = await give(ask, oxxo);
    sent.length = 0;
    await payAtTheTill({ ...env, JOBS }, gift.gateway_payment_id);
    expect(sent).toEqual([["inbox"]]);
    expect(await readGift(ask, gift.id)).toMatchObject({ status: "requires_action" });
  });

  test("a Queue that takes nothing costs time and no gift: the next trigger finds it", async () => {
    const JOBS = { sendBatch: () => Promise.reject(new Error("queue unavailable")) };
    const ask = callerIn({ ...env, JOBS, LOG_LEVEL: "silent" });
    const gift = await give(ask, oxxo);
    await payAtTheTill({ ...env, JOBS, LOG_LEVEL: "silent" }, gift.gateway_payment_id);
    expect(await readGift(ask, gift.id)).toMatchObject({ status: "requires_action" });

    const trigger = openInvocation(env);
    await trigger.drain(() => true, 10_000);
    await trigger.finish();
    expect(await readGift(ask, gift.id)).toMatchObject({ status: "succeeded" });
  });

  test("what a handler of the Worker is called with is answered, drained and finished", async () => {
    const kept: Promise<unknown>[] = [];
    const context = { waitUntil: (work: Promise<unknown>) => void kept.push(work) };
    const here: Caller = async (...ask) => {
      const [path, init] = asked(key, ...ask);
      const response = await worker.fetch(new Request(`http://ofrenda.test${path}`, init), env, context);
      const body = Buffer.from(await response.arrayBuffer());
      await Promise.all(kept);
      return { status: response.status, headers: response.headers, body };
    };
    const queue = { ...env, JOBS: { sendBatch: async () => {} } };
    const [rung, due] = [await give(here, oxxo), await give(here, oxxo)];
    await payAtTheTill(queue, rung.gateway_payment_id);
    // Words that are no bell ring nothing; any one that is starts the work in the tables.
    await worker.queue({ messages: [{ body: "lunch" }, { body: 7 }] }, env);
    expect(await readGift(here, rung.id)).toMatchObject({ status: "requires_action" });
    await worker.queue({ messages: [{ body: "outbox" }, { body: "inbox" }, { body: "attempts" }] }, env);
    expect(await readGift(here, rung.id)).toMatchObject({ status: "succeeded" });

    await payAtTheTill(queue, due.gateway_payment_id);
    const at = { scheduledTime: Date.now() };
    await worker.scheduled({ ...at, cron: "17 * * * *" }, env);
    expect(await readGift(here, due.id), "an hourly trigger starts the hourly jobs only").toMatchObject({
      status: "requires_action",
    });
    await worker.scheduled({ ...at, cron: "0 0 1 1 *" }, env);
    expect(await readGift(here, due.id), "a trigger that is no job's starts all of them").toMatchObject({
      status: "succeeded",
    });
  });

  test("work that was rung for and fails is told of, and the invocation still ends", async () => {
    const told = vi.spyOn(console, "error").mockImplementation(() => {});
    const nowhere = { connectionString: "postgres://x@127.0.0.1:1/x" };
    const invocation = openInvocation({ ...env, HYPERDRIVE: nowhere });
    invocation.app.deps.doorbell.ring("inbox");
    await invocation.finish();
    const lines = told.mock.calls.map(([line]) => JSON.parse(String(line)));
    told.mockRestore();
    expect(lines).toMatchObject([{ job: "drain-inbox", fault: expect.stringContaining("ECONNREFUSED") }]);
  });

  test.each([
    [{ HYPERDRIVE: undefined }, /HYPERDRIVE/],
    [{ JOBS: "ofrenda-jobs" }, /JOBS/],
    [{ MASTER_KEY: undefined }, /MASTER_KEY/],
    [{ MASTER_KEY: "short" }, /MASTER_KEY/],
    [{ SANDBOX: "off", PUBLIC_URL: undefined }, /PUBLIC_URL/],
  ])("refuses to start with %o, and names it", (wrong, named) => {
    const open = () => openInvocation({ ...env, ...wrong });
    expect(open).toThrow(ConfigError);
    expect(open).toThrow(named);
  });
});
