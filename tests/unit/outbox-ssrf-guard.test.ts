import type { LookupAddress } from "node:dns";
import fc from "fast-check";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { addressFault, checkTarget } from "../../src/outbox/ssrf-guard.ts";
import {
  type PinnedTransport,
  pinnedTransport,
  type ResolveName,
} from "../../src/platform/pinned-transport.ts";
import { type WebhookReceiver, webhookReceiver } from "../support/webhook-receiver.ts";

const strict = { allowPrivateTargets: false };
const sandbox = { allowPrivateTargets: true };

describe("an endpoint's address", () => {
  test.each([
    "https://chms.example.org/hooks?tenant=7",
    "https://chms.example.org:8443/hooks",
    "https://chms.example.org./hooks",
    "https://8.8.8.8/hooks",
    "https://[2606:4700::1111]/hooks",
    "https://bücher.example/hooks",
  ])("%s is taken", (url) => {
    expect(checkTarget(url, strict).ok).toBe(true);
  });

  test.each([
    ["plain http", "http://chms.example.org/hooks"],
    ["another scheme", "ftp://chms.example.org/hooks"],
    ["a file", "file:///etc/passwd"],
    ["script", "javascript:alert(1)"],
    ["not a URL", "chms.example.org/hooks"],
    ["a user and password", "https://user:pass@chms.example.org/"],
    ["a fragment", "https://chms.example.org/#x"],
    ["a database's port", "https://chms.example.org:5432/"],
    ["a mail server's port", "https://chms.example.org:25/"],
    ["more than 2048 characters", `https://chms.example.org/${"a".repeat(2048)}`],
    ["a bare name", "https://intranet/"],
    ["localhost", "https://localhost/"],
    ["localhost with a dot", "https://localhost./"],
    ["LOCALHOST", "https://LOCALHOST/"],
    ["a name under localhost", "https://a.localhost/"],
    ["mDNS", "https://printer.local/"],
    ["the metadata service's name", "https://metadata.google.internal/computeMetadata/v1/"],
    ["a home network", "https://nas.home.arpa/"],
    ["loopback", "https://127.0.0.1/"],
    ["loopback elsewhere", "https://127.255.1.2/"],
    ["loopback, short", "https://127.1/"],
    ["loopback, decimal", "https://2130706433/"],
    ["loopback, octal", "https://0177.0.0.1/"],
    ["loopback, hexadecimal", "https://0x7f000001/"],
    ["loopback, hexadecimal parts", "https://0x7f.0x0.0x0.0x1/"],
    ["loopback, percent-encoded", "https://%31%32%37.0.0.1/"],
    ["loopback, full-width digits", "https://１２７.０.０.１/"],
    ["this host", "https://0.0.0.0/"],
    ["this network", "https://0/"],
    ["private 10", "https://10.0.0.5/"],
    ["private 172.16", "https://172.16.0.1/"],
    ["private 172.31", "https://172.31.255.254/"],
    ["private 192.168", "https://192.168.1.1/"],
    ["private, decimal", "https://3232235777/"],
    ["link-local metadata", "https://169.254.169.254/latest/meta-data/"],
    ["link-local metadata, decimal", "https://2852039166/"],
    ["link-local metadata, hexadecimal", "https://0xA9FEA9FE/"],
    ["carrier-grade NAT", "https://100.64.0.1/"],
    ["carrier-grade metadata", "https://100.100.100.200/"],
    ["IETF assignments", "https://192.0.0.192/"],
    ["documentation", "https://192.0.2.1/"],
    ["benchmarking", "https://198.18.0.1/"],
    ["6to4 relay", "https://192.88.99.1/"],
    ["multicast", "https://224.0.0.1/"],
    ["reserved", "https://240.0.0.1/"],
    ["broadcast", "https://255.255.255.255/"],
    ["IPv6 loopback", "https://[::1]/"],
    ["IPv6 unspecified", "https://[::]/"],
    ["IPv4-mapped loopback", "https://[::ffff:127.0.0.1]/"],
    ["IPv4-mapped loopback, hexadecimal", "https://[::ffff:7f00:1]/"],
    ["IPv4-mapped metadata", "https://[::ffff:169.254.169.254]/"],
    ["IPv4-compatible loopback", "https://[::127.0.0.1]/"],
    ["IPv4-translated", "https://[::ffff:0:127.0.0.1]/"],
    ["NAT64 of metadata", "https://[64:ff9b::a9fe:a9fe]/"],
    ["local NAT64", "https://[64:ff9b:1::a9fe:a9fe]/"],
    ["6to4 of loopback", "https://[2002:7f00:1::]/"],
    ["Teredo", "https://[2001:0:7f00:1::]/"],
    ["unique local", "https://[fd00:ec2::254]/"],
    ["IPv6 link-local", "https://[fe80::1]/"],
    ["site-local", "https://[fec0::1]/"],
    ["IPv6 multicast", "https://[ff02::1]/"],
    ["IPv6 documentation", "https://[2001:db8::1]/"],
    ["IPv6 outside 2000::/3", "https://[4000::1]/"],
  ])("%s is refused: %s", (_, url) => {
    expect(checkTarget(url, strict)).toMatchObject({ ok: false, error: expect.stringMatching(/^must /) });
  });

  test.each([
    "http://127.0.0.1:9999/hooks",
    "http://localhost:3000/hooks",
    "https://localhost:3000/",
    "http://[::1]:3000/",
  ])("in the sandbox this machine itself may be named: %s", (url) => {
    expect(checkTarget(url, sandbox).ok).toBe(true);
    expect(checkTarget(url, strict).ok).toBe(false);
  });

  test.each([
    "http://10.0.0.5/",
    "https://192.168.1.1/",
    "http://169.254.169.254/",
    "http://chms.example.org/",
  ])("but the sandbox opens nothing else: %s", (url) => expect(checkTarget(url, sandbox).ok).toBe(false));

  test("no spelling of a private IPv4 address passes", () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const privateAddress = fc.oneof(
      fc.tuple(fc.constant(10), octet, octet, octet),
      fc.tuple(fc.constant(127), octet, octet, octet),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
      fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
      fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
      fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), octet, octet),
    );
    const spell = fc.constantFrom(
      (p: number[]) => p.join("."),
      (p: number[]) => p.map((n) => `0${n.toString(8)}`).join("."),
      (p: number[]) => p.map((n) => `0x${n.toString(16)}`).join("."),
      (p: number[]) => String(p.reduce((sum, n) => sum * 256 + n, 0)),
      (p: number[]) => `[::ffff:${p.join(".")}]`,
      (p: number[]) => `[64:ff9b::${p.join(".")}]`,
    );
    fc.assert(
      fc.property(privateAddress, spell, (parts, spelling) => {
        expect(checkTarget(`https://${spelling(parts)}/`, strict).ok).toBe(false);
      }),
    );
  });

  test("what is not an address at all is refused as one", () => {
    expect(addressFault("chms.example.org", strict)).toMatch(/must be an IP address/);
    expect(addressFault("fe80::1%eth0", strict)).toMatch(/linkLocal/);
  });
});

describe("connecting to a checked address only", () => {
  let receiver: WebhookReceiver;
  let open: PinnedTransport[] = [];
  beforeEach(async () => {
    receiver ??= await webhookReceiver();
    receiver.received.length = 0;
  });
  afterAll(async () => {
    await Promise.all(open.map((t) => t.close()));
    open = [];
  });

  const transport = (resolve: ResolveName, policy = strict) => {
    const made = pinnedTransport({ addressFault: (address) => addressFault(address, policy), resolve });
    open.push(made);
    return made.transport;
  };
  /** Answers each look-up with the next list of addresses, the last one for ever. */
  const nameServer = (...answers: string[][]): ResolveName & { asked: string[] } => {
    const asked: string[] = [];
    const resolve: ResolveName = (hostname, _, done) => {
      const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? [];
      asked.push(hostname);
      done(
        null,
        addresses.map((address): LookupAddress => ({ address, family: address.includes(":") ? 6 : 4 })),
      );
    };
    return Object.assign(resolve, { asked });
  };
  const post = { method: "POST", headers: {}, body: "{}", redirect: "manual" } as const;
  const send = (way: PinnedTransport["transport"], host: string) =>
    way(`http://${host}:${receiver.port}/`, { ...post, signal: AbortSignal.timeout(5000) });

  test.each([
    ["loopback", ["127.0.0.1"]],
    ["IPv6 loopback", ["::1"]],
    ["a private network", ["10.1.2.3"]],
    ["the metadata service", ["169.254.169.254"]],
    ["one public and one private address", ["93.184.215.14", "127.0.0.1"]],
    ["a mapped address", ["::ffff:127.0.0.1"]],
    ["nothing", []],
  ])("a public name that leads to %s is never connected to", async (_, addresses) => {
    const failure = await send(transport(nameServer(addresses)), "hooks.example.org").catch(
      (e: unknown) => e,
    );
    expect(failure).toMatchObject({ cause: { code: "EBLOCKED" } });
    expect(receiver.received).toEqual([]);
  });

  test("a name server that answers a public address first and a private one next gains nothing", async () => {
    // The classic rebinding: check sees the first answer, connect would see the second. Here there is one look-up,
    // whose answer is both checked and connected to; a further connection is checked again.
    const names = nameServer(["192.0.2.77"], ["127.0.0.1"]);
    const checked: string[] = [];
    const made = pinnedTransport({
      addressFault: (address) => {
        checked.push(address);
        return address === "127.0.0.1" ? "private" : undefined;
      },
      resolve: names,
    });
    open.push(made);
    const first = await made
      .transport(`http://rebind.example.org:${receiver.port}/`, { ...post, signal: AbortSignal.timeout(300) })
      .catch((e: unknown) => e);
    expect(first).toBeInstanceOf(Error);
    expect(names.asked).toEqual(["rebind.example.org"]);
    expect(checked).toEqual(["192.0.2.77"]);
    const second = await send(made.transport, "rebind.example.org").catch((e: unknown) => e);
    expect(second).toMatchObject({ cause: { code: "EBLOCKED" } });
    expect(receiver.received).toEqual([]);
  });

  test("the connection goes to the address that was checked, under the name that was asked for", async () => {
    const names = nameServer(["127.0.0.1"], ["10.0.0.1"]);
    const answer = await send(transport(names, sandbox), "hooks.example.org");
    expect(answer.status).toBe(204);
    expect(receiver.received[0]?.headers.host).toBe(`hooks.example.org:${receiver.port}`);
    expect(names.asked).toHaveLength(1);
  });

  test("a redirect is handed back, not followed", async () => {
    receiver.answer = (_, response) =>
      void response.writeHead(307, { location: "http://127.0.0.1:1/" }).end();
    const answer = await send(transport(nameServer(["127.0.0.1"]), sandbox), "hooks.example.org");
    expect(answer.status).toBe(307);
    expect(receiver.received).toHaveLength(1);
  });

  test("a name that does not resolve is an error of its own", async () => {
    const unknown: ResolveName = (hostname, _, done) =>
      done(Object.assign(new Error(hostname), { code: "ENOTFOUND" }), []);
    const failure = await send(transport(unknown), "nowhere.example.org").catch((e: unknown) => e);
    expect(failure).toMatchObject({ cause: { code: "ENOTFOUND" } });
  });
});
