import { availableParallelism, loadavg } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { present } from "../../src/kernel/assert.ts";
import { type Installation, installation, type NodeProcess } from "../support/node-process.ts";
import { asked, booksOf, type Caller, card, giftOf, give, readGift, sumOf } from "../support/worker.ts";

/** What `npm start` promises on a machine of two cores, its database made from nothing; a busy one takes its time. */
const readyWithinMs = () => 10_000 * Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());
/** Two stops and a start of a whole service. */
const slow = 90_000;

let place: Installation;
let service: NodeProcess;
let ask: Caller;

beforeAll(async () => {
  place = await installation();
  service = await place.start();
  const key = present(/ofr_test_\w+/.exec(service.output())?.[0], "the first start prints a key");
  ask = async (...request) => {
    const [path, init] = asked(key, ...request);
    const response = await fetch(`${place.url}${path}`, init);
    const body = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, body };
  };
}, slow);

afterAll(() => place.remove(), slow);

const listShape = z.object({ data: z.array(z.object({ id: z.string(), status: z.string() })) });

describe("the service on Node, as a process", () => {
  test("is ready within ten seconds of its very first start, and serves page, metrics and a gift", async () => {
    expect(service.readyMs).toBeLessThan(readyWithinMs());
    expect((await ask("GET", "/readyz")).status).toBe(200);
    expect((await ask("GET", "/give/demo-mx")).status).toBe(200);
    expect(await give(ask, card)).toMatchObject({ status: "succeeded" });
    expect((await ask("GET", "/metrics")).body.toString()).toMatch(/^ofrenda_donations_total\{.*\} [1-9]/m);
  });

  test(
    "told to stop, it answers the gifts under way, leaves nothing half-done and stops its database",
    async () => {
      const underWay = Array.from({ length: 12 }, () => ask("POST", "/v1/donations", giftOf(card)));
      await Promise.race(underWay);
      const [code, ...replies] = await Promise.all([
        service.stop("SIGTERM"),
        ...underWay.map((reply) => reply.catch(() => undefined)),
      ]);
      expect(code).toBe(0);
      expect(place.databaseRuns()).toBe(false);

      const answered = replies.filter((reply) => reply !== undefined);
      expect(answered.map(({ status }) => status)).toEqual(answered.map(() => 201));
      expect(answered.length).toBeGreaterThan(1);

      service = await place.start();
      for (const { body } of answered) {
        const { id } = JSON.parse(body.toString());
        expect(await readGift(ask, String(id))).toMatchObject({ status: "succeeded" });
      }
      const { data } = listShape.parse(
        JSON.parse((await ask("GET", "/v1/donations?limit=100")).body.toString()),
      );
      expect(data.filter(({ status }) => status !== "succeeded")).toEqual([]);
      expect(sumOf(await booksOf(ask))).toBe(0);
    },
    slow,
  );

  test(
    "Ctrl-C stops it as cleanly",
    async () => {
      expect(await service.stop("SIGINT")).toBe(0);
      expect(place.databaseRuns()).toBe(false);
    },
    slow,
  );
});
