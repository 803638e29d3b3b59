import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createApp } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import type { Database } from "../../src/db/client.ts";
import { memorySandboxStore } from "../../src/gateway/memory-sandbox-store.ts";
import { localBell } from "../../src/jobs/bell.ts";
import { present } from "../../src/kernel/assert.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import { type ChurchId, parseId } from "../../src/kernel/ids.ts";
import { type Log, silentLog } from "../../src/kernel/log.ts";
import { noMetrics } from "../../src/kernel/metrics.ts";
import { secret } from "../../src/kernel/secret.ts";
import { giftToken } from "../../src/pages/checkout/gift-link.ts";
import type { NodeApp } from "../../src/platform/node-app.ts";
import { testDatabase } from "../support/database.ts";
import { pdfText } from "../support/pdf.ts";
import { openSeededNode, sharedSettings } from "../support/worker.ts";

let node: NodeApp;
let key: string;
let settings: Record<string, string>;
let db: Database;
let churchId: ChurchId;

beforeAll(async () => {
  const database = await testDatabase();
  db = database.db;
  settings = { ...sharedSettings(), DATABASE_URL: database.url };
  const seeded = await openSeededNode(settings);
  node = seeded.node;
  key = seeded.church.key;
  churchId = seeded.church.id;
  return () => node.close();
});

type Page = { readonly status: number; readonly text: string; readonly location: string };

async function get(
  path: string,
  init?: RequestInit,
  from: Pick<NodeApp["app"], "fetch"> = node.app,
): Promise<Page> {
  const response = await from.fetch(new Request(`http://ofrenda.test${path}`, init));
  const text = await response.text();
  return { status: response.status, text, location: response.headers.get("location") ?? "" };
}
const post = (path: string, fields: Record<string, string>) =>
  get(path, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields).toString(),
  });
const card = { amount: "50000", fund: "general", method: "oxxo", name: "Ana", email: "ana@example.org" };

/** Sends the form and gives the address of the gift's page. */
async function giftPage(fields: Record<string, string> = {}, church = "demo-mx"): Promise<string> {
  const sent = await post(`/give/${church}?lang=en`, { ...card, ...fields });
  expect(sent.status, sent.text).toBe(303);
  return sent.location;
}
const under = (page: string, room: string, more = "") => page.replace(/\?/, `/${room}?`) + more;

describe("an address that leads nowhere", () => {
  test.each<readonly [method: string, path: string]>([
    ["GET", "/give/nobody?lang=en"],
    ["GET", "/give/No%20Slug?lang=en"],
    ["POST", "/give/nobody?lang=en"],
    ["GET", "/give/demo-mx/gifts/don_1?lang=en"],
    ["GET", "/give/demo-mx/gifts/don_0193b2c4d5e67f808a9bacbdcedfe0f1?t=guess&lang=en"],
    ["POST", "/give/demo-mx/gifts/don_0193b2c4d5e67f808a9bacbdcedfe0f1/cancel?t=guess&lang=en"],
    ["GET", "/give/demo-mx/gifts/don_0193b2c4d5e67f808a9bacbdcedfe0f1/acknowledgment.pdf?lang=en"],
    ["POST", "/sandbox/nobody/play?lang=en"],
    ["POST", "/sandbox/nobody/delivery?lang=en"],
  ])("%s %s is a page that says so", async (method, path) => {
    const page = await get(path, { method });
    expect(page.status).toBe(404);
    expect(page.text).toContain("We could not find this page");
  });

  test.each(["/give/nobody/quote.json", "/give/demo-mx/gifts/don_1/status.json"])(
    "%s says so to a script",
    async (path) => {
      const answer = await get(path);
      expect(answer).toMatchObject({ status: 404, text: '{"error":"not_found"}' });
    },
  );
});

describe("the form of a country that asks for more", () => {
  test("asks for document, address and bank, each with its reason, and offers the other currency", async () => {
    const { status, text } = await get("/give/demo-co?lang=en");
    expect(status).toBe(200);
    expect(text).toContain('href="/give/demo-co?lang=en&amp;currency=USD"');
    expect(text).toMatch(/<select name="tax_id_type"[\s\S]*Cédula/);
    expect(text).toMatch(/<legend>\s*Address/);
    expect(text).toMatch(/<select id="f-bank" name="bank"[\s\S]*<option value="\d+"/);
    const dollars = await get("/give/demo-co?lang=en&currency=usd");
    expect(dollars.text).toContain('name="currency" value="USD"');
    expect(dollars.text).not.toContain("PSE");
  });

  test("shows what was wrong at its place and keeps what was chosen", async () => {
    const { status, text } = await post("/give/demo-co?lang=en", {
      ...card,
      method: "pse",
      tax_id_type: "ce",
      bank: "9999",
    });
    expect(status).toBe(422);
    for (const fault of ["Choose your bank.", "Write street and city.", "Write your phone number."]) {
      expect(text).toContain(fault);
    }
    expect(text).toMatch(/<option value="ce" selected/);
  });

  test("a church with no gateway says so instead of a form", async () => {
    const page = await get("/give/demo-mx?lang=en", undefined, {
      fetch: (request) => withoutGateways().fetch(request),
    });
    expect(page.text).toContain("cannot receive gifts here yet");
    expect(page.text).not.toContain("data-give");
  });
});

/** The same service with nothing simulated and no way to any gateway. */
const withoutGateways = (
  parts: { readonly db?: Database; readonly log?: Log; readonly maxInFlight?: number } = {},
) =>
  createApp(
    {
      ...readConfig({ ...settings, SANDBOX: "off" }),
      ...(parts.maxInFlight === undefined ? {} : { maxInFlight: parts.maxInFlight }),
    },
    {
      db: parts.db ?? db,
      clock: systemClock,
      log: parts.log ?? silentLog,
      metrics: noMetrics,
      masterKey: secret(settings.MASTER_KEY ?? ""),
      transport: () => Promise.reject(new Error("no way out")),
      webhookTransport: () => Promise.reject(new Error("no way out")),
      doorbell: localBell(),
      background: () => {},
      sandboxStore: () => memorySandboxStore(),
    },
  );

describe("what goes wrong behind a page", () => {
  test("is said without its cause, with a number by which the log has it", async () => {
    const told: object[] = [];
    const log: Log = { ...silentLog, error: (fields) => void told.push(fields), child: () => log };
    const app = withoutGateways({
      db: { ...db, byProof: () => Promise.reject(new Error("disk full")) },
      log,
    });
    const { status, text } = await get(
      "/give/demo-mx?lang=en",
      { headers: { "x-request-id": "rq-17" } },
      app,
    );
    expect(status).toBe(500);
    expect(text).toContain("Something failed on our side");
    expect(text).toContain("rq-17");
    expect(text).not.toContain("disk full");
    expect(told).toMatchObject([{ message: "disk full" }]);
  });

  test("too large a form is refused before it is read", async () => {
    const page = await post("/give/demo-mx", { ...card, note: "a".repeat(40_000) });
    expect(page).toMatchObject({ status: 413, text: "The form is too large." });
  });

  test("a live service has no sandbox to play in, and its form is no test", async () => {
    const live = withoutGateways();
    expect((await get("/sandbox?lang=en", undefined, live)).status).toBe(404);
    expect((await get("/give/demo-mx?lang=en", undefined, live)).text).not.toContain("TEST MODE");
    expect((await get("/give/demo-mx?lang=en")).text).toContain("TEST MODE");
  });
});

describe("one gift's pages", () => {
  test("a form without a key gets one; sent by hand the page is the same", async () => {
    const page = await get(await giftPage({ key: "not-a-key" }));
    expect(page.text).toContain('data-status="requires_action"');
    expect((await get(under(await giftPage(), "status.json"))).text).toContain('"status":"requires_action"');
  });

  test("a voucher that nobody has paid is called off; one that was paid is not, and the page shows the money", async () => {
    const [unpaid, paid] = [await giftPage(), await giftPage()];
    const canceled = await get(under(unpaid, "cancel"), { method: "POST" });
    expect(canceled.status).toBe(303);
    expect((await get(canceled.location)).text).toContain("Gift canceled");
    await play(paid, "pay");
    const late = await get(under(paid, "cancel"), { method: "POST" });
    expect(late.location).toContain("cancel=failed");
    expect((await get(late.location)).text).toContain('data-status="succeeded"');
  });

  test("asked from the gateway's page, the status is looked up there and then", async () => {
    const page = await giftPage();
    await play(page, "pay");
    const status = await get(under(page, "status.json", "&back=1"));
    expect(JSON.parse(status.text)).toMatchObject({ status: "succeeded", decline: null });
  });

  test("an acknowledgment carries the split, the covered fee, who is not named, and what was returned", async () => {
    const of = (path: string, body: object) =>
      get(`/v1/donations${path}`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${key}`,
          "content-type": "application/json",
          "idempotency-key": crypto.randomUUID(),
        },
        body: JSON.stringify(body),
      });
    const given = await of("", {
      amount: 50_000,
      currency: "MXN",
      country: "mx",
      payment_method: { type: "card", token: "pm_card_visa" },
      donor: { email: "ana@example.org" },
      cover_fees: true,
      allocations: [
        { fund: "general", amount: 30_000 },
        { fund: "missions", amount: 20_000 },
      ],
    });
    const { id, charged } = z
      .object({ id: z.string(), charged: z.object({ amount: z.number() }) })
      .parse(JSON.parse(given.text));
    const donation = present(parseId("donation", id), "a donation has an id");
    const token = await giftToken(node.app.deps, churchId, donation);
    const document = async (lang: string) => {
      const path = `/give/demo-mx/gifts/${id}/acknowledgment.pdf?t=${token}&lang=${lang}`;
      const response = await node.app.fetch(new Request(`http://ofrenda.test${path}`));
      expect(response.headers.get("content-type")).toBe("application/pdf");
      return pdfText(new Uint8Array(await response.arrayBuffer()));
    };
    expect((await of(`/${id}/refunds`, { amount: 10_000 })).status).toBe(201);
    const partly = await document("en");
    expect(partly).toMatch(/300\.00[\s\S]*Misiones: \$200\.00/);
    expect(partly).toMatch(/Returned[\s\S]*\$100\.00/);
    expect(partly).toMatch(/Received from\s*Donor/);
    expect((await of(`/${id}/refunds`, { amount: charged.amount - 10_000 })).status).toBe(201);
    expect(await document("pt")).not.toBe(partly);
    expect(await document("en")).toContain("returned in full");
  });
});

/** Presses a button of the simulated Stripe's bank for the gift on `page`. */
async function play(page: string, action: string, amount?: string): Promise<Page> {
  const gift = present(/don_\w+/.exec(page)?.[0], "the page is of a gift");
  const desk = (await get("/sandbox?lang=en")).text;
  const found = new RegExp(`data-payment="([^"]+)" data-donation="${gift}"`).exec(desk);
  const payment = present(found?.[1], "the desk shows the payment");
  return post("/sandbox/stripe/play?lang=en", { payment, action, ...(amount ? { amount } : {}) });
}

describe("playing the bank", () => {
  test("a payment that is not there, a button it does not have, and an amount that is none are refused", async () => {
    const page = await giftPage();
    const nothing = await post("/sandbox/stripe/play?lang=en", { payment: "pi_none", action: "pay" });
    for (const refused of [nothing, await play(page, "dance"), await play(page, "pay", "lots")]) {
      expect(refused.status).toBe(303);
      expect(refused.location).toMatch(/said=That\+cannot\+be\+done.*&no=1/);
    }
    expect((await get(nothing.location.split("#")[0] ?? "")).text).toMatch(/class="summary" role="status"/);
    const empty = await post("/sandbox/stripe/play?lang=en", {});
    expect(empty.location).not.toContain("#");
  });

  test("how webhooks travel is chosen, and what waited is delivered at once", async () => {
    const chosen = await post("/sandbox/stripe/delivery?lang=en", { mode: "duplicated" });
    expect(chosen.location).toContain("said=duplicated");
    const now = await post("/sandbox/stripe/delivery?lang=en", { mode: "duplicated", now: "1" });
    expect(now.location).toContain("said=OK");
  });
});
