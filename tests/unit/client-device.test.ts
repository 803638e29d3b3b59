import { Hono } from "hono";
import { expect, test } from "vitest";
import { clientDevice } from "../../src/http/client-device.ts";
import type { HonoEnv } from "../../src/http/context.ts";

const app = new Hono<HonoEnv>();
app.get("/", (c) => c.json(clientDevice(c) ?? null));

/** On Node the server puts the connection beside the request; `undefined` stands for Workers. */
async function seen(peer: string | undefined, headers: Record<string, string>): Promise<unknown> {
  const beside = peer === undefined ? {} : { incoming: { socket: { remoteAddress: peer } } };
  return (await app.request("/", { headers: { "user-agent": "Phone", ...headers } }, beside)).json();
}

test.each<readonly [string, string | undefined, Record<string, string>, string | null]>([
  ["the peer of the connection", "8.8.8.8", {}, "8.8.8.8"],
  ["the peer, whatever it writes into a header", "8.8.8.8", { "x-forwarded-for": "9.9.9.9" }, "8.8.8.8"],
  [
    "the last hop that a proxy of ours names",
    "10.0.0.7",
    { "x-forwarded-for": "1.1.1.1, 9.9.9.9" },
    "9.9.9.9",
  ],
  ["a proxy of ours that names nobody", "10.0.0.7", {}, "10.0.0.7"],
  ["a proxy that names nothing", "127.0.0.1", { "x-forwarded-for": " " }, "127.0.0.1"],
  ["an IPv4 address in IPv6 clothes", "::ffff:8.8.8.8", {}, "8.8.8.8"],
  ["what a proxy names is no address", "10.0.0.7", { "x-forwarded-for": "unknown" }, null],
  ["a peer that cannot be told", "", { "x-forwarded-for": "9.9.9.9" }, null],
  ["on Workers what the edge saw", undefined, { "cf-connecting-ip": "2001:db8::1" }, "2001:db8::1"],
  ["on Workers nothing", undefined, { "x-forwarded-for": "9.9.9.9" }, null],
])("a visitor comes from: %s", async (_, peer, headers, address) => {
  expect(await seen(peer, headers)).toEqual(address && { ipAddress: address, userAgent: "Phone" });
});

test("a visitor without a browser's name is nobody a rail could be told of", async () => {
  expect(await seen("8.8.8.8", { "user-agent": "" })).toBeNull();
});
