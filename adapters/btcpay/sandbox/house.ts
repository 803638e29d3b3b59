import type { SimulatorPorts } from "../../../src/gateway/gateway-module.ts";
import type { SandboxDocuments } from "../../../src/gateway/sandbox.ts";

/** What every part of the simulator works with. */
export type House = SimulatorPorts & {
  /** Delivers what is pending, now. */
  readonly flush: () => Promise<void>;
};

/** One turn alone on a store's documents. */
export type Scene = {
  readonly house: House;
  readonly documents: SandboxDocuments;
  /** Unix seconds, as in every BTCPay time stamp. */
  readonly now: number;
  /** How many webhooks this turn has queued. */
  readonly marks: { queued: number };
};

/** Runs `work` alone in the store's lane, all or nothing; its webhooks are offered afterwards. */
export async function inTurn<T>(
  house: House,
  storeId: string,
  work: (scene: Scene) => Promise<T>,
): Promise<T> {
  const marks = { queued: 0 };
  const now = Math.floor(house.clock.now().getTime() / 1000);
  const done = await house.store.atomically(storeId, (documents) => work({ house, documents, now, marks }));
  if (marks.queued > 0) house.background(house.flush);
  return done;
}

/** What BTCPay answers when it says no; thrown inside a turn so that nothing of it stays. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly body: object;

  constructor(status: number, body: object) {
    super(JSON.stringify(body));
    this.status = status;
    this.body = body;
  }
}

/** `GreenfieldAPIError`. */
export const problem = (status: number, code: string, message: string): Refusal =>
  new Refusal(status, { code, message });

/** `GreenfieldValidationError[]`, which the server sends with 422. */
export const invalid = (path: string, message: string): Refusal => new Refusal(422, [{ path, message }]);
