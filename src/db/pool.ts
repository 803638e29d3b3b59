import postgres from "postgres";

export type PoolOptions = {
  readonly url: string;
  /** Folder of a Unix socket to use instead of the URL's host. */
  readonly sockets?: string | undefined;
  readonly maxConnections: number;
  /** How a connection's socket is made, where the platform knows better than the library. */
  readonly openSocket?: (at: {
    readonly path?: string;
    readonly host: string[];
    readonly port: number[];
  }) => unknown;
  /** Named prepared statements: off behind a pooler that cannot carry them. */
  readonly prepare: boolean;
  readonly applicationName?: string;
};

type Client = ReturnType<typeof connect>;

export type Pool = {
  /** Does work with one of its two clients: the busy one, while it has connections left. */
  use<T>(work: (client: Client) => Promise<T>): Promise<T>;
  end(): Promise<void>;
};

/** Connections that all work goes to while they suffice. */
const busyMost = 4;

/**
 * A pool that works few of its connections hard. The library hands them out in turn, and each has a PostgreSQL
 * process of its own: sixteen that take turns are all cold, and cost a fifth more than four that are warm.
 */
export function openPool(options: PoolOptions): Pool {
  const busy = connect(options, Math.min(busyMost, options.maxConnections));
  const rest = options.maxConnections - busyMost;
  const spare = rest > 0 ? connect(options, rest) : busy;
  let under = 0;
  return {
    use: async (work) => {
      if (under >= busyMost) return work(spare);
      under += 1;
      try {
        return await work(busy);
      } finally {
        under -= 1;
      }
    },
    end: async () => {
      await Promise.all([busy.end({ timeout: 5 }), spare.end({ timeout: 5 })]);
    },
  };
}

/** int8 as bigint; JSON parameters may be text already (drizzle makes it so) and must not be encoded twice. */
const types = {
  bigint: postgres.BigInt,
  json: {
    to: 114,
    from: [114, 3802],
    serialize: (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value)),
    parse: (text: string): unknown => JSON.parse(text),
  },
};

export const connect = (options: PoolOptions, max: number) =>
  postgres(options.url, {
    max,
    ...(options.sockets === undefined ? {} : { host: options.sockets }),
    ...(options.openSocket === undefined ? {} : { socket: options.openSocket }),
    prepare: options.prepare,
    types,
    onnotice: () => {},
    connection: { application_name: options.applicationName ?? "ofrenda" },
  });
