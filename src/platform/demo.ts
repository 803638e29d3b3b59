import { randomBytes } from "node:crypto";
import { createApiKey } from "../access/api-keys.ts";
import type { App } from "../app.ts";
import { findChurchBySlug } from "../churches/churches.ts";
import { createChurch } from "../churches/create-church.ts";
import { createFund } from "../churches/funds.ts";
import { present } from "../kernel/assert.ts";
import type { ChurchId, LegalEntityId } from "../kernel/ids.ts";
import { secret } from "../kernel/secret.ts";
import { type Connected, connectGateway } from "../routing/connect-gateway.ts";

type DemoChurch = {
  readonly slug: string;
  readonly country: string;
  readonly name: string;
  readonly entity: { readonly name: string; readonly taxId?: string; readonly address: string };
};

/** CONTRACT's demo churches, each made as soon as its country is one we serve. */
const demoChurches: readonly DemoChurch[] = [
  {
    slug: "demo-mx",
    country: "mx",
    name: "Iglesia Camino de Luz",
    entity: {
      name: "Iglesia Camino de Luz A.R.",
      address: "Av. Morelos 403, Centro, 68000 Oaxaca de Juárez, Oax.",
    },
  },
  {
    slug: "demo-us",
    country: "us",
    name: "Grace Harbor Church",
    entity: {
      name: "Grace Harbor Church, Inc.",
      taxId: "74-1234567",
      address: "1200 Main St, Houston, TX 77002",
    },
  },
];

export type Demo = {
  readonly churches: readonly { readonly slug: string; readonly churchId: ChurchId }[];
  /** A secret test key of the first demo church, only when it was made just now: it is never stored in the clear. */
  readonly key: string | undefined;
};

/** Makes the demo churches once, with funds, a simulated gateway account each and an API key for the first. */
export async function seedDemo(app: App): Promise<Demo> {
  const churches: { slug: string; churchId: ChurchId }[] = [];
  let key: string | undefined;
  for (const demo of demoChurches) {
    if (!app.deps.countries.has(demo.country)) continue;
    const found = await findChurchBySlug(app.deps.db, demo.slug);
    const churchId = found ? found.id : await makeChurch(app, demo);
    churches.push({ slug: demo.slug, churchId });
    if (!found && key === undefined) {
      const given = { kind: "secret", mode: "test", label: "demo", scopes: ["*"] } as const;
      const made = await createApiKey(app.deps.db, churchId, given, app.deps.clock.now());
      key = made.text.reveal();
    }
  }
  return { churches, key };
}

async function makeChurch(app: App, demo: DemoChurch): Promise<ChurchId> {
  const { deps } = app;
  const made = await createChurch(deps, {
    name: demo.name,
    slug: demo.slug,
    country: demo.country,
    legalEntity: demo.entity,
  });
  if (!made.ok) throw new Error(`the demo church ${demo.slug} could not be made: ${made.error.detail}`);
  const churchId = made.value.church.id;
  const now = deps.clock.now();
  const missions = demo.country === "us" ? "Missions" : "Misiones";
  const building = demo.country === "us" ? "Building fund" : "Construcción del templo";
  for (const fund of [
    { code: "missions", name: missions, restricted: true },
    { code: "building", name: building, restricted: true },
  ]) {
    await createFund(deps.db, churchId, fund, now);
  }
  await connectSandbox(app, churchId, made.value.legalEntityId, demo.country);
  return churchId;
}

/** Opens an account for a legal entity at the simulated gateway and tells the simulator where its events go. */
export async function connectSandbox(
  app: App,
  churchId: ChurchId,
  legalEntityId: LegalEntityId,
  country: string,
): Promise<Connected> {
  const sandbox = present(app.sandbox, "the sandbox is on");
  const name = `${country}_${randomBytes(8).toString("hex")}`;
  const credentials = { secret_key: `sk_test_${name}`, publishable_key: `pk_test_${name}` };
  const webhookSecret = secret(`whsec_${randomBytes(24).toString("hex")}`);
  const connected = await connectGateway(
    app.deps,
    present(app.adapters.get("stripe"), "stripe is registered"),
    (input, init) => sandbox.stripe.fetch(new Request(input, init)),
    {
      churchId,
      legalEntityId,
      country,
      mode: "test",
      label: "Stripe (simulated)",
      sandbox: true,
      credentials,
      webhookSecret,
    },
  );
  if (!connected.ok)
    throw new Error(`the simulated gateway could not be connected: ${connected.error.detail}`);
  const registered = await sandbox.stripe.control.registerWebhookEndpoint(credentials.secret_key, {
    url: connected.value.webhookUrl,
    secret: webhookSecret.reveal(),
  });
  if (!registered.ok) throw new Error("the simulator did not take the webhook address");
  return connected.value;
}
