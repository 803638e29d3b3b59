import { z } from "zod";
import type { TwilioSettings } from "../../config.ts";
import type { Transport } from "../../gateway/adapter.ts";
import type { PhoneChannel, PhoneText, SendAnswer, TextSender } from "../mailer.ts";

const accepted = z.object({ sid: z.string(), status: z.string() });
const refused = z.object({ code: z.number().optional(), message: z.string().optional() });

/**
 * What Twilio's error codes mean for the person written to (Twilio docs, "Error and Warning Dictionary"): 21610 asked
 * to be left alone by STOP; 21211 and 21614 no telephone or no mobile one; 63003 and 63024 not on WhatsApp; 30005 and
 * 30006 a number that is no more. Everything else lies with us or the moment.
 */
const meanings: ReadonlyMap<number, "opted_out" | "bounced" | "retry"> = new Map([
  [21610, "opted_out"],
  [21211, "bounced"],
  [21614, "bounced"],
  [63003, "bounced"],
  [63024, "bounced"],
  [30005, "bounced"],
  [30006, "bounced"],
  [20429, "retry"],
  [30001, "retry"],
  [30003, "retry"],
  [30008, "retry"],
  [63018, "retry"],
]);

export const meaningOf = (code: number | undefined): "opted_out" | "bounced" | "retry" | "failed" =>
  (code === undefined ? undefined : meanings.get(code)) ?? "failed";

/**
 * Texts through Twilio's Programmable Messaging: `POST /2010-04-01/Accounts/{Sid}/Messages.json`, form-encoded, basic
 * authentication (Twilio docs, "Messages resource", API 2010-04-01). It has no idempotency key, so an answer that was
 * lost is not repeated: the donor has the mail.
 */
export function twilioSender(settings: TwilioSettings, transport: Transport): TextSender {
  const { accountSid, authToken } = settings;
  const from: Readonly<Record<PhoneChannel, string | undefined>> = {
    sms: settings.smsFrom,
    whatsapp: settings.whatsappFrom && `whatsapp:${settings.whatsappFrom}`,
  };
  const credentials = Buffer.from(`${accountSid}:${authToken.reveal()}`).toString("base64");
  return {
    channels: (["sms", "whatsapp"] as const).filter((channel) => from[channel] !== undefined),
    send: async (text) => {
      const sender = from[text.channel];
      if (sender === undefined) return { kind: "failed", answer: `no number of ours for ${text.channel}` };
      const form = formOf(text, sender, settings.whatsappContent);
      const sent = () =>
        transport(`https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Messages.json`, {
          method: "POST",
          headers: {
            authorization: `Basic ${credentials}`,
            "content-type": "application/x-www-form-urlencoded",
            accept: "application/json",
          },
          body: form.toString(),
          signal: AbortSignal.timeout(15_000),
          redirect: "manual",
        });
      return answerOf(sent);
    },
  };
}

/**
 * WhatsApp takes free words only within a day of the donor's last (error 63016): outside it, an approved template whose
 * first variable is the church and whose second is what we say (`ContentSid`, `ContentVariables`).
 */
function formOf(text: PhoneText, from: string, content: string | undefined): URLSearchParams {
  const { channel, to, body, church, statusUrl } = text;
  const ours: Record<string, string> =
    channel === "whatsapp" && content !== undefined
      ? { ContentSid: content, ContentVariables: JSON.stringify({ 1: church, 2: body }) }
      : { Body: `${church}: ${body}`.slice(0, 1600) };
  const address = channel === "whatsapp" ? `whatsapp:${to}` : to;
  return new URLSearchParams({ To: address, From: from, ...ours, StatusCallback: statusUrl });
}

async function answerOf(sent: () => Promise<Response>): Promise<SendAnswer> {
  let response: Response;
  let body: unknown;
  try {
    response = await sent();
    body = await response.json().catch(() => undefined);
  } catch {
    return { kind: "failed", answer: "no answer from Twilio: it may have gone out" };
  }
  if (response.status === 429 || response.status === 503) {
    return { kind: "retry", answer: `HTTP ${response.status}` };
  }
  if (response.ok) {
    const message = accepted.safeParse(body);
    return message.success
      ? { kind: "sent", answer: message.data.status, providerId: message.data.sid }
      : { kind: "failed", answer: "Twilio's answer could not be read: it may have gone out" };
  }
  const { code } = refused.safeParse(body).data ?? {};
  return { kind: meaningOf(code), answer: `HTTP ${response.status}, code ${code ?? "none"}` };
}
