import { createServer, type IncomingMessage } from "node:http";
import { text as textOf } from "node:stream/consumers";
import { simulateStripe } from "../adapters/stripe/sandbox/simulate.ts";
import { memorySandboxStore } from "../src/gateway/memory-sandbox-store.ts";
import { systemClock } from "../src/kernel/clock.ts";
import { tookHeader } from "./load.ts";

/** Where the gateway listens. */
export type GatewayReady = { readonly port: number };

/**
 * Stripe in a process of its own, so that it is no part of what the service costs: the simulated one answers the first
 * request of a kind, and what follows is answered by its pattern, with ids of its own. Elsewhere a gateway has machines
 * of its own too; here it shares ours. It sends no webhooks: those are measured by themselves.
 */
const simulated = simulateStripe({
  store: memorySandboxStore({ keepPerKind: 100 }),
  clock: systemClock,
  background: (work) => void work(),
  pagesUrl: "http://localhost/sandbox/stripe",
  deliver: () => Promise.resolve({ status: 200 }),
});
await simulated.control.deliverWebhooks({ mode: "lost" });

type Answer = { readonly status: number; readonly text: string };

async function ask(request: IncomingMessage, body: string): Promise<Answer> {
  const { method = "GET", url = "/", headers } = request;
  const asked = new Request(`https://api.stripe.com${url}`, {
    method,
    headers: Object.entries(headers).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value] as [string, string]] : [],
    ),
    ...(body === "" ? {} : { body }),
  });
  const answer = await simulated.fetch(asked);
  return { status: answer.status, text: await answer.text() };
}

/** An answer cut where it names what is each payment's own: even pieces stand, odd ones are ids or what was sent along. */
type Pattern = { readonly pieces: readonly string[]; readonly sent: ReadonlyMap<string, string> };
const patterns = new Map<string, Pattern>();
const idText = "(?:pi|ch|txn|pm|evt)_[A-Za-z0-9]{8,}";

const metadataOf = (body: string) =>
  [...new URLSearchParams(body)].filter(([name]) => name.startsWith("metadata["));

/** Keeps how a payment was answered, by what was asked. */
function learn(body: string, answer: Answer): void {
  const sent = new Map(metadataOf(body).map(([name, value]) => [value, name]));
  const own = [...sent.keys()].map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  patterns.set(kindOf(body), {
    pieces: answer.text.split(new RegExp(`(${[idText, ...own].join("|")})`)),
    sent,
  });
}

function kindOf(body: string): string {
  const asked = new URLSearchParams(body);
  return [asked.get("amount"), asked.get("currency"), asked.get("payment_method"), ...asked.keys()].join(" ");
}

let made = 0;
function repeat({ pieces, sent }: Pattern, body: string): string {
  made += 1;
  const mine = new Map(metadataOf(body));
  return pieces
    .map((piece, index) => {
      if (index % 2 === 0) return piece;
      const name = sent.get(piece);
      if (name !== undefined) return mine.get(name) ?? piece;
      return `${piece.slice(0, piece.indexOf("_") + 1)}bench${process.pid}x${made}${piece.slice(-4)}`;
    })
    .join("");
}

const server = createServer((request, response) => {
  void textOf(request).then(async (body) => {
    const from = performance.now();
    const isPayment = request.method === "POST" && request.url === "/v1/payment_intents";
    const pattern = isPayment ? patterns.get(kindOf(body)) : undefined;
    const answer = pattern ? { status: 200, text: repeat(pattern, body) } : await ask(request, body);
    if (isPayment && !pattern && answer.status === 200) learn(body, answer);
    response.writeHead(answer.status, {
      "content-type": "application/json",
      [tookHeader]: (performance.now() - from).toFixed(3),
    });
    response.end(answer.text);
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  process.send?.({ port } satisfies GatewayReady);
});
process.on("SIGTERM", () => process.exit(0));
