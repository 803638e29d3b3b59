import { createApiKey } from "../access/api-keys.ts";
import type { App } from "../app.ts";
import { findChurchBySlug } from "../churches/churches.ts";
import { createChurch } from "../churches/create-church.ts";
import { createFund } from "../churches/funds.ts";
import type { GatewayCredentials } from "../gateway/adapter.ts";
import type { ChurchId, LegalEntityId } from "../kernel/ids.ts";
import { connectGateway } from "../routing/connect-gateway.ts";
import { connectSimulated } from "./connect-simulated.ts";

type DemoChurch = {
  readonly slug: string;
  readonly country: string;
  readonly name: string;
  readonly entity: { readonly name: string; readonly taxId?: string; readonly address: string };
  /** Its own bank account, for wires and transfers; numbers of nobody. */
  readonly bank: GatewayCredentials;
  /** Restricted funds beside the one every church has, in the church's language. */
  readonly funds: { readonly missions: string; readonly building: string };
};

const fondos = { missions: "Misiones", building: "Construcción del templo" };

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
    bank: {
      kind: "clabe",
      number: "032180000118359719",
      bic: "BNMXMXMM",
      bank: "Banco de Prueba",
      beneficiary: "Iglesia Camino de Luz A.R.",
    },
    funds: fondos,
  },
  {
    slug: "demo-co",
    country: "co",
    name: "Iglesia Fuente de Vida",
    entity: {
      name: "Iglesia Cristiana Fuente de Vida",
      taxId: "900.373.913-4",
      address: "Carrera 43A # 14-57, El Poblado, Medellín, Antioquia",
    },
    bank: {
      kind: "account",
      number: "40712345678",
      bic: "COLOCOBM",
      bank: "Banco de Prueba",
      beneficiary: "Iglesia Cristiana Fuente de Vida",
    },
    funds: fondos,
  },
  {
    slug: "demo-br",
    country: "br",
    name: "Igreja Esperança Viva",
    entity: {
      name: "Igreja Evangélica Esperança Viva",
      taxId: "11.222.333/0001-81",
      address: "Rua das Acácias, 250, Vila Mariana, 04101-300 São Paulo, SP",
    },
    bank: {
      kind: "account",
      number: "0012345678",
      bic: "BRASBRRJ",
      bank: "Banco de Teste",
      beneficiary: "Igreja Evangélica Esperança Viva",
    },
    funds: { missions: "Missões", building: "Construção do templo" },
  },
  {
    slug: "demo-ar",
    country: "ar",
    name: "Iglesia Puerta Abierta",
    entity: {
      name: "Asociación Iglesia Evangélica Puerta Abierta",
      taxId: "30-71000001-4",
      address: "Av. Rivadavia 4870, C1424 Ciudad Autónoma de Buenos Aires",
    },
    bank: {
      kind: "cbu",
      number: "2850590940090418135201",
      bic: "NACNARBA",
      bank: "Banco de Prueba",
      beneficiary: "Asociación Iglesia Evangélica Puerta Abierta",
    },
    funds: fondos,
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
    bank: {
      kind: "account",
      number: "000123456789",
      aba: "110000000",
      bank: "Test Bank",
      beneficiary: "Grace Harbor Church, Inc.",
    },
    funds: { missions: "Missions", building: "Building fund" },
  },
];

export type Demo = {
  readonly churches: readonly { readonly slug: string; readonly churchId: ChurchId }[];
  /** A secret test key of the first demo church, only when it was made just now: it is never stored in the clear. */
  readonly key: string | undefined;
};

/** Makes the demo churches once, with funds, an account at each simulated gateway and an API key for the first. */
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
  for (const fund of [
    { code: "missions", name: demo.funds.missions, restricted: true },
    { code: "building", name: demo.funds.building, restricted: true },
  ]) {
    await createFund(deps.db, churchId, fund, now);
  }
  for (const gateway of simulatedFor(app, demo.country)) {
    const { legalEntityId } = made.value;
    const connected = await connectSimulated(app, {
      gateway,
      churchId,
      legalEntityId,
      country: demo.country,
    });
    if (!connected.ok) {
      throw new Error(`the simulated ${gateway} could not be connected: ${connected.error.detail}`);
    }
  }
  await connectBank(app, demo, churchId, made.value.legalEntityId);
  return churchId;
}

/** Nobody simulates a church's own bank: its statements are brought by `ofrenda statement import`. */
async function connectBank(
  app: App,
  { bank, country }: DemoChurch,
  churchId: ChurchId,
  legalEntityId: LegalEntityId,
): Promise<void> {
  const connected = await connectGateway(app.deps, {
    gateway: "transfer",
    churchId,
    legalEntityId,
    country,
    mode: "test",
    label: "Bank account",
    sandbox: false,
    credentials: bank,
    webhookSecret: undefined,
  });
  if (!connected.ok) throw new Error(`the demo bank account was not taken: ${connected.error.detail}`);
}

/** The simulators of the gateways that collect in a country and give accounts there. */
function simulatedFor(app: App, country: string): readonly string[] {
  const named = new Set(app.deps.countries.get(country)?.methods.flatMap((method) => method.gateways));
  return [...app.simulators.keys()].filter(
    (id) => named.has(id) && app.adapters.get(id)?.manifest.accountCountries.includes(country),
  );
}
