import { z } from "zod";
import type { GatewayCredentials, Transport } from "../../src/gateway/adapter.ts";
import { present } from "../../src/kernel/assert.ts";
import { type Site, siteOf, sites } from "./sites.ts";

/** One seller account, ready to be called. */
export type Account = {
  readonly accessToken: string;
  /** What the fields in our page are opened with; public by nature. */
  readonly publicKey: string;
  readonly site: Site;
  /** The seller's id: notifications of another one are not for us. */
  readonly userId: string;
  readonly transport: Transport;
};

/** `APP_USR-{application}-{date}-{hash}-{user}`; test credentials of older accounts begin with `TEST`. */
const token = /^(APP_USR|TEST)-\d+-\d+-[0-9a-f]+-(\d+)$/;
const mode = (key: string): string => key.slice(0, key.indexOf("-"));

/**
 * Credentials of one seller account: access token and public key, of the same mode, and the account's country.
 * Test users have credentials that look like live ones, so that `APP_USR` alone does not tell the mode.
 */
export const credentials = z
  .object({
    access_token: z.string().regex(token, "an access token is APP_USR-… or TEST-… with five parts"),
    public_key: z.string().regex(/^(APP_USR|TEST)-[0-9a-f-]{8,}$/, "a public key is APP_USR-… or TEST-…"),
    country: z.enum(
      sites.map((site) => site.country),
      "Mercado Pago has accounts in ar br cl co mx pe uy",
    ),
  })
  .refine((keys) => mode(keys.access_token) === mode(keys.public_key), {
    path: ["public_key"],
    message: "the access token and the public key are of different modes",
  });

/** What the token says of itself. */
export const modeOf = (given: GatewayCredentials): "test" | "either" =>
  given.access_token?.startsWith("TEST-") ? "test" : "either";

/** The seller's id is the last part of the token. */
const userIdOf = (accessToken: string): string => token.exec(accessToken)?.[2] ?? "";

export function accountOf(given: GatewayCredentials, transport: Transport): Account {
  const keys = credentials.parse(given);
  return {
    accessToken: keys.access_token,
    publicKey: keys.public_key,
    site: present(siteOf(keys.country), "the country was checked"),
    userId: userIdOf(keys.access_token),
    transport,
  };
}
