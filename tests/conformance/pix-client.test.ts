import { describe, expect, test } from "vitest";
import { pix } from "../../adapters/pix/index.ts";
import { registerWebhook } from "../../adapters/pix/register-webhook.ts";
import { seconds } from "../../src/kernel/clock.ts";
import { call } from "./gateway-under-test.ts";
import * as bodies from "./pix-bodies.ts";
import { credentials, orderOf, pixUnderTest, withAccount } from "./pix-under-test.ts";
import { answers, type HttpAnswer, type Recorded, recording } from "./recording-transport.ts";

const isToken = ({ url }: Recorded) => url.pathname === "/oauth/token";

function adapterOver(answer: (request: Recorded, tokens: number) => HttpAnswer, given: object = {}) {
  let tokens = 0;
  const { transport, requests } = recording((request) => {
    if (isToken(request)) tokens += 1;
    return answer(request, tokens);
  });
  const adapter = pix.factory.create({ credentials: { ...credentials, ...given }, transport });
  return { adapter, requests, transport };
}
const tokenThen = (answer: HttpAnswer) => (request: Recorded, tokens: number) =>
  isToken(request) ? answers(200, { ...bodies.token, access_token: `token-${tokens}` }) : answer;

describe("the access token", () => {
  test("is asked for once and used until a minute before its end", async () => {
    const { adapter, requests } = adapterOver(tokenThen(answers(200, bodies.cob())));
    const at = (ms: number) => call({ now: new Date(call().now.getTime() + ms) });
    await adapter.payments.collect(orderOf(), at(0));
    await adapter.payments.lookup(pixUnderTest.handle(), at(seconds(3539)));
    expect(requests.filter(isToken)).toHaveLength(1);
    await adapter.payments.lookup(pixUnderTest.handle(), at(seconds(3540)));
    expect(requests.filter(isToken)).toHaveLength(2);
    expect(requests.at(-1)?.headers.get("authorization")).toBe("Bearer token-2");
  });

  test("is asked for by the form of OAuth: client in the header, or in the body where the provider wants it there", async () => {
    const basic = adapterOver(tokenThen(answers(200, bodies.cob())));
    await basic.adapter.payments.collect(orderOf(), call());
    const [first] = basic.requests;
    expect(first?.headers.get("authorization")).toBe(
      `Basic ${btoa("client-of-the-church:a-secret-of-the-church")}`,
    );
    expect(first?.headers.get("content-type")).toBe("application/x-www-form-urlencoded");
    const form = new URLSearchParams(first?.body);
    expect(form.get("grant_type")).toBe("client_credentials");
    expect(form.get("scope")?.split(" ")).toContain("cob.write");
    expect(form.get("scope")).not.toContain("rec.write");
    const inBody = adapterOver(tokenThen(answers(200, bodies.cob())), { token_auth: "body", scopes: "" });
    await inBody.adapter.payments.collect(orderOf(), call());
    const other = new URLSearchParams(inBody.requests[0]?.body);
    expect([other.get("client_id"), other.get("scope")]).toEqual(["client-of-the-church", null]);
    expect(inBody.requests[0]?.headers.has("authorization")).toBe(false);
  });

  test("a secret may have any letters", async () => {
    const { adapter, requests } = adapterOver(tokenThen(answers(200, bodies.cob())), {
      client_secret: "segredo-ção-🙏",
    });
    expect((await adapter.payments.collect(orderOf(), call())).kind).toBe("action_required");
    expect(requests[0]?.headers.get("authorization")).toMatch(/^Basic [A-Za-z0-9+/]+=*$/);
  });

  test("one that the provider has forgotten is replaced once, and the request repeated: 401 says it was not carried out", async () => {
    let forgotten = false;
    const { adapter, requests } = adapterOver((request, tokens) => {
      if (isToken(request)) return answers(200, { ...bodies.token, access_token: `token-${tokens}` });
      const stale = forgotten && request.headers.get("authorization") === "Bearer token-1";
      return stale ? answers(401, "") : answers(200, bodies.cob());
    });
    await adapter.payments.collect(orderOf(), call());
    forgotten = true;
    expect((await adapter.payments.collect(orderOf(), call())).kind).toBe("action_required");
    expect(requests.map(({ method }) => method)).toEqual(["POST", "PUT", "PUT", "POST", "PUT"]);
  });

  test("a fresh one that is refused is our fault and not asked for again", async () => {
    const { adapter, requests } = adapterOver(tokenThen(answers(401, "")));
    expect(await adapter.payments.collect(orderOf(), call())).toMatchObject({
      kind: "refused",
      problem: { reason: "authentication" },
    });
    expect(requests).toHaveLength(2);
  });

  test.each([
    ["refused", answers(400, { error: "invalid_client" }), "refused"],
    ["refused for its rate", answers(429, ""), "refused"],
    ["broken", answers(500, ""), "not_sent"],
    ["unreadable", answers(200, "<html>"), "not_sent"],
    ["empty", answers(200, { access_token: "" }), "not_sent"],
    ["lost", { fails: "after_send" }, "not_sent"],
    ["redirected", answers(302, ""), "not_sent"],
  ] as const)("%s: nothing of a payment has left the building", async (_, answer, kind) => {
    const { adapter, requests } = adapterOver(() => answer);
    const outcome = await adapter.payments.collect(orderOf(), call());
    expect(outcome.kind).toBe(kind);
    expect(requests).toHaveLength(1);
    expect(JSON.stringify(outcome)).not.toContain("a-secret-of-the-church");
    expect((await adapter.payments.lookup(pixUnderTest.handle(), call())).kind).toBe("in_doubt");
  });
});

describe("credentials", () => {
  const certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
  const private_key = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n";

  test("certificate and key go to whoever makes the connection, and belong together", () => {
    const given = { ...credentials, certificate, private_key };
    expect(pix.factory.clientCertificate?.(given)).toEqual({ certificate, privateKey: private_key });
    expect(pix.factory.clientCertificate?.(credentials)).toBeUndefined();
    expect(pix.factory.credentials.safeParse({ ...credentials, certificate }).success).toBe(false);
    expect(pix.factory.credentials.safeParse({ ...given, private_key: certificate }).success).toBe(false);
  });

  test.each([
    ["an address without TLS", { base_url: "http://pix.example-psp.com.br" }],
    ["an address of our own network", { base_url: "https://169.254.169.254/api" }],
    ["localhost", { token_url: "https://localhost/token" }],
    ["a port", { base_url: "https://pix.example-psp.com.br:8443/api" }],
    ["a user", { base_url: "https://pix.example-psp.com.br@evil.example/api" }],
    ["a query", { base_url: "https://pix.example-psp.com.br/api?x=1" }],
    ["a key that is none", { pix_key: "the church" }],
    ["half an account", { account_number: "123" }],
    ["no secret", { client_secret: "" }],
  ])("refused: %s", (_, fields) => {
    expect(pix.factory.credentials.safeParse({ ...credentials, ...fields }).success).toBe(false);
  });

  test("they do not tell test from live", () => {
    expect(pix.factory.modeOf(credentials)).toBe("either");
  });
});

describe("codes", () => {
  const qr = async (body: object, given: object = {}) => {
    const { adapter } = adapterOver(tokenThen(answers(201, body)), given);
    return adapter.payments.collect(orderOf(), call());
  };

  test("a provider that sends no code: it is built from the location, in the church's name", async () => {
    const made = await qr(bodies.cob({ pixCopiaECola: undefined }));
    expect(made).toMatchObject({
      action: { payload: expect.stringContaining("5922Paroquia do Bom Pastor6006Recife") },
    });
    expect(
      (await qr(bodies.cob({ pixCopiaECola: undefined, location: "https://pix.example-psp.com.br/qr/v2/1" })))
        .kind,
    ).toBe("action_required");
    expect(
      (await qr(bodies.cob({ pixCopiaECola: undefined, location: undefined, loc: undefined }))).kind,
    ).toBe("in_doubt");
  });

  test("a code may lead to hosts the operator named, and to no other", async () => {
    const other = bodies.cob({ location: "qrcodes.psp.com.br/1" });
    expect((await qr(other, { payload_hosts: "example-psp.com.br" })).kind).toBe("action_required");
    expect((await qr(other, { payload_hosts: "qrcodes.psp.com.br" })).kind).toBe("in_doubt");
  });
});

test("the webhook address is told for the key, and for Pix Automático where the account has it", async () => {
  const places: string[] = [];
  const { transport } = recording((request) => {
    if (isToken(request)) return answers(200, bodies.token);
    places.push(`${request.method} ${request.url.pathname} ${request.body}`);
    return answers(200, "");
  });
  const url = "https://give.example.org/webhooks/pix/whe_1";
  expect((await registerWebhook({ credentials, transport }, url, call())).ok).toBe(true);
  expect(places).toEqual([`PUT /api/v2/webhook/${credentials.pix_key} {"webhookUrl":"${url}"}`]);
  await registerWebhook({ credentials: withAccount, transport }, url, call());
  expect(places.slice(2).map((place) => place.split(" ")[1])).toEqual([
    "/api/v2/webhookrec",
    "/api/v2/webhookcobr",
  ]);
  const refusing = recording((request) =>
    isToken(request)
      ? answers(200, bodies.token)
      : answers(400, bodies.problem("WebhookOperacaoInvalida", 400)),
  );
  expect(await registerWebhook({ credentials, transport: refusing.transport }, url, call())).toMatchObject({
    ok: false,
  });
});
