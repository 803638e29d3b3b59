import type { GatewayAdapter } from "../../src/gateway/adapter.ts";
import type { Broken, Exchange } from "./broken-answers.ts";
import type { Answered } from "./promises.ts";
import type { openSimulated } from "./simulated-gateways.ts";

export type World = ReturnType<typeof openSimulated>;
export type Ask = (adapter: GatewayAdapter) => Promise<Answered>;

/** One call of the contract as it went against the simulator: what was asked and answered, and the outcome. */
export type RecordedCall = {
  readonly world: World;
  readonly ask: Ask;
  readonly exchanges: readonly Exchange[];
  readonly truth: Answered;
  /** What the gateway posted to us, where that began it. */
  readonly told?: Told;
};
export type Told = {
  readonly body: string;
  tell(adapter: GatewayAdapter, body: string): Promise<Answered>;
};

export async function record(world: World, ask: Ask): Promise<RecordedCall> {
  const exchanges: Exchange[] = [];
  const adapter = world.over(async (input, init) => {
    const request = new Request(input, init);
    const sent = { headers: request.headers, body: await request.clone().text() };
    const answer = await world.simulator.fetch(request);
    const body = await answer.clone().text();
    const { status, headers } = answer;
    exchanges.push({ method: request.method, url: new URL(request.url), status, body, headers, sent });
    return answer;
  });
  const truth = await ask(adapter);
  return { world, ask, exchanges, truth };
}

/** A request as it is told apart: without its query, which holds times and names of the moment. */
const lineOf = ({ method, url }: Pick<Exchange, "method" | "url">): string => `${method} ${url.pathname}`;

/** The same, whatever the ids in it. */
export const routeOf = (exchange: Exchange): string =>
  lineOf(exchange).replace(/[\w.~-]*(?:\d|_[A-Za-z]{20})[\w.~-]*/g, "…");

/** The call once more, every answer as it was but for one, which is broken. What was not asked then is not there. */
export async function replay(call: RecordedCall, at: number, broken: Broken): Promise<Answered> {
  const left = call.exchanges.map((exchange, n) => ({ exchange, n }));
  const adapter = call.world.over(async (input, init) => {
    const request = new Request(input, init);
    const line = lineOf({ method: request.method, url: new URL(request.url) });
    const next = left.findIndex(({ exchange }) => lineOf(exchange) === line);
    const found = next < 0 ? undefined : left.splice(next, 1)[0];
    if (found?.n === at) {
      const answer = broken.answer();
      if (answer) return answer;
      throw new TypeError("fetch failed", {
        cause: Object.assign(new Error("reset"), { code: "ECONNRESET" }),
      });
    }
    if (found) return new Response(found.exchange.body, found.exchange);
    if (request.method === "GET") return call.world.simulator.fetch(request);
    const known = call.exchanges.find((exchange, n) => n !== at && lineOf(exchange) === line);
    return known ? new Response(known.body, known) : new Response("{}", { status: 503 });
  });
  return call.ask(adapter);
}
