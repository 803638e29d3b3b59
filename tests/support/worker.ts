import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createTestHarness } from "wrangler";
import { z } from "zod";
import { readConfig } from "../../src/config.ts";
import { present } from "../../src/kernel/assert.ts";
import type { ChurchId } from "../../src/kernel/ids.ts";
import { seedDemo } from "../../src/platform/demo.ts";
import { type NodeApp, openNodeApp } from "../../src/platform/node-app.ts";
import { testDatabase } from "./database.ts";

/** Answers are matched, never trusted. */
type WorkerReply = { readonly status: number; readonly headers: Headers; readonly body: Buffer };

/** The demo church in Mexico, and its key. */
type DemoChurch = { readonly id: ChurchId; readonly slug: string; readonly key: string };

/** Asks as the demo church's own system would, over HTTP or in process. */
export type Caller = (method: string, path: string, body?: object) => Promise<WorkerReply>;

export type WorkerHouse = {
  readonly church: DemoChurch;
  /** The same service on Node over the same database, with a doorbell that nobody hears. */
  readonly node: NodeApp;
  readonly onNode: Caller;
  readonly ask: Caller;
  /** A form as a page would send it; redirects are not followed. */
  submit(path: string, fields: Record<string, string>): Promise<WorkerReply>;
  /** Fires a cron trigger of the Worker and waits for its end. */
  cron(expression: string): Promise<void>;
  /** What the Worker wrote as warnings and errors. */
  complaints(): readonly string[];
  /** For `afterAll` at the top of the file: hooks registered within a hook are not run. */
  close(): Promise<void>;
};

const root = join(import.meta.dirname, "..", "..");

/** Settings that let one runtime open what the other sealed. */
export const sharedSettings = () =>
  ({
    SANDBOX: "on",
    PUBLIC_URL: "http://ofrenda.test",
    MASTER_KEY: randomBytes(32).toString("base64"),
    LOG_LEVEL: "warn",
  }) as const;

/** The Worker of `wrangler.toml`, bundled by wrangler and run by workerd, over a seeded database of this file's own. */
export async function openWorkerHouse(): Promise<WorkerHouse> {
  const { url } = await testDatabase();
  const { MASTER_KEY, ...vars } = sharedSettings();
  const { node, church } = await openSeededNode({ ...vars, MASTER_KEY, DATABASE_URL: url });
  process.env.CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HYPERDRIVE = url;
  process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false";
  process.env.WRANGLER_SEND_METRICS = "false";
  const server = createTestHarness({
    root,
    workers: [{ configPath: "wrangler.toml", vars, secrets: { MASTER_KEY } }],
  });
  await server.listen();
  const send = async (path: string, init: Init): Promise<WorkerReply> => {
    const response = await server.fetch(path, init);
    const headers = new Headers([...response.headers]);
    return { status: response.status, headers, body: Buffer.from(await response.arrayBuffer()) };
  };
  return {
    church,
    node,
    onNode: (...ask) => inProcess(node, ...asked(church.key, ...ask)),
    ask: (...ask) => send(...asked(church.key, ...ask)),
    submit: (path, fields) =>
      send(path, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams(fields).toString(),
        redirect: "manual",
      }),
    cron: async (expression) => {
      await server.getWorker().scheduled({ cron: expression, scheduledTime: new Date() });
    },
    complaints: () =>
      server
        .getLogs()
        .flatMap(({ level, message }) => (level === "error" || level === "warn" ? [message] : [])),
    close: async () => {
      await server.close();
      await node.close();
    },
  };
}

/** The service on Node over a database, with the demo churches and a doorbell that nobody hears. */
export async function openSeededNode(
  settings: Readonly<Record<string, string>>,
): Promise<{ readonly node: NodeApp; readonly church: DemoChurch }> {
  const node = await openNodeApp(readConfig(settings), { doorbell: { ring: () => {} } });
  const { churches, key } = await seedDemo(node.app);
  const { churchId: id, slug } = present(churches[0], "there is a demo church");
  return { node, church: { id, slug, key: present(key, "the demo church was made just now") } };
}

type Init = {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly redirect: "manual";
};

/** A request of the demo church, as `fetch` takes it. */
export function asked(key: string, method: string, path: string, body?: object): [path: string, init: Init] {
  const headers = {
    authorization: `Bearer ${key}`,
    ...(body ? { "content-type": "application/json" } : {}),
    ...(method === "POST" ? { "idempotency-key": crypto.randomUUID() } : {}),
  };
  const text = body ? { body: JSON.stringify(body) } : {};
  return [path, { method, headers, ...text, redirect: "manual" }];
}

async function inProcess({ app }: Pick<NodeApp, "app">, path: string, init: Init): Promise<WorkerReply> {
  const response = await app.fetch(new Request(`http://ofrenda.test${path}`, init));
  const body = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, body };
}

const donationShape = z.looseObject({
  id: z.string(),
  status: z.string(),
  gateway_payment_id: z.string().nullable(),
  refunded_amount: z.int(),
  fee: z.looseObject({ amount: z.int() }).nullable(),
  next_action: z.looseObject({ type: z.string() }),
});
export type SeenDonation = z.infer<typeof donationShape>;

/** A gift of 500 pesos. */
export const giftOf = (method: object): object => ({
  amount: 50_000,
  currency: "MXN",
  country: "mx",
  payment_method: method,
  donor: { name: "Ana Pérez", email: "ana@example.org" },
});
export const card = { type: "card", token: "pm_card_visa" } as const;
export const oxxo = { type: "oxxo" } as const;

export async function give(ask: Caller, method: object): Promise<SeenDonation> {
  const reply = await ask("POST", "/v1/donations", giftOf(method));
  if (reply.status !== 201) throw new Error(`no gift: ${reply.status} ${reply.body}`);
  return donationShape.parse(JSON.parse(reply.body.toString()));
}

export const readGift = async (ask: Caller, id: string): Promise<SeenDonation> =>
  donationShape.parse(JSON.parse((await ask("GET", `/v1/donations/${id}`)).body.toString()));

const trialShape = z.object({
  accounts: z.array(z.looseObject({ code: z.string(), balance: z.looseObject({ amount: z.int() }) })),
});

/** Balances by account code in minor units, debit positive. */
export async function booksOf(ask: Caller): Promise<ReadonlyMap<string, number>> {
  const { accounts } = trialShape.parse(
    JSON.parse((await ask("GET", "/v1/ledger/trial-balance")).body.toString()),
  );
  const books = new Map<string, number>();
  for (const { code, balance } of accounts) books.set(code, (books.get(code) ?? 0) + balance.amount);
  return books;
}

export const sumOf = (books: ReadonlyMap<string, number>): number =>
  [...books.values()].reduce((sum, amount) => sum + amount, 0);
