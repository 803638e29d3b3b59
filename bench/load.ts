import { Pool } from "undici";

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
export async function closedLoop(
  work: () => Promise<boolean>,
  clients: number,
  seconds: number,
): Promise<Figures> {
  const latencies: number[] = [];
  let failed = 0;
  const until = performance.now() + seconds * 1000;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < until) {
        const from = performance.now();
        if (await work()) latencies.push(performance.now() - from);
        else failed += 1;
      }
    }),
  );
  return figures(latencies, (performance.now() - started) / 1000, failed);
}

/** At a steady pace, whatever the answers do: latency counts from when a request should have gone out. */
export async function pacedLoop(
  work: () => Promise<boolean>,
  perSecond: number,
  seconds: number,
): Promise<Figures> {
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
      work().then((ok) => {
        if (ok) latencies.push(performance.now() - due);
        else failed += 1;
      }),
    );
  }
  await Promise.all(under);
  return figures(latencies, (performance.now() - started) / 1000, failed);
}

/** A way to shoot at one server; a shot is good when it is answered with the status expected. */
export function shooter(origin: string, connections: number) {
  const pool = new Pool(origin, { connections, pipelining: 1 });
  return {
    shoot: async (shot: Shot, expected: number): Promise<boolean> => {
      const answer = await pool.request({
        method: "POST",
        path: shot.path,
        headers: shot.headers,
        body: shot.body,
      });
      const text = await answer.body.text();
      if (answer.statusCode !== expected && process.env.BENCH_VERBOSE) console.error(answer.statusCode, text);
      return answer.statusCode === expected;
    },
    get: async (path: string, headers: Record<string, string>): Promise<boolean> => {
      const answer = await pool.request({ method: "GET", path, headers });
      await answer.body.dump();
      return answer.statusCode === 200;
    },
    close: () => pool.close(),
  };
}
