import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { type HonoEnv, refuse } from "../context.ts";

/**
 * Refuses a body of more than `most` bytes. Where the client declared its length no server reads beyond it, so the
 * declaration is enough, and the body stays unopened for whoever reads it next; else it is counted as it comes.
 */
export function boundedBody(most: number, what: string): MiddlewareHandler<HonoEnv> {
  const tooLarge = () => refuse({ code: "body_too_large", detail: `${what} at most ${most} bytes` });
  const counted = bodyLimit({ maxSize: most, onError: tooLarge });
  return async (c, next) => {
    const declared = c.req.header("content-length");
    if (declared === undefined || c.req.header("transfer-encoding") !== undefined) return counted(c, next);
    if (Number(declared) > most) tooLarge();
    return next();
  };
}
