import { z } from "zod";
import type { SandboxDocuments } from "../../../src/gateway/sandbox.ts";
import { proofHeader } from "../certificate-proof.ts";
import type { House, Scene } from "./scene.ts";

/** One notice on its way to one address. */
export type Delivery = {
  readonly id: string;
  readonly url: string;
  readonly body: string;
  readonly fingerprint: string;
  readonly tries: number;
  /** Milliseconds. */
  readonly dueAt: number;
};

/** How notices travel. API Pix has no list of them: what is `lost` is lost, and only a look-up finds it. */
export const deliveryModes = ["normal", "duplicated", "late", "out_of_order", "lost"] as const;
export type DeliveryMode = (typeof deliveryModes)[number];
const modeSchema = z.object({ mode: z.enum(deliveryModes) });

const modeOf = async (raw: SandboxDocuments): Promise<DeliveryMode> =>
  modeSchema.catch({ mode: "normal" }).parse(await raw.get("pix.control", "delivery_mode")).mode;

export const setMode = (raw: SandboxDocuments, mode: DeliveryMode): Promise<void> =>
  raw.put("pix.control", "delivery_mode", { mode }, []);

/** Where the account's notices of a sort go: the key of a webhook, or one of the two without a key. */
export async function notify(scene: Scene, hook: string, suffix: string, body: object): Promise<void> {
  const listening = await scene.documents.get("hook", hook);
  if (!listening) return;
  const id = `n${String(await scene.documents.next()).padStart(9, "0")}`;
  // A stray slash at the end of the address is not doubled.
  const url = `${listening.webhookUrl.replace(/\/$/, "")}${suffix}`;
  const { fingerprint } = scene.account;
  const delivery = { id, url, body: JSON.stringify(body), fingerprint, tries: 0, dueAt: scene.now.getTime() };
  await scene.documents.put("delivery", id, delivery);
  scene.marks.queued = true;
}

/** Milliseconds until the next try after so many failures; providers give up after some hours. */
const waits = [60_000, 300_000, 1_800_000, 7_200_000, 21_600_000];
const roundsMost = 200;

/** Delivers what is pending and due, until nothing is; one run at a time. `held`: also what is kept back. */
export function courier(house: () => House) {
  let running: Promise<void> | undefined;
  let again = false;
  const rounds = async (): Promise<void> => {
    for (let round = 0; round < roundsMost; round++) {
      again = false;
      if (!(await deliverRound(house(), false)) && !again) return;
    }
  };
  return {
    flush: (): Promise<void> => {
      again = true;
      running ??= rounds().finally(() => {
        running = undefined;
      });
      return running;
    },
    /** What `late` keeps back goes now. */
    release: async (): Promise<void> => {
      await deliverRound(house(), true);
    },
  };
}

async function deliverRound(house: House, held: boolean): Promise<boolean> {
  const mode = await modeOf(house.store);
  if (mode === "late" && !held) return false;
  const page = { order: mode === "out_of_order" ? "newest_first" : "oldest_first", limit: 1000 } as const;
  const entries = await house.store.list("pix.delivery", "every", page);
  const now = house.clock.now().getTime();
  const due = entries
    // `notify` and `putOff` are the only writers of this kind.
    .map((entry) => ({ at: entry.id, delivery: entry.document as Delivery }))
    .filter(({ delivery }) => delivery.dueAt <= now);
  for (const { at, delivery } of due) {
    await house.store.remove("pix.delivery", at);
    if (mode === "lost") continue;
    const times = mode === "duplicated" ? 3 : 1;
    let taken = false;
    for (let time = 0; time < times; time++) taken = (await send(house, delivery)) || taken;
    if (!taken) await putOff(house, at, delivery, now);
  }
  return due.length > 0;
}

/** As it arrives behind the proxy that ended TLS and tells whose certificate it saw. */
async function send(house: House, { url, body, fingerprint }: Delivery): Promise<boolean> {
  const headers = { "content-type": "application/json", [proofHeader]: fingerprint };
  try {
    const { status } = await house.deliver({ url, headers, body });
    return status >= 200 && status < 300;
  } catch {
    return false;
  }
}

async function putOff(house: House, at: string, delivery: Delivery, now: number): Promise<void> {
  const wait = waits[delivery.tries];
  if (wait === undefined) return;
  const next = { ...delivery, tries: delivery.tries + 1, dueAt: now + wait };
  await house.store.put("pix.delivery", at, next, ["every"]);
}
