import { describe, expect, test } from "vitest";
import { z } from "zod";
import { present } from "../../src/kernel/assert.ts";
import { connectSimulated } from "../../src/platform/connect-simulated.ts";
import { openHouse } from "../support/house.ts";

const donationSchema = z.object({
  id: z.string(),
  status: z.string(),
  refunded_amount: z.number(),
  disputed: z.boolean(),
  next_action: z.object({ type: z.string(), url: z.string().nullish() }),
});

/** A church in Mexico with a simulated Mercado Pago account, and what donor and bank do. */
async function church() {
  const house = await openHouse({ wire: "in_process" });
  const here = await house.church("mx");
  const { churchId, legalEntityId } = here;
  const connected = await connectSimulated(house.app, {
    gateway: "mercadopago",
    churchId,
    legalEntityId,
    country: "mx",
  });
  if (!connected.ok) throw new Error(connected.error.detail);
  const { desk } = present(house.app.simulators.get("mercadopago"), "the sandbox is on");
  const settle = async () => {
    await desk.delivery?.deliverNow();
    await house.settle();
  };
  const read = async (id: string) => {
    await settle();
    return donationSchema.parse((await house.ask(here, "GET", `/v1/donations/${id}`)).body);
  };
  const post = async (path: string, body: object) =>
    (await house.ask(here, "POST", path, body, { "idempotency-key": crypto.randomUUID() })).body;
  const give = async (type: string) =>
    donationSchema.parse(
      await post("/v1/donations", {
        amount: 50_000,
        currency: "MXN",
        country: "mx",
        payment_method: { type },
        donor: { name: "Ana López", email: "ana@example.org" },
        return_url: "https://church.example.org/thanks",
      }),
    );
  const press = async (action: string, fields: Record<string, string> = {}) => {
    const [payment] = await desk.payments();
    expect(await desk.play({ payment: payment?.id ?? "", action, fields })).toEqual({
      ok: true,
      value: undefined,
    });
  };
  return { house, give, read, post, press };
}

describe("through the whole service", () => {
  test("a slip is paid at the till; part of it goes back in the panel; the rest is disowned and lost", async () => {
    const { give, read, press } = await church();
    const { id, next_action } = await give("paycash");
    expect(next_action.type).toBe("display_voucher");
    await press("pay");
    expect((await read(id)).status).toBe("succeeded");
    await press("refund", { amount: "10000" });
    expect((await read(id)).refunded_amount).toBe(10_000);
    await press("dispute");
    expect((await read(id)).disputed).toBe(true);
    await press("lose");
    expect((await read(id)).disputed).toBe(true);
  });

  test("a refund asked for here is counted once, though the gateway tells of it too", async () => {
    const { give, read, press, post } = await church();
    const { id } = await give("bbva_cash");
    await press("pay");
    expect((await read(id)).status).toBe("succeeded");
    await post(`/v1/donations/${id}/refunds`, { amount: 20_000, reason: "requested_by_donor" });
    expect((await read(id)).refunded_amount).toBe(20_000);
    expect((await read(id)).refunded_amount).toBe(20_000);
  });

  test("the wallet's page: paid there, known here by the notification alone", async () => {
    const { house, give, read } = await church();
    const { id, next_action } = await give("mercado_pago");
    const body = new URLSearchParams({ do: "pay", type: "mercado_pago", holder: "APRO" });
    const done = await house.app.fetch(new Request(next_action.url ?? "", { method: "POST", body }));
    expect(done.status).toBe(303);
    expect((await read(id)).status).toBe("succeeded");
  });

  test("a slip that expired is paid after all", async () => {
    const { give, read, press } = await church();
    const { id } = await give("citibanamex_cash");
    await press("expire");
    expect((await read(id)).status).toBe("expired");
    await press("pay");
    expect((await read(id)).status).toBe("succeeded");
  });

  test("another amount than the gift's waits for a person", async () => {
    const { give, read, press } = await church();
    const { id } = await give("paycash");
    await press("pay_other", { amount: "30000" });
    expect((await read(id)).status).toBe("needs_review");
  });
});
