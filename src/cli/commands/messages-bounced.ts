import type { Readable } from "node:stream";
import { z } from "zod";
import { err, exhaustive, ok } from "../../kernel/result.ts";
import { returnedMost } from "../../messages/returned/read-returned.ts";
import { type Taken, takeInReturned } from "../../messages/returned/take-in.ts";
import { type Group, performed } from "../perform.ts";

/** `messages bounced`: the end of a mail server's pipe. A mail that is not ours is no fault: it is not to be retried. */
export function messagesBounced(group: Group): void {
  performed(group, {
    name: "bounced",
    about: "Take in one returned mail from stdin, as a mail server pipes it; again changes nothing",
    options: z.object({}),
    example: "< returned.eml || exit 75",
    async perform({ app }, _, { input }) {
      const raw = await wholeOf(input);
      if (!raw) return err({ code: "body_too_large", detail: `a mail is at most ${returnedMost} bytes` });
      if (raw.length === 0) return err({ code: "invalid_request", detail: "send the mail on stdin" });
      const taken = await takeInReturned(app.deps, raw);
      return taken.ok ? ok({ json: taken.value, lines: [sentenceOf(taken.value)] }) : taken;
    },
  });
}

async function wholeOf(input: Readable): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > returnedMost) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function sentenceOf(taken: Taken): string {
  switch (taken.outcome) {
    case "no_report":
      return "It reports nothing of a mail of ours that did not arrive: nothing was changed.";
    case "not_ours":
      return "Its token is missing, forged or of no message here: nothing was changed.";
    case "delayed":
    case "failed":
    case "bounced":
    case "complained":
      return taken.again
        ? `${taken.message}: told before, nothing was changed.`
        : `${taken.message}: ${meaning[taken.outcome]}${taken.status === null ? "" : ` (${taken.status})`}.`;
    default:
      return exhaustive(taken);
  }
}

const meaning = {
  delayed: "held up, the server goes on trying",
  failed: "did not arrive; the address is tried again with the next message",
  bounced: "cannot arrive; the address gets nothing more",
  complained: "its reader complained and gets no more reminders",
} as const;
