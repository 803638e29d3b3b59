import { describe, expect, test } from "vitest";
import { memorySandboxStore } from "../../src/gateway/memory-sandbox-store.ts";
import { fixedClock } from "../../src/kernel/clock.ts";
import { twilioSender } from "../../src/messages/twilio/sender.ts";
import { simulatedTwilio, twilioSimulator } from "../../src/messages/twilio/simulator.ts";
import { isGenuine, readStatus, twilioSignature } from "../../src/messages/twilio/status.ts";

/** Texts through Twilio: what it refuses, what that means for the person written to, and what it tells afterwards. */
const account = simulatedTwilio.accountSid;
const login = `Basic ${Buffer.from(`${account}:${simulatedTwilio.authToken.reveal()}`).toString("base64")}`;
const path = `https://api.twilio.com/2010-04-01/Accounts/${account}/Messages.json`;
const form = "application/x-www-form-urlencoded";

function world() {
  const told: { url: string; body: URLSearchParams; signature: string }[] = [];
  const simulator = twilioSimulator(
    memorySandboxStore(),
    fixedClock("2026-11-20T18:00:00Z"),
    async (request) => {
      const signature = request.headers.get("x-twilio-signature") ?? "";
      told.push({ url: request.url, body: new URLSearchParams(await request.text()), signature });
      return new Response(null, { status: 204 });
    },
  );
  const post = (fields: Record<string, string>, headers: Record<string, string> = {}, url = path) =>
    simulator.fetch(
      new Request(url, {
        method: "POST",
        headers: { authorization: login, "content-type": form, ...headers },
        body: new URLSearchParams(fields).toString(),
      }),
    );
  return { told, simulator, post };
}

const sound = { To: "+5215512345678", From: "+15005550006", Body: "Iglesia Demo: gracias" };

describe("Twilio, simulated", () => {
  test.each<[string, Record<string, string>, number]>([
    ["nobody to write to", { From: sound.From, Body: sound.Body }, 21604],
    ["nobody to write from", { To: sound.To, Body: sound.Body }, 21603],
    ["no words", { To: sound.To, From: sound.From }, 21602],
    ["too many words", { ...sound, Body: "a".repeat(1601) }, 21617],
    ["WhatsApp from a number that has none", { ...sound, To: `whatsapp:${sound.To}` }, 63007],
    ["no number to write to", { ...sound, To: "Ana" }, 21211],
    ["no number to write from", { ...sound, From: "Iglesia" }, 21212],
    ["somebody who said stop", { ...sound, To: "+15005550004" }, 21610],
    ["a number of ours that takes no texts", { ...sound, From: "+15005550007" }, 21606],
  ])("refuses %s", async (_what, fields, code) => {
    const { post, simulator } = world();
    const answer = await post(fields);
    expect([answer.status, await answer.json()]).toMatchObject([400, { code }]);
    expect(await simulator.list(9)).toEqual([]);
  });

  test.each([
    ["another address", {}, "https://api.twilio.com/2010-04-01/Accounts/other/Messages.json", 404],
    ["another's log-in", { authorization: "Basic x" }, path, 401],
    ["a body that is no form", { "content-type": "application/json" }, path, 400],
  ])("refuses %s", async (_what, headers, url, status) => {
    expect((await world().post(sound, headers, url)).status).toBe(status);
  });

  test("is only posted to", async () => {
    const asked = new Request(path, { headers: { authorization: login } });
    expect((await world().simulator.fetch(asked)).status).toBe(405);
  });

  test("tells the carrier's last word to the address it was given, signed, and to nobody else", async () => {
    const { simulator, post, told } = world();
    await post({ ...sound, StatusCallback: "https://give.test/texts" });
    await post({ ...sound, Body: "", ContentSid: "HX1", ContentVariables: '{"1":"x"}' });
    const [silent, heard] = await simulator.list(9);
    expect(silent?.statusCallback).toBeNull();
    expect(await simulator.conclude(silent?.sid ?? "", "delivered")).toBeUndefined();
    expect(await simulator.conclude("SM0", "delivered")).toBeUndefined();
    await simulator.conclude(heard?.sid ?? "", "delivered");
    await simulator.conclude(heard?.sid ?? "", "undelivered", 30005);
    const token = simulatedTwilio.authToken;
    expect(told.map(({ body }) => readStatus(body)?.result)).toEqual(["delivered", "bounced"]);
    for (const { url, body, signature } of told) {
      expect(isGenuine(token, { url, form: body, signature })).toBe(true);
      expect(isGenuine(token, { url: `${url}?x`, form: body, signature })).toBe(false);
      expect(isGenuine(token, { url, form: body, signature: undefined })).toBe(false);
    }
  });
});

describe("what became of a text", () => {
  const told = (fields: Record<string, string>) => readStatus(new URLSearchParams(fields))?.result;

  test.each([
    [{ MessageSid: "SM1", MessageStatus: "read" }, "delivered"],
    [{ MessageSid: "SM1", MessageStatus: "sent" }, "on_its_way"],
    [{ MessageSid: "SM1", MessageStatus: "a word of tomorrow" }, "on_its_way"],
    [{ MessageSid: "SM1", MessageStatus: "undelivered" }, "failed"],
    [{ MessageSid: "SM1", MessageStatus: "failed", ErrorCode: "30003" }, "failed"],
    [{ MessageSid: "SM1", MessageStatus: "failed", ErrorCode: "21610" }, "opted_out"],
    [{ MessageSid: "SM1", MessageStatus: "failed", ErrorCode: "not a number" }, undefined],
    [{ MessageStatus: "delivered" }, undefined],
  ] as [Record<string, string>, string | undefined][])("%o is %s", (fields, result) => {
    expect(told(fields)).toBe(result);
  });

  test("a field given twice is signed twice", () => {
    const twice = new URLSearchParams("A=1&A=1&B=2");
    const once = new URLSearchParams("A=1&B=2");
    const sign = (of: URLSearchParams) => twilioSignature(simulatedTwilio.authToken, "https://x.test", of);
    expect(sign(twice)).not.toBe(sign(once));
  });
});

describe("sending a text", () => {
  const text = {
    channel: "sms",
    to: "+5215512345678",
    church: "Iglesia Demo",
    body: "gracias",
    statusUrl: "https://give.test/texts",
  } as const;
  const answering = (status: number, body: string) =>
    twilioSender(simulatedTwilio, async () => new Response(body, { status }));

  test.each([
    [201, '{"sid":"SM1","status":"queued"}', "sent"],
    [201, "{}", "failed"],
    [429, "{}", "retry"],
    [503, "busy", "retry"],
    [400, '{"code":21610}', "opted_out"],
    [400, '{"code":21614}', "bounced"],
    [400, '{"code":20429}', "retry"],
    [400, '{"code":1}', "failed"],
    [400, "{}", "failed"],
    [500, "<html>", "failed"],
  ] as const)("HTTP %i %s: %s", async (status, body, kind) => {
    expect(await answering(status, body).send(text)).toMatchObject({ kind });
  });

  test("an answer that was lost is not asked for again: it may have gone out", async () => {
    const sender = twilioSender(simulatedTwilio, () => Promise.reject(new Error("reset")));
    expect(await sender.send(text)).toMatchObject({ kind: "failed" });
  });

  test("by WhatsApp goes as the approved template, and not at all without a number of ours", async () => {
    const bodies: string[] = [];
    const transport = async (_url: unknown, init?: RequestInit) => {
      bodies.push(String(init?.body));
      return Response.json({ sid: "SM1", status: "queued" }, { status: 201 });
    };
    const settings = { ...simulatedTwilio, whatsappContent: "HX123" };
    await twilioSender(settings, transport).send({ ...text, channel: "whatsapp" });
    const sent = new URLSearchParams(bodies[0]);
    expect(sent.get("To")).toBe("whatsapp:+5215512345678");
    expect([sent.get("ContentSid"), sent.get("ContentVariables"), sent.get("Body")]).toEqual([
      "HX123",
      '{"1":"Iglesia Demo","2":"gracias"}',
      null,
    ]);
    const without = twilioSender({ ...simulatedTwilio, whatsappFrom: undefined }, transport);
    expect(without.channels).toEqual(["sms"]);
    expect(await without.send({ ...text, channel: "whatsapp" })).toMatchObject({ kind: "failed" });
    expect(bodies).toHaveLength(1);
  });
});
