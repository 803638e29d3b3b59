import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Problem } from "../../kernel/problem.ts";
import type { Result } from "../../kernel/result.ts";
import { cancelRecurringGift } from "../../recurring/cancel-recurring-gift.ts";
import { moveToReminder } from "../../recurring/move-to-reminder.ts";
import { pause, resume } from "../../recurring/pause-recurring-gift.ts";
import { noSuchGift, readRecurringGift } from "../../recurring/read-recurring-gift.ts";
import type { Actor } from "../../recurring/recurring-gift.ts";
import {
  type RecurringGiftView,
  recurringGiftSchema,
  recurringJson,
} from "../../recurring/recurring-json.ts";
import { replaceMethod } from "../../recurring/replace-method.ts";
import { restart } from "../../recurring/restart-recurring-gift.ts";
import { skipNext, snooze } from "../../recurring/skip-occurrence.ts";
import { type HonoEnv, refuse, unwrap } from "../context.ts";
import { requires } from "../middleware/requires.ts";
import { idSchema, json, jsonBody, problemAnswers } from "../router.ts";
import {
  cancelBody,
  methodBody,
  methodOf,
  pauseBody,
  resumeBody,
  snoozeBody,
} from "./recurring-gift-bodies.ts";

export const recurringTags = ["recurring gifts"];
export const recurringPath = "/v1/recurring-gifts" as const;
export const recurringId = z.object({ id: idSchema("recurringGift") });
export const changedGift = {
  200: json(recurringGiftSchema, "The recurring gift as it is now"),
  ...problemAnswers,
};

type Ctx = Context<HonoEnv>;
export const actorOf = (c: Ctx): Actor => ({ kind: "church", id: c.get("principal").keyId });
export const viewed = (done: Result<RecurringGiftView, Problem>) => recurringJson(unwrap(done));

/** One of the commands on a recurring gift: `POST …/{id}/{verb}`. */
const commandRoute = <V extends string, B extends z.ZodType>(verb: V, summary: string, body: B) =>
  createRoute({
    method: "post",
    path: `${recurringPath}/{id}/${verb}`,
    tags: recurringTags,
    summary,
    middleware: [requires("recurring:write")] as const,
    request: { params: recurringId, body: jsonBody(body) },
    responses: changedGift,
  });
const nothing = z.object({}).strict();
const pausing = commandRoute("pause", "Pause it, at most a year; it goes on by itself", pauseBody);
const resuming = commandRoute("resume", "Go on with a paused one now", resumeBody);
const skipping = commandRoute("skip", "Leave out the next gift", nothing);
const snoozing = commandRoute("snooze", "Put the next gift off by 3 or 7 days", snoozeBody);
const canceling = commandRoute("cancel", "End it, and the donor's permission with it", cancelBody);
const restarting = commandRoute("restart", "Take up a dormant or canceled one from its next date", nothing);
const replacing = commandRoute(
  "payment-method",
  "Ask the donor for a permission with another payment method, or a wider one; or remind them from now on",
  methodBody,
);

export function addCommands(app: OpenAPIHono<HonoEnv>): void {
  app.openapi(pausing, async (c) => {
    const { resumes_on: resumesOn, catch_up: catchUp } = c.req.valid("json");
    const { id } = c.req.valid("param");
    const wish = { resumesOn, catchUp };
    return c.json(viewed(await pause(c.get("deps"), c.get("principal").churchId, id, wish, actorOf(c))), 200);
  });
  app.openapi(resuming, async (c) => {
    const wish = { catchUp: c.req.valid("json").catch_up };
    const { id } = c.req.valid("param");
    return c.json(
      viewed(await resume(c.get("deps"), c.get("principal").churchId, id, wish, actorOf(c))),
      200,
    );
  });
  app.openapi(skipping, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(viewed(await skipNext(c.get("deps"), c.get("principal").churchId, id, actorOf(c))), 200);
  });
  app.openapi(snoozing, async (c) => {
    const { id } = c.req.valid("param");
    const { days } = c.req.valid("json");
    return c.json(
      viewed(await snooze(c.get("deps"), c.get("principal").churchId, id, days, actorOf(c))),
      200,
    );
  });
  app.openapi(canceling, async (c) => {
    const { id } = c.req.valid("param");
    const { reason } = c.req.valid("json");
    const done = cancelRecurringGift(c.get("deps"), c.get("principal").churchId, id, { reason }, actorOf(c));
    return c.json(viewed(await done), 200);
  });
  app.openapi(restarting, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(viewed(await restart(c.get("deps"), c.get("principal").churchId, id, actorOf(c))), 200);
  });
  app.openapi(replacing, async (c) => {
    const { churchId } = c.get("principal");
    const { id } = c.req.valid("param");
    const view = await readRecurringGift(c.get("deps"), churchId, id);
    if (!view) return refuse(noSuchGift);
    const body = c.req.valid("json");
    const wish = { ...methodOf(body, view.gift.amount.currency), traceId: c.get("traceId") };
    // Nobody is moved from being charged to being reminded without saying so: it ends their permission.
    const change = body.collection === "reminder" ? moveToReminder : replaceMethod;
    return c.json(viewed(await change(c.get("deps"), churchId, id, wish, actorOf(c))), 200);
  });
}
