import type { LookupAddress, LookupOptions } from "node:dns";
import { lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { Agent, fetch, type RequestInit, type Response } from "undici";

/** Resolves a name to all its addresses, as `dns.lookup` with `all` does. */
export type ResolveName = (
  hostname: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export type PinnedTransportOptions = {
  /** Why we may not connect to this IP address, or `undefined` when we may. */
  readonly addressFault: (address: string) => string | undefined;
  readonly resolve?: ResolveName;
};

/** The way out for outbound webhooks on Node: `fetch`-shaped, and `close` for the drain. */
export type PinnedTransport = {
  readonly transport: (url: string, init: RequestInit) => Promise<Response>;
  close(): Promise<void>;
};

/**
 * A transport that connects to the very address it checked. The name is resolved once, inside the connection:
 * if any of its addresses is refused the connection fails with code `EBLOCKED`, else the socket goes to the
 * addresses that were looked at. There is no second look-up that a rebinding name server could answer otherwise.
 * Literal addresses in a URL never reach the resolver: the caller checks those (outbox/ssrf-guard).
 */
export function pinnedTransport(options: PinnedTransportOptions): PinnedTransport {
  const agent = new Agent({
    connect: { lookup: checkedLookup(options), timeout: 10_000 },
    connections: 8,
    pipelining: 1,
    keepAliveTimeout: 4_000,
    maxHeaderSize: 16_384,
  });
  return {
    transport: (url, init) => fetch(url, { ...init, dispatcher: agent }),
    close: () => agent.close(),
  };
}

/** A `lookup` for `net.connect` that hands back only addresses that passed, all or nothing. */
function checkedLookup({ addressFault, resolve = systemLookup }: PinnedTransportOptions): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, "", 0);
      const first = addresses[0];
      const refused = addresses.find(({ address }) => addressFault(address) !== undefined);
      if (first === undefined || refused !== undefined) return done(blocked(hostname), "", 0);
      if (options.all) return done(null, addresses);
      return done(null, first.address, first.family);
    });
  };
}

function blocked(hostname: string): NodeJS.ErrnoException {
  const error: NodeJS.ErrnoException = new Error(`${hostname} leads to an address that is not public`);
  error.code = "EBLOCKED";
  return error;
}
