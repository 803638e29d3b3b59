import type { SimulatorPorts } from "../../../src/gateway/gateway-module.ts";
import type { MethodType } from "../../../src/gateway/methods.ts";
import type { SandboxDocuments } from "../../../src/gateway/sandbox.ts";
import type { Money } from "../../../src/kernel/money.ts";
import { err, type Result } from "../../../src/kernel/result.ts";
import type { Site } from "../sites.ts";
import { sellerOf } from "./accounts.ts";
import { isWaiting, lapseIfDue, type Play, type Played } from "./bank-side.ts";
import type { SimPayment, SimPreference } from "./documents.ts";
import { type Courier, setTravelMode, type TravelMode, tellPayment } from "./notices.ts";
import { type InPanel, payOut, returnPayout } from "./payouts.ts";
import { offeredOn, payOnPage } from "./preferences.ts";
import { type Mood, moodOf } from "./refunds.ts";
import { Refusal } from "./refusal.ts";
import { allPayments, paymentById, preferenceById, type Scene, savePayment } from "./state.ts";

/**
 * What goes wrong with the next call. `connection_refused`: never got there; `answer_lost`: done, and the answer
 * lost; `silence`: done, and nothing comes back; `unreadable`: done, and answered with no JSON.
 */
export type Fault =
  | "connection_refused"
  | "answer_lost"
  | "silence"
  | "server_error"
  | "rate_limited"
  | "unreadable";

/** Who plays the bank: a person at the desk, a donor on a page, a test. */
type SimPage = {
  readonly preference: SimPreference;
  readonly offered: readonly MethodType[];
  readonly currency: Site["currency"];
};

export type Control = {
  payment(id: string): Promise<SimPayment | undefined>;
  payments(limit: number): Promise<readonly SimPayment[]>;
  /** Does something on the bank's side of one payment. */
  play(id: string, what: (play: Play) => Played): Played;
  /** A Checkout Pro page, what its seller's site offers on it, and in what money. */
  page(id: string): Promise<SimPage | undefined>;
  /** The donor pays on the page; the name on the card says how it ends. */
  payPage(id: string, type: MethodType, holder: string): Promise<Result<SimPayment, string>>;
  /** Takes money out to the bank of the token's seller; tells the payout's id. */
  payOut(accessToken: string, amount: Money): Promise<Result<string, string>>;
  /** The bank sends a payout back. */
  returnPayout(accessToken: string, id: string): Promise<Result<string, string>>;
  setMood(accessToken: string, mood: Partial<Mood>): Promise<void>;
  /** For the next call whose `METHOD /path` begins with `on`. */
  fail(fault: Fault, on?: string): void;
  takeFault(call: string): Fault | undefined;
  travel(mode: TravelMode): Promise<void>;
  flush(): Promise<void>;
  /** Lets what is due end: codes and bank pages nobody paid. */
  tick(now: Date): Promise<void>;
};

export function makeControl(ports: SimulatorPorts, courier: Courier): Control {
  const { store, clock, pagesUrl } = ports;
  const faults: { readonly fault: Fault; readonly on: string }[] = [];
  const wake = () => ports.background(() => courier.flush());
  const inLane = async <T>(seller: string, work: (documents: SandboxDocuments) => Promise<T>): Promise<T> => {
    const done = await store.atomically(seller, work);
    wake();
    return done;
  };
  const play: Control["play"] = async (id, what) => {
    const known = await paymentById(store, id);
    if (!known) return err("There is no such payment.");
    return inLane(known.seller, async (documents) => {
      const payment = await paymentById(documents, id);
      return payment ? what({ documents, payment, now: clock.now() }) : err("There is no such payment.");
    });
  };
  const inPanel = async (
    accessToken: string,
    work: (panel: InPanel) => Promise<Result<string, string>>,
  ): Promise<Result<string, string>> => {
    const seller = sellerOf(accessToken);
    if (!seller) return err("There is no such account.");
    return inLane(seller.userId, (documents) => work({ documents, seller, now: clock.now() }));
  };
  const sceneOf = (preference: SimPreference, documents: SandboxDocuments): Scene | undefined => {
    const seller = sellerOf(preference.accessToken);
    return seller && { seller, documents, now: clock.now(), pagesUrl };
  };
  return {
    payment: (id) => paymentById(store, id),
    payments: (limit) => allPayments(store, limit),
    play,
    page: async (id) => {
      const preference = await preferenceById(store, id);
      const scene = preference && sceneOf(preference, store);
      if (!preference || !scene) return undefined;
      return { preference, offered: offeredOn(scene, preference), currency: scene.seller.site.currency };
    },
    payPage: async (id, type, holder) => {
      const preference = await preferenceById(store, id);
      if (!preference) return err("There is no such page.");
      return inLane(preference.seller, (documents) =>
        paid(sceneOf(preference, documents), preference, type, holder),
      );
    },
    payOut: (accessToken, amount) => inPanel(accessToken, (panel) => payOut(panel, amount)),
    returnPayout: (accessToken, id) => inPanel(accessToken, (panel) => returnPayout(panel, id)),
    setMood: async (accessToken, mood) => {
      const seller = sellerOf(accessToken)?.userId ?? "";
      await store.put("mood", seller, { ...(await moodOf(store, seller)), ...mood }, []);
    },
    fail: (fault, on = "") => {
      faults.push({ fault, on });
    },
    takeFault: (call) => {
      const at = faults.findIndex(({ on }) => call.startsWith(on));
      return at < 0 ? undefined : faults.splice(at, 1)[0]?.fault;
    },
    travel: (mode) => setTravelMode(store, mode),
    flush: () => courier.flush(),
    tick: async (now) => {
      for (const payment of await allPayments(store, 200)) {
        if (!isWaiting(payment)) continue;
        await play(String(payment.body.id), async (one) => {
          await lapseIfDue(one.documents, one.payment, now);
          return { ok: true, value: undefined };
        });
      }
      await courier.flush();
    },
  };
}

async function paid(
  scene: Scene | undefined,
  preference: SimPreference,
  type: MethodType,
  holder: string,
): Promise<Result<SimPayment, string>> {
  if (!scene) return err("There is no such page.");
  try {
    const payment = payOnPage(scene, preference, type, holder);
    await savePayment(scene.documents, payment);
    await tellPayment(scene.documents, payment, "payment.created", scene.now);
    return { ok: true, value: payment };
  } catch (error) {
    if (error instanceof Refusal) return err(error.message);
    throw error;
  }
}
