import { createMiddleware } from "hono/factory";
import { authenticatePlatform } from "../../access/authenticate.ts";
import { may, type PlatformPrincipal, type Scope } from "../../access/principal.ts";
import { type HonoEnv, refuse, unwrap } from "../context.ts";

/** What {@link requiresPlatform} puts on a request. */
export type PlatformEnv = HonoEnv & { Variables: { platform: PlatformPrincipal } };

/** Deny by default: a valid key of a platform that holds `scope`; no church is named. */
export const requiresPlatform = (scope: Scope) =>
  createMiddleware<PlatformEnv>(async (c, next) => {
    const platform = unwrap(
      await authenticatePlatform(c.get("deps"), { authorization: c.req.header("authorization") }),
    );
    if (!may(platform, scope)) {
      refuse({ code: "forbidden", detail: `this key lacks the scope ${scope}: use a key that has it` });
    }
    c.set("platform", platform);
    await next();
  });
