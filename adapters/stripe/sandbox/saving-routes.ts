import { ok } from "./answer.ts";
import { page } from "./lists.ts";
import { missing } from "./refusal.ts";
import { type Route, route } from "./route.ts";
import { getIntent, getOne } from "./schemas-around.ts";
import * as schemas from "./schemas-setup.ts";
import * as setups from "./setup-intents.ts";
import { validated } from "./validate.ts";

/** The endpoints about means of payment that are kept for later. */
export const savingRoutes: Readonly<Record<string, Route>> = {
  "POST setup_intents": route(schemas.createSetup, (scene, asked) => setups.createSetup(scene, asked)),
  "GET setup_intents": route(schemas.listSetups, async (scene, asked) => {
    const key = asked.payment_method
      ? `payment_method=${asked.payment_method}`
      : asked.customer
        ? `customer=${asked.customer}`
        : "all";
    return ok(await page(scene, { kind: "setup_intent", key, url: "/v1/setup_intents" }, asked));
  }),
  "GET setup_intents/:id": route(
    getIntent,
    async (scene, asked, id) => ok(await setups.setupById(scene, id, asked.client_secret)),
    true,
  ),
  "POST setup_intents/:id/confirm": {
    browser: true,
    prepare: (form, caller) => {
      const { client_secret: secret, ...asked } =
        caller === "publishable"
          ? validated(schemas.confirmSetupInBrowser, form)
          : { client_secret: undefined, ...validated(schemas.confirmSetup, form) };
      return {
        expand: asked.expand,
        perform: async (scene, id) =>
          setups.setupAnswer(
            scene,
            await setups.confirmSetup(scene, await setups.setupById(scene, id, secret), asked),
          ),
      };
    },
  },
  "POST setup_intents/:id/cancel": route(schemas.cancelSetup, (scene, asked, id) =>
    setups.cancelSetup(scene, id, asked.cancellation_reason ?? null),
  ),
  "POST setup_intents/:id/verify_microdeposits": route(
    schemas.verifySetup,
    async (scene, asked, id) =>
      ok(await setups.verifySetup(scene, await setups.setupById(scene, id, asked.client_secret), asked)),
    true,
  ),
  "GET mandates/:id": route(getOne, async (scene, _asked, id) => {
    const mandate = await scene.documents.get("mandate", id);
    if (!mandate) throw missing("mandate", id);
    return ok(mandate);
  }),
};
