import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { TwilioSettings } from "../../config.ts";
import type { SandboxStore } from "../../gateway/sandbox.ts";
import type { Clock } from "../../kernel/clock.ts";
import { secret } from "../../kernel/secret.ts";
import { twilioSignature } from "./status.ts";

/** The account every sandbox has; its number is Twilio's own valid test number. */
export const simulatedTwilio: TwilioSettings = {
  accountSid: `AC${"0".repeat(32)}`,
  authToken: secret("0".repeat(32)),
  smsFrom: "+15005550006",
  whatsappFrom: "+15005550006",
  whatsappContent: undefined,
};

const text = z.object({
  sid: z.string(),
  at: z.string(),
  to: z.string(),
  from: z.string(),
  body: z.string(),
  status: z.enum(["queued", "delivered", "undelivered"]),
  statusCallback: z.string().nullable(),
});
export type SentText = z.infer<typeof text>;

/** Twilio's published test numbers for `To` and `From`, and what they bring (docs: "Test credentials"). */
const refusedTo: Readonly<Record<string, readonly [number, string]>> = {
  "+15005550001": [21211, "The 'To' number is not a valid phone number."],
  "+15005550002": [21612, "The 'To' phone number is not currently reachable."],
  "+15005550003": [21408, "Permission to send an SMS has not been enabled for the region."],
  "+15005550004": [21610, "Attempt to send to unsubscribed recipient"],
  "+15005550009": [21614, "'To' number is not a valid mobile number"],
};
const refusedFrom: Readonly<Record<string, readonly [number, string]>> = {
  "+15005550001": [21212, "The 'From' number is not a valid phone number."],
  "+15005550007": [21606, "The 'From' phone number provided is not a valid message-capable Twilio number."],
  "+15005550008": [21611, "This 'From' number has exceeded the maximum number of queued messages."],
};

export type TwilioSimulator = {
  /** Answers as `api.twilio.com` does. */
  fetch(request: Request): Promise<Response>;
  /** Newest first. */
  list(limit: number): Promise<readonly SentText[]>;
  /** The carrier's last word on a text, told to our callback with Twilio's signature. */
  conclude(
    sid: string,
    status: "delivered" | "undelivered",
    errorCode?: number,
  ): Promise<Response | undefined>;
};

/** Keeps what is sent and refuses what Twilio refuses: wrong log-in, no body, a number it does not know. */
export function twilioSimulator(
  store: SandboxStore,
  clock: Clock,
  deliver: (request: Request) => Promise<Response>,
  settings: TwilioSettings = simulatedTwilio,
): TwilioSimulator {
  const path = `/2010-04-01/Accounts/${settings.accountSid}/Messages.json`;
  const key = Buffer.from(`${settings.accountSid}:${settings.authToken.reveal()}`).toString("base64");
  const answer = async (request: Request): Promise<Response> => {
    if (new URL(request.url).pathname !== path)
      return fault(20404, "The requested resource was not found", 404);
    if (request.headers.get("authorization") !== `Basic ${key}`) return fault(20003, "Authenticate", 401);
    if (request.method !== "POST") return fault(20004, "Method not allowed", 405);
    if (!request.headers.get("content-type")?.startsWith("application/x-www-form-urlencoded")) {
      return fault(20001, "The request body is not a form", 400);
    }
    const form = new URLSearchParams(await request.text());
    const asked = read(form);
    const refusal = judge(asked);
    if (refusal) return fault(...refusal, 400);
    const { to, from, body, template } = asked;
    const sent: SentText = {
      sid: `SM${randomBytes(16).toString("hex")}`,
      at: clock.now().toISOString(),
      to,
      from,
      body: template ?? body,
      status: "queued",
      statusCallback: form.get("StatusCallback"),
    };
    await save(store, sent);
    return Response.json(
      { sid: sent.sid, status: sent.status, to: sent.to, error_code: null },
      { status: 201 },
    );
  };
  return {
    fetch: answer,
    list: async (limit) =>
      (await store.list("text", "every", { order: "newest_first", limit })).map(({ document }) =>
        text.parse(document),
      ),
    conclude: async (sid, status, errorCode) => {
      const found = await store.get("text", sid);
      if (!found) return undefined;
      const sent = text.parse(found);
      await save(store, { ...sent, status });
      if (sent.statusCallback === null) return undefined;
      const form = new URLSearchParams({
        MessageSid: sid,
        MessageStatus: status,
        To: sent.to,
        From: sent.from,
      });
      if (errorCode !== undefined) form.set("ErrorCode", String(errorCode));
      return deliver(
        new Request(sent.statusCallback, {
          method: "POST",
          headers: {
            "content-type": "application/x-www-form-urlencoded",
            "x-twilio-signature": twilioSignature(settings.authToken, sent.statusCallback, form),
          },
          body: form.toString(),
        }),
      );
    },
  };
}

const save = (store: SandboxStore, sent: SentText): Promise<void> =>
  store.atomically("text", (documents) => documents.put("text", sent.sid, sent, ["every"]));

const number = /^(whatsapp:)?\+[1-9]\d{6,14}$/;

type Asked = Pick<SentText, "to" | "from" | "body"> & { readonly template: string | null };

function read(form: URLSearchParams): Asked {
  const field = (name: string): string => form.get(name) ?? "";
  const template = form.has("ContentSid") ? field("ContentVariables") : null;
  return { to: field("To"), from: field("From"), body: field("Body"), template };
}

function judge({ to, from, body, template }: Asked): readonly [number, string] | undefined {
  if (to === "") return [21604, "A 'To' phone number is required."];
  if (from === "") return [21603, "A 'From' phone number is required."];
  if (body === "" && template === null) return [21602, "Message body is required."];
  if (body.length > 1600) return [21617, "The concatenated message body exceeds the 1600 character limit."];
  if (to.startsWith("whatsapp:") !== from.startsWith("whatsapp:")) {
    return [63007, "Twilio could not find a Channel with the specified From address"];
  }
  if (!number.test(to)) return [21211, "The 'To' number is not a valid phone number."];
  if (!number.test(from)) return [21212, "The 'From' number is not a valid phone number."];
  const bare = (address: string) => address.replace("whatsapp:", "");
  return refusedTo[bare(to)] ?? refusedFrom[bare(from)];
}

const fault = (code: number, message: string, status: number): Response =>
  Response.json(
    { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
    { status },
  );
