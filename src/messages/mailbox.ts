import { z } from "zod";
import type { SandboxStore } from "../gateway/sandbox.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Mail, Mailer, SendAnswer } from "./mailer.ts";

const kept = z.object({
  at: z.string(),
  to: z.string(),
  fromName: z.string(),
  replyTo: z.string().nullable(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  messageId: z.string(),
  unsubscribeUrl: z.string().nullable(),
  /** What the receiving side would have answered. */
  answer: z.string(),
});
/** A letter as it lies in the sandbox's mailbox; its images are inside the HTML. */
export type KeptMail = z.infer<typeof kept> & { readonly id: string };

/** TEST MODE: mail goes nowhere and can be looked at. Addresses at `bounces.example` refuse, as a dead one
 * would, and those at `busy.example` answer that they are busy. */
export type Mailbox = Mailer & {
  /** Newest first. */
  list(limit: number): Promise<readonly KeptMail[]>;
  get(id: string): Promise<KeptMail | undefined>;
};

const kind = "mail";

export function sandboxMailbox(store: SandboxStore, clock: Clock): Mailbox {
  return {
    send: async (mail) => {
      const answer = answerTo(mail.to);
      const { inline: _, ...letter } = mail;
      await store.atomically(kind, (documents) =>
        documents.put(
          kind,
          mail.messageId,
          {
            ...letter,
            at: clock.now().toISOString(),
            html: withImages(mail),
            replyTo: mail.replyTo ?? null,
            unsubscribeUrl: mail.unsubscribeUrl ?? null,
            answer: answer.answer,
          },
          ["every"],
        ),
      );
      return answer;
    },
    list: async (limit) =>
      (await store.list(kind, "every", { order: "newest_first", limit })).map(({ id, document }) => ({
        id,
        ...kept.parse(document),
      })),
    get: async (id) => {
      const found = await store.get(kind, id);
      return found && { id, ...kept.parse(found) };
    },
  };
}

function answerTo(to: string): SendAnswer {
  if (to.endsWith("@bounces.example")) return { kind: "bounced", answer: "550 5.1.1 no such mailbox" };
  if (to.endsWith("@busy.example")) return { kind: "retry", answer: "451 4.3.0 try again later" };
  return { kind: "sent", answer: "250 kept in the sandbox" };
}

/** As a mail program shows it: each image where the letter names it. */
const withImages = ({ html, inline }: Mail): string =>
  inline.reduce(
    (text, { cid, png }) =>
      text.replaceAll(`cid:${cid}`, `data:image/png;base64,${Buffer.from(png).toString("base64")}`),
    html,
  );
