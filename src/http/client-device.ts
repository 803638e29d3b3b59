import ipaddr from "ipaddr.js";
import { z } from "zod";
import type { Device } from "../gateway/payment.ts";
import type { Ctx } from "./context.ts";

/** What `@hono/node-server` puts beside a request; absent on Workers. */
const nodeEnv = z.object({ incoming: z.object({ socket: z.object({ remoteAddress: z.string() }) }) });

/**
 * From where the visitor comes, for the rails that want to be told. On Node the peer of the connection; only where
 * that is a machine of ours (a reverse proxy on a private address) the last hop it names. On Workers what the edge
 * saw. `undefined` where nobody can tell: an address that anyone may write into a header is worth nothing.
 */
export function clientDevice(c: Ctx): Device | undefined {
  const userAgent = c.req.header("user-agent")?.slice(0, 400);
  const env = nodeEnv.safeParse(c.env);
  const seen = env.success
    ? behindProxy(env.data.incoming.socket.remoteAddress, c.req.header("x-forwarded-for"))
    : c.req.header("cf-connecting-ip");
  if (!userAgent || seen === undefined || !ipaddr.isValid(seen)) return undefined;
  return { ipAddress: ipaddr.process(seen).toString(), userAgent };
}

function behindProxy(peer: string, forwarded: string | undefined): string {
  const ours = ipaddr.isValid(peer) && ipaddr.process(peer).range() !== "unicast";
  return (ours && forwarded?.split(",").at(-1)?.trim()) || peer;
}
