import { z } from "zod";
import type { SandboxStore } from "../../../src/gateway/sandbox.ts";
import type { Account } from "./accounts.ts";
import { Refusal } from "./refusal.ts";

const recordSchema = z.object({
  fingerprint: z.string(),
  /** Unix seconds. */
  at: z.number(),
  answer: z.object({ status: z.number(), text: z.string(), requestId: z.string() }).nullable(),
});
type Kept = z.output<typeof recordSchema>;
type KeptAnswer = NonNullable<Kept["answer"]>;

const keptFor = 86_400;
/** A call that has not come back after this long died with its process: its key is free again. */
const abandonedAfter = 60;

type Call = { readonly account: Account; readonly key: string; readonly fingerprint: string };

/**
 * Claims the key for this call, or gives back the answer of the first call under it. Refuses another call under
 * the same key (400 `idempotency_error`) and a second one while the first runs (409 `idempotency_key_in_use`).
 */
export async function claim(store: SandboxStore, call: Call, now: number): Promise<KeptAnswer | undefined> {
  const id = `${call.account.id} ${call.key}`;
  return store.atomically(`key ${id}`, async (raw) => {
    const found = await raw.get("idempotency_key", id);
    const kept = found ? recordSchema.parse(found) : undefined;
    if (kept && now - kept.at < keptFor) {
      if (kept.fingerprint !== call.fingerprint) throw otherParameters(call.key);
      if (kept.answer) return kept.answer;
      if (now - kept.at < abandonedAfter) throw inUse();
    }
    const claimed: Kept = { fingerprint: call.fingerprint, at: now, answer: null };
    await raw.put("idempotency_key", id, claimed, []);
    return undefined;
  });
}

/** Keeps the answer for every repeat of the call. */
export async function settle(
  store: SandboxStore,
  call: Call,
  now: number,
  answer: KeptAnswer,
): Promise<void> {
  const kept: Kept = { fingerprint: call.fingerprint, at: now, answer };
  await store.put("idempotency_key", `${call.account.id} ${call.key}`, kept, []);
}

/** The call was refused before it began: the key stays unused. */
export async function release(store: SandboxStore, call: Call): Promise<void> {
  await store.remove("idempotency_key", `${call.account.id} ${call.key}`);
}

function otherParameters(key: string): Refusal {
  return new Refusal(400, {
    type: "idempotency_error",
    message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  });
}

function inUse(): Refusal {
  return new Refusal(409, {
    type: "idempotency_error",
    code: "idempotency_key_in_use",
    message:
      "There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through). Please try again later.",
  });
}
