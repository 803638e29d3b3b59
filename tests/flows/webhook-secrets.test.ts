import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { after, hours } from "../../src/kernel/clock.ts";
import { secret } from "../../src/kernel/secret.ts";
import { connectGateway } from "../../src/routing/connect-gateway.ts";
import { addWebhookSecret, listAccounts } from "../../src/routing/gateway-accounts.ts";
import { openHouse } from "../support/house.ts";

/** A delivery as Stripe signs it (docs: webhooks/signature). */
function delivery(url: string, id: string, signedWith: string, now: Date): Request {
  const at = Math.floor(now.getTime() / 1000);
  const data = { object: { id: "pi_unknown", object: "payment_intent" } };
  const body = JSON.stringify({ id, object: "event", type: "payment_intent.created", created: at, data });
  const mac = createHmac("sha256", signedWith).update(`${at}.${body}`).digest("hex");
  const headers = { "stripe-signature": `t=${at},v1=${mac}`, "content-type": "application/json" };
  return new Request(url, { method: "POST", headers, body });
}

test("an account connected before its signing secret is known believes nobody until the secret is set, and through a rotation believes both", async () => {
  const house = await openHouse();
  const { app, clock } = house;
  const church = await house.church("mx");
  const connected = await connectGateway(app.deps, {
    gateway: "stripe",
    churchId: church.churchId,
    legalEntityId: church.legalEntityId,
    country: "mx",
    mode: "test",
    label: "second",
    sandbox: true,
    credentials: { secret_key: "sk_test_mx_second", publishable_key: "pk_test_mx_second" },
    webhookSecret: undefined,
  });
  if (!connected.ok) throw new Error(connected.error.detail);
  const { accountId, webhookUrl } = connected.value;
  let sent = 0;
  const deliver = async (signedWith: string) => {
    sent += 1;
    const answer = await app.fetch(delivery(webhookUrl, `evt_${sent}`, signedWith, clock.now()));
    return answer.status;
  };
  const set = (value: string) =>
    app.deps.db.inChurch(church.churchId, (tx) =>
      addWebhookSecret(
        tx,
        app.vault,
        { churchId: church.churchId, id: accountId },
        secret(value),
        after(clock.now(), hours(24)),
      ),
    );
  expect(await deliver("whsec_first")).toBe(401);
  expect(await set("whsec_first")).toBe(true);
  clock.advance(31_000);
  expect(await deliver("whsec_first")).toBe(200);
  expect(await set("whsec_second")).toBe(true);
  clock.advance(31_000);
  expect([await deliver("whsec_first"), await deliver("whsec_second")]).toEqual([200, 200]);
  clock.advance(hours(24));
  expect([await deliver("whsec_first"), await deliver("whsec_second")]).toEqual([401, 200]);
  const listed = await app.deps.db.inChurch(church.churchId, (tx) => listAccounts(tx, church.churchId));
  expect(listed.map(({ label }) => label)).toContain("second");
});
