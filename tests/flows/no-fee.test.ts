import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createApiKey } from "../../src/access/api-keys.ts";
import { createChurch } from "../../src/churches/create-church.ts";
import { present } from "../../src/kernel/assert.ts";
import { secret } from "../../src/kernel/secret.ts";
import { connectGateway } from "../../src/routing/connect-gateway.ts";
import { openHouse } from "../support/house.ts";

test("a gift of which the gateway keeps nothing succeeds, with no fee in the books", async () => {
  const house = await openHouse();
  const { app, clock } = house;
  const made = await createChurch(app.deps, {
    name: "Luz",
    slug: `luz-${randomBytes(3).toString("hex")}`,
    country: "mx",
    legalEntity: { name: "Luz" },
  });
  if (!made.ok) throw new Error(made.error.detail);
  const { church, legalEntityId } = made.value;
  // The simulator has no price for pesos on an account of the United States, which is what this key names.
  const credentials = { secret_key: "sk_test_plain", publishable_key: "pk_test_plain" };
  const connected = await connectGateway(
    app.deps,
    present(app.adapters.get("stripe"), "stripe is registered"),
    (input, init) => house.sandbox.fetch(new Request(input, init)),
    {
      churchId: church.id,
      legalEntityId,
      country: "mx",
      mode: "test",
      label: "free",
      sandbox: true,
      credentials,
      webhookSecret: secret("whsec_free"),
    },
  );
  if (!connected.ok) throw new Error(connected.error.detail);
  const wanted = { kind: "secret", mode: "test", label: "test", scopes: ["*"] } as const;
  const key = await createApiKey(app.deps.db, church.id, wanted, clock.now());
  const ask = async (path: string, body?: object) => {
    const headers = {
      authorization: `Bearer ${key.text.reveal()}`,
      "content-type": "application/json",
      "idempotency-key": "one",
    };
    const init = body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers };
    const answer = await app.fetch(new Request(`http://ofrenda.test${path}`, init));
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const given = await ask("/v1/donations", {
    amount: 50_000,
    currency: "MXN",
    country: "mx",
    payment_method: { type: "card", token: "pm_card_visa" },
    donor: { name: "Ana", email: "ana@example.org" },
  });
  expect(given).toMatchObject({ status: 201, body: { status: "succeeded" } });
  const entries = await ask("/v1/ledger/entries");
  expect(entries.body).toMatchObject({ data: [{ purpose: "capture" }] });
});
