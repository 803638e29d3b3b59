import { createHash } from "node:crypto";
import { Agent, fetch as fetchWith } from "undici";
import type { ClientCertificate, Transport } from "../gateway/adapter.ts";

/** Ways out on which we show a client certificate, one pool of connections for each. */
export type MutualTls = {
  with(certificate: ClientCertificate): Transport;
  close(): Promise<void>;
};

/**
 * Node only: Workers show client certificates through bindings of their own. `authorities`: PEM certificates to trust
 * in place of the system's.
 */
export function mutualTls(options: { readonly authorities?: string } = {}): MutualTls {
  const agents = new Map<string, Agent>();
  const agentFor = ({ certificate, privateKey }: ClientCertificate): Agent => {
    const name = createHash("sha256").update(certificate).update(privateKey).digest("hex");
    const known = agents.get(name);
    if (known) return known;
    const { authorities } = options;
    const connect = { cert: certificate, key: privateKey, ...(authorities ? { ca: authorities } : {}) };
    const agent = new Agent({ connect });
    agents.set(name, agent);
    return agent;
  };
  return {
    with: (certificate) => {
      const dispatcher = agentFor(certificate);
      return async (input, init) => {
        const request = new Request(input, init);
        const hasBody = request.method !== "GET" && request.method !== "HEAD";
        const answer = await fetchWith(request.url, {
          method: request.method,
          headers: Object.fromEntries(request.headers),
          redirect: "manual",
          signal: request.signal,
          dispatcher,
          ...(hasBody ? { body: await request.text() } : {}),
        });
        const headers = Object.fromEntries(answer.headers);
        const empty = answer.status === 204 || answer.status === 304;
        return new Response(empty ? null : await answer.arrayBuffer(), { status: answer.status, headers });
      };
    },
    close: async () => {
      await Promise.all([...agents.values()].map((agent) => agent.close()));
      agents.clear();
    },
  };
}
