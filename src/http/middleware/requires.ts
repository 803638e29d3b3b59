import { createMiddleware } from "hono/factory";
import { authenticate } from "../../access/authenticate.ts";
import { may, type Scope } from "../../access/principal.ts";
import { type HonoEnv, refuse, unwrap } from "../context.ts";

/** Deny by default: a valid key that holds `scope`, for a church. Puts the principal on the request. */
export const requires = (scope: Scope) =>
  createMiddleware<HonoEnv>(async (c, next) => {
    const deps = c.get("deps");
    const principal = unwrap(
      await authenticate(deps, {
        authorization: c.req.header("authorization"),
        church: c.req.header("ofrenda-church"),
      }),
    );
    if (!may(principal, scope)) {
      refuse({ code: "forbidden", detail: `this key lacks the scope ${scope}: use a key that has it` });
    }
    c.set("principal", principal);
    c.set("log", c.get("log").child({ church: principal.churchId }));
    await next();
  });
