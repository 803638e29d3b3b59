import { z } from "zod";
import { keyFault } from "./br-code.ts";
import { urlFault } from "./br-code-url.ts";

/** Scopes of everything this adapter does; Pix Automático's only for accounts that have it. */
const baseScopes = "cob.read cob.write cobv.read cobv.write pix.read pix.write webhook.read webhook.write";
const mandateScopes =
  "rec.read rec.write solicrec.read solicrec.write cobr.read cobr.write payloadlocationrec.read payloadlocationrec.write webhookrec.read webhookrec.write webhookcobr.read webhookcobr.write";

const text = z.string().min(1).max(500);
const pem = (label: string) =>
  z
    .string()
    .max(20_000)
    .regex(
      new RegExp(`^\\s*-----BEGIN ${label}-----[\\s\\S]+-----END ${label}-----\\s*$`),
      "this is no PEM text",
    );

/** An address of the provider: https, a public host name, nothing but a path. */
const address = z
  .string()
  .max(300)
  .refine(isPublicHttps, "an https address with a public host name, without user, port, query or fragment");

function isPublicHttps(given: string): boolean {
  const bare = /^https:\/\/([^/]+)(\/.*)?$/.exec(given);
  return bare !== null && urlFault(`${bare[1]}/x`) === undefined && /^(\/[\w.~-]+)*\/?$/.test(bare[2] ?? "");
}

/**
 * Credentials of a church at its own Pix provider (PSP), as its API Pix contract gives them. `base_url` is where
 * `/cob` hangs. Certificate and key are for mutual TLS, which every PSP wants in production and some leave out in
 * their test environment. The account fields are needed for Pix Automático only.
 */
export const pixCredentials = z
  .object({
    base_url: address,
    token_url: address,
    client_id: text,
    client_secret: text,
    /** The church's key: where gifts go, and whose webhook is listened to. */
    pix_key: z
      .string()
      .refine((key) => keyFault(key) === undefined, "a CPF, CNPJ, +55 telephone, e-mail or random key"),
    receiver_name: text,
    receiver_city: text,
    certificate: pem("CERTIFICATE").exactOptional(),
    private_key: pem("(?:RSA |EC )?PRIVATE KEY").exactOptional(),
    /** Where the provider's QR payloads lie, host names with commas between; absent: the host it names itself. */
    payload_hosts: z.string().max(500).exactOptional(),
    /** How the token is asked for: `basic` (default) in the header, or `body`. */
    token_auth: z.enum(["basic", "body"]).exactOptional(),
    /** Absent: all this adapter uses; empty: none is named. */
    scopes: z.string().max(500).exactOptional(),
    account_branch: z
      .string()
      .regex(/^[0-9A-Za-z]{1,4}$/)
      .exactOptional(),
    account_number: z
      .string()
      .regex(/^[0-9A-Za-z]{1,20}$/)
      .exactOptional(),
    account_type: z.enum(["CORRENTE", "POUPANCA", "PAGAMENTO"]).exactOptional(),
  })
  .refine((given) => (given.certificate === undefined) === (given.private_key === undefined), {
    path: ["private_key"],
    message: "a certificate and its private key belong together",
  })
  .refine((given) => (given.account_number === undefined) === (given.account_type === undefined), {
    path: ["account_type"],
    message: "Pix Automático needs the number and the type of the account",
  });

export type PixCredentials = z.output<typeof pixCredentials>;

/** The account that Pix Automático pays into; absent where the church has none named. */
export type ReceivingAccount = {
  readonly agencia?: string;
  readonly conta: string;
  readonly tipoConta: string;
};

export function receivingAccount(given: PixCredentials): ReceivingAccount | undefined {
  const { account_branch: agencia, account_number: conta, account_type: tipoConta } = given;
  if (conta === undefined || tipoConta === undefined) return undefined;
  return { ...(agencia === undefined ? {} : { agencia }), conta, tipoConta };
}

export const scopesOf = (given: PixCredentials): string =>
  given.scopes ?? (given.account_number === undefined ? baseScopes : `${baseScopes} ${mandateScopes}`);

/** Hosts the provider's codes may lead to, as the operator named them. */
export const payloadHosts = (given: PixCredentials): readonly string[] =>
  (given.payload_hosts ?? "")
    .split(",")
    .map((host) => host.trim().toLowerCase())
    .filter((host) => host !== "");
