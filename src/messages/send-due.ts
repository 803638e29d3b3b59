import { type Church, getChurch } from "../churches/churches.ts";
import { dueByTurns } from "../db/due-by-turns.ts";
import type { Deps } from "../deps.ts";
import { after, hours, minutes } from "../kernel/clock.ts";
import type { ChurchId, MessageId } from "../kernel/ids.ts";
import { type Addressee, addresseeOf, addressIndex } from "./addresses.ts";
import { type Composed, compose } from "./compose.ts";
import { messageKinds } from "./kinds.ts";
import type { Mailer, SendAnswer, TextSender } from "./mailer.ts";
import { outsideQuietHours } from "./quiet-hours.ts";
import { returnAddress } from "./returned/return-address.ts";
import {
  claimMessage,
  type DueMessage,
  holdMessage,
  markDead,
  messageQueue,
  settleMessage,
  suppressMessage,
} from "./store.ts";
import { unsubscribeUrl } from "./unsubscribe.ts";

/** Waits after a try that failed for now; after the last the message has failed. */
const waits = [minutes(1), minutes(5), minutes(30), hours(2), hours(8), hours(24)] as const;

/** Messages on their way out at once. */
const lanes = 8;

export type SendDeps = Pick<Deps, "db" | "vault" | "clock" | "log" | "metrics" | "config" | "countries"> & {
  readonly mailer: Mailer | undefined;
  readonly texts: TextSender | undefined;
};

export type SendReport = { readonly sent: number; readonly other: number };

/**
 * One turn: sends what is due, at most `limit`. Each message is claimed in a transaction, sent with none open, and settled in
 * another; those of a church that come at once share theirs. A crash in between sends it once more when its lease ends, under the same Message-ID: to be
 * told twice of a failed gift is better than not at all.
 */
export async function sendDue(
  deps: SendDeps,
  order: { readonly limit: number; readonly signal?: AbortSignal },
): Promise<SendReport> {
  const bound = { perChurch: order.limit, limit: order.limit };
  const due = await deps.db.sweeping((tx) => dueByTurns(tx, messageQueue, deps.clock.now(), bound));
  const report = { sent: 0, other: 0 };
  const work = async () => {
    for (let row = due.shift(); row && !order.signal?.aborted; row = due.shift()) {
      const sent = await sendOne(deps, row.church, row.id);
      report[sent ? "sent" : "other"] += 1;
    }
  };
  await Promise.all(Array.from({ length: lanes }, work));
  return report;
}

/** A message that may leave, with what it is composed of. */
type Ready = {
  readonly message: DueMessage;
  readonly church: Church;
  readonly addressee: Extract<Addressee, { to: string }>;
  readonly unsubscribeUrl: string | undefined;
  readonly returnTo: string | undefined;
};

async function sendOne(deps: SendDeps, church: ChurchId, id: MessageId): Promise<boolean> {
  const ready = await makeReady(deps, church, id);
  if (!ready) return false;
  const { kind, channel, tries } = ready.message;
  const composed = composedOf(deps, ready);
  const answer = composed ? await leave(deps, ready, composed) : cannotBeComposed;
  const wait = answer.kind === "retry" ? waits[tries] : undefined;
  await settle(deps, ready, composed?.subject, answer, wait);
  deps.metrics.count("ofrenda_messages_total", { kind, channel, result: answer.kind });
  const fields = { church, message: id, kind, channel, result: answer.kind };
  if (answer.kind === "sent") deps.log.info(fields, "message sent");
  else deps.log.warn({ ...fields, answer: answer.answer }, "message not sent");
  return answer.kind === "sent";
}

const cannotBeComposed: SendAnswer = { kind: "failed", answer: "it could not be composed" };

/** Claims the message and looks up whom it is for; one that goes to nobody, or not yet, is put aside here. */
async function makeReady(deps: SendDeps, church: ChurchId, id: MessageId): Promise<Ready | undefined> {
  const now = deps.clock.now();
  return deps.db.sharing(church, async (tx) => {
    const message = await claimMessage(tx, deps.vault, church, id, now);
    const house = message && (await getChurch(tx, church));
    if (!house) return undefined;
    const aside = putAside(message, now);
    if (aside !== undefined) {
      await suppressMessage(tx, message, aside);
      return undefined;
    }
    const morning = isAwaited(message) ? now : outsideQuietHours(now, house.timeZone, house.quietHours);
    if (morning > now) {
      await holdMessage(tx, message, morning);
      return undefined;
    }
    const addressee = await addresseeOf(tx, deps.vault, message, house.contactEmail);
    if ("nobody" in addressee) {
      await suppressMessage(tx, message, addressee.nobody);
      return undefined;
    }
    const { donor, channel, tries } = message;
    const leaving =
      donor === undefined || messageKinds[message.kind] !== "reminder"
        ? undefined
        : await unsubscribeUrl(deps, tx, church, { slug: house.slug, donor, channel });
    const { address } = deps.config.returned;
    const returnTo =
      address === undefined || channel !== "email"
        ? undefined
        : await returnAddress(tx, deps.vault, church, { message: id, number: tries + 1, address });
    return { message, church: house, addressee, unsubscribeUrl: leaving, returnTo };
  });
}

/** Why a message is not worth sending any more, if it is not. */
function putAside({ params, tries, channel, interrupted }: DueMessage, now: Date): string | undefined {
  const expires = typeof params.expires_at === "string" ? new Date(params.expires_at) : undefined;
  if (expires && expires <= now) return "what it tells of has expired";
  // A carrier has no key by which a second text is known for the first; a mail server has the Message-ID.
  if (interrupted && channel !== "email") return "the process died while it was sent: it may have gone out";
  if (interrupted && tries >= waits.length) return "the process died each time it was sent";
  return undefined;
}

/** What the donor waits for at this moment, whatever the hour. */
const isAwaited = ({ kind }: DueMessage): boolean =>
  kind === "portal_link" || kind === "thank_you" || kind === "voucher_waiting";

function composedOf(deps: SendDeps, ready: Ready): Composed | undefined {
  const { message, church, addressee } = ready;
  try {
    return compose({
      kind: message.kind,
      locale: addressee.locale,
      params: message.params,
      church,
      profile: deps.countries.get(church.country),
      donor: { name: addressee.name },
      manageUrl: `${deps.config.publicUrl}/portal/${church.slug}`,
      unsubscribeUrl: ready.unsubscribeUrl,
    });
  } catch (error) {
    // A bug of ours: the others must not wait for it.
    const fields = { church: church.id, message: message.id, kind: message.kind, fault: String(error) };
    deps.log.error(fields, "a message could not be composed");
    return undefined;
  }
}

async function leave(deps: SendDeps, ready: Ready, composed: Composed): Promise<SendAnswer> {
  const { message, addressee, church } = ready;
  try {
    if (message.channel !== "email") {
      const able = deps.texts?.channels.includes(message.channel);
      if (!deps.texts || !able) return { kind: "failed", answer: `no number of ours for ${message.channel}` };
      return await deps.texts.send({
        channel: message.channel,
        to: addressee.to,
        church: church.name,
        body: composed.short,
        statusUrl: `${deps.config.publicUrl}/m/${church.slug}/status`,
      });
    }
    if (!deps.mailer) return { kind: "retry", answer: "no mail server is set (SMTP_URL)" };
    return await deps.mailer.send({
      to: addressee.to,
      fromName: church.name,
      replyTo: church.contactEmail ?? undefined,
      subject: composed.subject,
      text: composed.text,
      html: composed.html,
      inline: composed.inline,
      messageId: `${message.id}@${new URL(deps.config.publicUrl).hostname}`,
      unsubscribeUrl: ready.unsubscribeUrl,
      returnTo: ready.returnTo,
    });
  } catch (error) {
    return { kind: "retry", answer: error instanceof Error ? error.name : "the way out failed" };
  }
}

async function settle(
  deps: SendDeps,
  { message, addressee }: Ready,
  subject: string | undefined,
  answer: SendAnswer,
  wait: number | undefined,
): Promise<void> {
  const { church, channel } = message;
  const at = deps.clock.now();
  await deps.db.sharing(church, async (tx) => {
    await settleMessage(tx, deps.vault, message, {
      answer,
      to: addressee.to,
      subject: subject ?? null,
      at,
      nextAt: wait === undefined ? undefined : after(at, wait),
    });
    if (message.donor === undefined || (answer.kind !== "bounced" && answer.kind !== "opted_out")) return;
    const index = await addressIndex(tx, deps.vault, church, channel, addressee.to);
    const why = answer.kind === "bounced" ? "bounced" : "opted_out";
    await markDead(tx, church, { addressIndex: index, channel, why, at });
  });
}
