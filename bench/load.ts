import { connect } from "node:net";

export type Shot = { readonly path: string; readonly headers: Record<string, string>; readonly body: string };
export type Figures = {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly done: number;
  readonly failed: number;
};

/** What an answer says of the milliseconds it took the gateway, from its request to its answer. */
export const tookHeader = "x-took-ms";
const took = new RegExp(`\\r\\n${tookHeader}: ([\\d.]+)`, "i");

/** Work that failed (`false`), or how many milliseconds of its time were a gateway's own and do not count as ours. */
export type Work = () => Promise<false | { readonly elsewhereMs: number }>;

function figures(latencies: number[], seconds: number, failed: number): Figures {
  const sorted = latencies.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    perSecond: sorted.length / seconds,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    done: sorted.length,
    failed,
  };
}

/** As fast as `clients` can go, each waiting for its answer: the capacity of what is asked. */
export async function closedLoop(work: Work, clients: number, seconds: number): Promise<Figures> {
  const latencies: number[] = [];
  let failed = 0;
  const until = performance.now() + seconds * 1000;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < until) {
        const from = performance.now();
        const done = await work();
        if (done) latencies.push(performance.now() - from - done.elsewhereMs);
        else failed += 1;
      }
    }),
  );
  return figures(latencies, (performance.now() - started) / 1000, failed);
}

/** At a steady pace, whatever the answers do: latency counts from when a request should have gone out. */
export async function pacedLoop(work: Work, perSecond: number, seconds: number): Promise<Figures> {
  const latencies: number[] = [];
  let failed = 0;
  const total = Math.floor(perSecond * seconds);
  const started = performance.now();
  const under: Promise<void>[] = [];
  for (let i = 0; i < total; i++) {
    const due = started + (i * 1000) / perSecond;
    const wait = due - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    under.push(
      work().then((done) => {
        if (done) latencies.push(performance.now() - due - done.elsewhereMs);
        else failed += 1;
      }),
    );
  }
  await Promise.all(under);
  return figures(latencies, (performance.now() - started) / 1000, failed);
}

/**
 * A way to shoot at one server of this machine; a shot is good when it is answered with the status expected. Plain
 * sockets, one request at a time on each: who measures should cost the machine little beside what is measured.
 */
export function shooter(port: number, connections: number) {
  const resting: Line[] = [];
  let lines = 0;
  const waiting: ((line: Line) => void)[] = [];
  const free = (): Line | undefined => {
    for (let line = resting.pop(); line; line = resting.pop()) {
      if (line.isOpen()) return line;
      lines -= 1;
    }
    if (lines === connections) return undefined;
    lines += 1;
    return openLine(port);
  };
  const ask = async (request: string): Promise<Answer> => {
    const line = free() ?? (await new Promise<Line>((resolve) => waiting.push(resolve)));
    const answer = await line.ask(request);
    const next = waiting.shift();
    if (next) next(line);
    else resting.push(line);
    return answer;
  };
  return {
    /** The text of a request, to be made ahead where that counts. */
    shot: ({ path, headers, body }: Shot): string =>
      `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${written(headers)}\r\n${body}`,
    shoot: async (request: string, expected: number): ReturnType<Work> => {
      const { status, head, body } = await ask(request);
      if (status !== expected && process.env.BENCH_VERBOSE) console.error(status, body);
      return status === expected && { elsewhereMs: Number(took.exec(head)?.[1] ?? 0) };
    },
    get: async (path: string, headers: Record<string, string>): ReturnType<Work> => {
      const { status } = await ask(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n${written(headers)}\r\n`);
      return status === 200 && { elsewhereMs: 0 };
    },
    close: () => {
      for (const line of resting) line.close();
    },
  };
}

const written = (headers: Record<string, string>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");

type Answer = { readonly status: number; readonly head: string; readonly body: string };
type Line = { ask(request: string): Promise<Answer>; isOpen(): boolean; close(): void };

/** One connection. Reads answers that tell their length, as all of ours here do; throws at any other. */
function openLine(port: number): Line {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  let text = "";
  let under: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;
  const fail = (error: Error) => under?.reject(error);
  socket.setEncoding("latin1");
  socket.on("error", fail);
  socket.on("close", () => fail(new Error("the service closed the connection")));
  socket.on("data", (chunk: string) => {
    text += chunk;
    const head = text.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, head))?.[1];
    if (length === undefined) return fail(new Error("an answer without its length"));
    if (text.length < head + 4 + Number(length)) return;
    const answer = {
      status: Number(text.slice(9, 12)),
      head: text.slice(0, head),
      body: text.slice(head + 4),
    };
    text = "";
    under?.resolve(answer);
  });
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        under = { resolve, reject };
        socket.write(request);
      }),
    // The service hangs up on who says nothing for some seconds.
    isOpen: () => !socket.destroyed && !socket.readableEnded,
    close: () => socket.destroy(),
  };
}
