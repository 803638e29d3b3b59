import { beforeAll, describe, expect, test } from "vitest";
import { days } from "../../src/kernel/clock.ts";
import {
  agree,
  type BankChurch,
  bankChurch,
  decide,
  linesOf,
  type Row,
  referenceOf,
  request,
  resultsOf,
  table,
  upload,
} from "../support/bank-house.ts";
import { type GivenDonation, uuid } from "../support/gifts.ts";
import { type House, openHouse } from "../support/house.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});

const spei = { type: "spei" } as const;
const payee = { name: "Ana Pérez", account: { kind: "clabe", number: "646 180 157000000004" } } as const;
const confirm = (gift: { id: string }) => ({
  kind: "confirm_transfer",
  donation: gift.id,
  received_on: "2026-11-20",
});

async function scene(more: object = {}): Promise<{ bank: BankChurch; gift: GivenDonation }> {
  const bank = await bankChurch(house);
  return { bank, gift: await bank.giver.give(spei, more) };
}
const arrive = (bank: BankChurch, ...rows: readonly Row[]) =>
  upload(house, bank.ana, bank.accountId, table(...rows));
const shares = [
  { fund: "general", amount: 33_333 },
  { fund: "missions", amount: 16_667 },
];

describe("two people", () => {
  test("who asks cannot agree, by the service and by the database alike", async () => {
    const { bank, gift } = await scene();
    const id = await request(house, bank.ana, confirm(gift));
    expect(await decide(house, bank.ana, id, "approve")).toMatchObject({
      status: 403,
      body: { code: "forbidden" },
    });
    expect(await decide(house, bank.ana, id, "reject")).toMatchObject({ status: 403 });
    const alone = house.app.deps.db.inChurch(
      bank.ana.churchId,
      ({ sql }) => sql`
        update approvals set state = 'approved', decided_by = requested_by, decided_at = now() where id = ${uuid(id)}`,
    );
    await expect(alone).rejects.toMatchObject({ code: "23514", constraint_name: "approvals_two_people" });
    expect(await bank.giver.read(gift.id)).toMatchObject({ status: "requires_action" });
  });

  test("keys of one hand are one person: made by the key that asked, by one maker, or rotated out of another's", async () => {
    const { bank, gift } = await scene();
    const by = async (maker: BankChurch["ana"], path: string, body: object) => {
      const made = await house.ask(maker, "POST", path, body);
      expect(made.status).toBe(201);
      return { holder: { ...maker, key: String(made.body.key) }, id: String(made.body.id) };
    };
    const own = await by(bank.ana, "/v1/api-keys", { label: "Luis" });
    const other = await by(own.holder, "/v1/api-keys", { label: "Marta" });
    const id = await request(house, own.holder, confirm(gift));
    const refused = { status: 403, body: { detail: expect.stringContaining("ofrenda key create") } };
    expect(await decide(house, bank.ana, id, "approve")).toMatchObject(refused);
    expect(await decide(house, other.holder, id, "approve")).toMatchObject(refused);
    // Ana sees the new text of the key she rotates: it is no longer another's.
    const luis = await by(bank.luis, "/v1/api-keys", { label: "The other one" });
    const taken = await by(bank.ana, `/v1/api-keys/${luis.id}/rotate`, {});
    expect(await decide(house, taken.holder, id, "approve")).toMatchObject(refused);
    const alone = house.app.deps.db.inChurch(
      bank.ana.churchId,
      ({ sql }) => sql`
        update approvals set state = 'approved', decided_by = gen_random_uuid(), decided_root = requested_root,
          decided_at = now() where id = ${uuid(id)}`,
    );
    await expect(alone).rejects.toMatchObject({ code: "23514", constraint_name: "approvals_two_people" });
    expect(await bank.giver.read(gift.id)).toMatchObject({ status: "requires_action" });
    expect(await decide(house, luis.holder, id, "approve")).toMatchObject({ status: 200 });
    expect(await bank.giver.read(gift.id)).toMatchObject({ status: "succeeded" });
  });

  test("what was asked cannot be changed before it is agreed to, nor a decision taken back", async () => {
    const { bank, gift } = await scene();
    const id = await request(house, bank.ana, confirm(gift));
    const change = (set: string) =>
      house.app.deps.db.inChurch(bank.ana.churchId, ({ sql }) =>
        sql.unsafe(`update approvals set ${set} where id = $1`, [uuid(id)]),
      );
    const kept = { code: "23001", constraint_name: "approvals_keep_their_word" };
    for (const set of [
      "amount_minor = 1",
      "requested_by = gen_random_uuid()",
      "requested_root = gen_random_uuid()",
      "kind = 'accept_conflicted'",
      "particulars = '{}'",
      "payee = 'x'",
    ]) {
      await expect(change(set), set).rejects.toMatchObject(kept);
    }
    await decide(house, bank.luis, id, "reject");
    await expect(change("state = 'pending', decided_by = null, decided_at = null")).rejects.toMatchObject(
      kept,
    );
    await expect(change("decided_by = gen_random_uuid()")).rejects.toMatchObject(kept);
  });

  test("agreeing twenty times at once does it once", async () => {
    const { bank, gift } = await scene();
    const id = await request(house, bank.ana, confirm(gift));
    const people = await Promise.all(Array.from({ length: 20 }, () => bank.person(["approvals:decide"])));
    const replies = await Promise.all(people.map((person) => decide(house, person, id, "approve")));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 409)).toHaveLength(19);
    expect(await bank.giver.books()).toEqual({ "1100": 50_000, "4100": -50_000 });
  });

  test("a repeat with the same key is answered alike; another command with it is refused by name", async () => {
    const { bank, gift } = await scene();
    const headers = { "idempotency-key": crypto.randomUUID() };
    const ask = (body: object) => house.ask(bank.ana, "POST", "/v1/approvals", body, headers);
    const first = await ask(confirm(gift));
    const again = await ask(confirm(gift));
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(await ask({ ...confirm(gift), received_on: "2026-11-19" })).toMatchObject({
      status: 422,
      body: { code: "idempotency_key_reused" },
    });
    expect(
      await house.ask(bank.ana, "POST", "/v1/approvals", confirm(gift), { "idempotency-key": "" }),
    ).toMatchObject({ status: 400 });
  });

  test("one thing has one request open; decided or expired, it may be asked again", async () => {
    const { bank, gift } = await scene();
    const id = await request(house, bank.ana, confirm(gift));
    expect(await house.ask(bank.luis, "POST", "/v1/approvals", confirm(gift))).toMatchObject({ status: 409 });
    await decide(house, bank.luis, id, "reject", "no lo veo en el banco");
    const second = await request(house, bank.ana, confirm(gift));
    house.clock.advance(days(15));
    expect(await decide(house, bank.luis, second, "approve")).toMatchObject({ status: 409 });
    expect(await house.ask(bank.ana, "GET", `/v1/approvals/${second}`)).toMatchObject({
      body: { status: "expired" },
    });
    await request(house, bank.ana, confirm(gift));
    house.clock.set("2026-11-20T15:00:00Z");
  });

  test("every step is kept, with who and why", async () => {
    const { bank, gift } = await scene();
    const id = await request(house, bank.ana, { ...confirm(gift), note: "lo vi en la banca en línea" });
    await decide(house, bank.luis, id, "approve", "de acuerdo");
    const { body } = await house.ask(bank.ana, "GET", `/v1/approvals/${id}`);
    expect(body).toMatchObject({
      status: "approved",
      steps: [
        { what: "requested", note: "lo vi en la banca en línea" },
        { what: "approved", note: "de acuerdo" },
      ],
    });
    expect(body.requested_by).not.toBe(body.decided_by);
  });

  test("need their scopes: asking, deciding and reading are apart", async () => {
    const { bank, gift } = await scene();
    const asker = await bank.person(["approvals:request"]);
    const decider = await bank.person(["approvals:decide"]);
    const other = await bank.person(["donations:read"]);
    const id = await request(house, asker, confirm(gift));
    expect(await house.ask(decider, "POST", "/v1/approvals", confirm(gift))).toMatchObject({ status: 403 });
    expect(await decide(house, asker, id, "approve")).toMatchObject({ status: 403 });
    expect((await house.ask(decider, "GET", "/v1/approvals?status=pending")).body).toMatchObject({
      data: [{ id }],
    });
    expect(await house.ask(other, "GET", "/v1/approvals")).toMatchObject({ status: 403 });
    expect(await decide(house, decider, id, "approve")).toMatchObject({ status: 200 });
  });

  test("of another church see and decide nothing, and live keys decide no test money", async () => {
    const { bank, gift } = await scene();
    const id = await request(house, bank.ana, confirm(gift));
    const stranger = await bankChurch(house);
    expect(await decide(house, stranger.ana, id, "approve")).toMatchObject({ status: 404 });
    expect(await house.ask(stranger.ana, "GET", `/v1/approvals/${id}`)).toMatchObject({ status: 404 });
    expect(await house.ask(stranger.ana, "POST", "/v1/approvals", confirm(gift))).toMatchObject({
      status: 404,
    });
    const live = await bank.person(["*"], "live");
    expect(await decide(house, live, id, "approve")).toMatchObject({ status: 403 });
  });
});

describe("confirm_transfer", () => {
  test("captures the gift, to be proved by the statement", async () => {
    const { bank, gift } = await scene();
    await agree(house, bank, { ...confirm(gift), bank_reference: "MBAN0100" });
    expect(await bank.giver.read(gift.id)).toMatchObject({ status: "succeeded" });
    expect(await bank.giver.announced(gift.id)).toEqual(["created", "requires_action", "succeeded"]);
  });

  test("is refused for a gift that is paid, a day to come, and a gateway that tells by itself", async () => {
    const { bank, gift } = await scene();
    const ask = (body: object) => house.ask(bank.ana, "POST", "/v1/approvals", body);
    expect(await ask({ ...confirm(gift), received_on: "2026-12-24" })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: "/received_on" }] },
    });
    expect(await ask({ ...confirm(gift), received_on: "2026-02-30" })).toMatchObject({ status: 400 });
    await agree(house, bank, confirm(gift));
    expect(await ask(confirm(gift))).toMatchObject({ status: 409 });
    const other = await house.church("mx");
    const voucher = await house.ask(other, "POST", "/v1/donations", {
      amount: 50_000,
      currency: "MXN",
      country: "mx",
      payment_method: { type: "oxxo" },
      donor: { name: "Ana", email: "ana@example.org" },
    });
    expect(
      await house.ask(other, "POST", "/v1/approvals", confirm({ id: String(voucher.body.id) })),
    ).toMatchObject({ status: 409 });
  });

  test("agreed to after the money had come by statement does nothing, and says so", async () => {
    const { bank, gift } = await scene();
    const id = await request(house, bank.ana, confirm(gift));
    await arrive(bank, { amount: "500.00", said: referenceOf(gift) });
    expect(await decide(house, bank.luis, id, "approve")).toMatchObject({ status: 409 });
    expect(await bank.giver.books()).toEqual({ "1010": 50_000, "4100": -50_000 });
    expect(await decide(house, bank.luis, id, "reject")).toMatchObject({ status: 200 });
  });
});

describe("assign_unmatched_line", () => {
  test("gives the money in suspense to the gift, once", async () => {
    const { bank, gift } = await scene();
    await arrive(bank, { amount: "500.00", said: "sin referencia" });
    const [line] = await linesOf(house, bank.ana, "unmatched");
    const body = { kind: "assign_unmatched_line", bank_line: line?.id, donation: gift.id };
    await agree(house, bank, body);
    expect(await bank.giver.read(gift.id)).toMatchObject({ status: "succeeded" });
    expect(await bank.giver.books()).toEqual({ "1010": 50_000, "4100": -50_000 });
    expect(await linesOf(house, bank.ana, "assigned")).toMatchObject([{ attempt: gift.attempt }]);
    expect(await house.ask(bank.ana, "POST", "/v1/approvals", body)).toMatchObject({ status: 409 });
  });

  test("of another amount makes the gift conflict, and then it can be accepted", async () => {
    const { bank, gift } = await scene({ allocations: shares });
    await arrive(bank, { amount: "450.01", said: "sin referencia" });
    const [line] = await linesOf(house, bank.ana, "unmatched");
    await agree(house, bank, { kind: "assign_unmatched_line", bank_line: line?.id, donation: gift.id });
    expect(await bank.giver.read(gift.id)).toMatchObject({ status: "needs_review" });
    expect(await bank.giver.books()).toEqual({ "1010": 45_001, "2900": -45_001 });
    await agree(house, bank, { kind: "accept_conflicted", donation: gift.id });
    expect(await bank.giver.books()).toEqual({ "1010": 45_001, "4100": -30_001, "4200": -15_000 });
  });

  test("joins what had arrived for a gift that conflicts already", async () => {
    const { bank, gift } = await scene();
    await arrive(bank, { amount: "300.00", said: referenceOf(gift) }, { amount: "200.00", said: "el resto" });
    const [line] = await linesOf(house, bank.ana, "unmatched");
    await agree(house, bank, { kind: "assign_unmatched_line", bank_line: line?.id, donation: gift.id });
    await agree(house, bank, { kind: "accept_conflicted", donation: gift.id });
    expect(await bank.giver.read(gift.id)).toMatchObject({ status: "succeeded", amount: 50_000 });
    expect(await bank.giver.books()).toEqual({ "1010": 50_000, "4100": -50_000 });
  });
});

describe("a gift that conflicts", () => {
  test("accepted: what arrived is the gift, shared as before, to the last centavo", async () => {
    const { bank, gift } = await scene({ allocations: shares });
    await arrive(bank, { amount: "100.01", said: referenceOf(gift) });
    await agree(house, bank, { kind: "accept_conflicted", donation: gift.id });
    const after = await bank.giver.read(gift.id);
    expect(after).toMatchObject({
      status: "succeeded",
      amount: 10_001,
      charged: { amount: 10_001 },
      allocations: [{ amount: 6_668 }, { amount: 3_333 }],
    });
    expect(await bank.giver.books()).toEqual({ "1010": 10_001, "4100": -6_668, "4200": -3_333 });
    expect(await linesOf(house, bank.ana, "accepted")).toHaveLength(1);
    expect(await bank.giver.history(gift)).toEqual([
      "submitted",
      "action_required",
      "conflicted",
      "captured",
    ]);
    expect(await bank.giver.announced(gift.id)).toEqual([
      "created",
      "requires_action",
      "needs_review",
      "succeeded",
    ]);
  });

  test("a refund of it is then bounded by what arrived", async () => {
    const { bank, gift } = await scene();
    await arrive(bank, { amount: "100.00", said: referenceOf(gift) });
    await agree(house, bank, { kind: "accept_conflicted", donation: gift.id });
    expect(await bank.giver.refund(gift.id, { amount: 10_001 })).toMatchObject({
      status: 422,
      body: { code: "refund_exceeds_remaining" },
    });
    expect(await bank.giver.refund(gift.id, { amount: 10_000 })).toMatchObject({ status: 201 });
  });

  test("too little for each of its funds cannot be accepted, only returned", async () => {
    const { bank, gift } = await scene({ allocations: shares });
    await arrive(bank, { amount: "0.02", said: referenceOf(gift) });
    expect(
      await house.ask(bank.ana, "POST", "/v1/approvals", { kind: "accept_conflicted", donation: gift.id }),
    ).toMatchObject({ status: 409, body: { detail: expect.stringContaining("return it") } });
  });

  test("more that arrives between asking and agreeing stops the agreement", async () => {
    const { bank, gift } = await scene();
    await arrive(bank, { amount: "100.00", said: referenceOf(gift) });
    const id = await request(house, bank.ana, { kind: "accept_conflicted", donation: gift.id });
    await arrive(bank, { amount: "50.00", said: referenceOf(gift), id: "later" });
    expect(await decide(house, bank.luis, id, "approve")).toMatchObject({ status: 409 });
    expect(await bank.giver.read(gift.id)).toMatchObject({ status: "needs_review" });
    await decide(house, bank.luis, id, "reject");
    await agree(house, bank, { kind: "accept_conflicted", donation: gift.id });
    expect(await bank.giver.read(gift.id)).toMatchObject({ status: "succeeded", amount: 15_000 });
  });

  test("returned: owed from the moment two agree, paid when the bank's reference is known", async () => {
    const { bank, gift } = await scene();
    await arrive(bank, { amount: "100.00", said: referenceOf(gift) });
    const id = await agree(house, bank, { kind: "return_conflicted", donation: gift.id, payee });
    expect(await bank.giver.read(gift.id)).toMatchObject({ status: "canceled" });
    expect(await bank.giver.books()).toEqual({ "1010": 10_000, "2100": -10_000 });
    const paid = { paid_on: "2026-11-20", bank_reference: "SPEI-77" };
    const replies = await Promise.all(
      [0, 1, 2].map(() => house.ask(bank.ana, "POST", `/v1/approvals/${id}/paid`, paid)),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(await bank.giver.books()).toEqual({});
    expect(await house.ask(bank.luis, "GET", `/v1/approvals/${id}`)).toMatchObject({
      body: {
        awaits_payment: false,
        bank_reference: "SPEI-77",
        payee: { name: "Ana Pérez", account: { kind: "clabe", number: "646180157000000004" } },
        steps: [{}, {}, { what: "paid" }],
      },
    });
  });

  test("that does not conflict can be neither accepted nor returned", async () => {
    const { bank, gift } = await scene();
    for (const body of [
      { kind: "accept_conflicted", donation: gift.id },
      { kind: "return_conflicted", donation: gift.id, payee },
    ]) {
      expect(await house.ask(bank.ana, "POST", "/v1/approvals", body)).toMatchObject({ status: 409 });
    }
  });
});

describe("return_unmatched_line", () => {
  test("sends back what nobody could place, and what came twice", async () => {
    const { bank, gift } = await scene();
    await arrive(bank, { amount: "7.00", said: "error" }, { amount: "500.00", said: referenceOf(gift) });
    expect(
      resultsOf(await arrive(bank, { amount: "500.00", said: referenceOf(gift), id: "twice" })),
    ).toMatchObject({ duplicate: 1 });
    for (const state of ["unmatched", "duplicate"]) {
      const [line] = await linesOf(house, bank.ana, state);
      const id = await agree(house, bank, { kind: "return_unmatched_line", bank_line: line?.id, payee });
      const paid = { paid_on: "2026-11-20", bank_reference: `R-${state}` };
      expect(await house.ask(bank.ana, "POST", `/v1/approvals/${id}/paid`, paid)).toMatchObject({
        status: 200,
      });
    }
    expect(await bank.giver.books()).toEqual({ "1010": 50_000, "4100": -50_000 });
    expect(await linesOf(house, bank.ana, "returned")).toHaveLength(2);
  });

  test.each([
    [
      "a CLABE with a wrong digit",
      { ...payee, account: { kind: "clabe", number: "646180157000000005" } },
      "/payee/account/number",
    ],
    [
      "an account number without its bank",
      { ...payee, account: { kind: "account", number: "12345678" } },
      "/payee/bank",
    ],
  ])("to %s is refused before anybody is asked", async (_, wrong, pointer) => {
    const { bank } = await scene();
    await arrive(bank, { amount: "7.00", said: "error" });
    const [line] = await linesOf(house, bank.ana, "unmatched");
    const body = { kind: "return_unmatched_line", bank_line: line?.id, payee: wrong };
    expect(await house.ask(bank.ana, "POST", "/v1/approvals", body)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer }] },
    });
  });
});
