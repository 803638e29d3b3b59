import type { ZodType } from "zod";
import type { CurrencyCode } from "../kernel/currency.ts";
import type { Banks } from "./banks.ts";
import type { DebitFiles } from "./debit-files.ts";
import type { Disputes } from "./disputes.ts";
import type { DonorCodes } from "./donor-codes.ts";
import type { Mandates } from "./mandate.ts";
import type { GatewayManifest } from "./manifest.ts";
import type { MethodType } from "./methods.ts";
import type { Holds, Payments } from "./payment.ts";
import type { Settlements } from "./settlement.ts";
import type { Webhooks } from "./webhook.ts";

/**
 * The contract between Ofrenda and a gateway: types only. An adapter is stateless; credentials and transport
 * come from the payment factory, clock, key and deadline from the call. Expected answers are values; an
 * exception is a bug and `call-gateway` turns it into `in_doubt`.
 *
 * `payments` and `webhooks` every gateway has; the rest is there only where the gateway can do it.
 */
export type GatewayAdapter = {
  readonly manifest: GatewayManifest;
  readonly payments: Payments;
  readonly webhooks: Webhooks;
  /** Money the donor has agreed to and the gateway waits for us to take. */
  readonly holds?: Holds;
  /** A donor's standing permission to be charged later, without being there. */
  readonly mandates?: Mandates;
  /** What the gateway booked. */
  readonly settlements?: Settlements;
  /** What donors and their banks contest, as the gateway lists it. */
  readonly disputes?: Disputes;
  /** The banks a donor chooses from before a bank redirect. */
  readonly banks?: Banks;
  /** Codes of the donors' own that never change. */
  readonly donorCodes?: DonorCodes;
  /** What its fields in our page are opened with, where they make a token before anything is given. */
  readonly hostedFields?: { readonly publicKey: string };
  /** Debits written to files for the church's own bank, and returns read from its files. */
  readonly debitFiles?: DebitFiles;
};

/** What a gateway folder exports: its manifest, the shape of its credentials, and how to make an adapter. */
export type AdapterFactory = {
  readonly manifest: GatewayManifest;
  /** Credentials of one gateway account, as stored (encrypted). A wrong shape is refused when connecting. */
  readonly credentials: ZodType<GatewayCredentials>;
  /** What the credentials say of themselves: test and live are never mixed. `either` where they do not tell. */
  modeOf(credentials: GatewayCredentials): "test" | "live" | "either";
  /**
   * What an account of a country can take, where its credentials decide (a phone takes no wire), by method. Absent: all
   * that the manifest says.
   */
  takes?(credentials: GatewayCredentials, country: string): AccountTakes;
  /** The certificate this gateway wants to see of us on every connection; absent where it wants none. */
  clientCertificate?(credentials: GatewayCredentials): ClientCertificate | undefined;
  /** Never does I/O. `transport` is the only way out; it has the shape of the global `fetch`. */
  create(account: { credentials: GatewayCredentials; transport: Transport }): GatewayAdapter;
};

export type Transport = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
/** Flat text fields, e.g. `{secret_key, publishable_key}`; each adapter's zod schema narrows them. */
export type GatewayCredentials = Readonly<Record<string, string>>;
/** The methods an account takes, each with its currencies. */
export type AccountTakes = Readonly<Partial<Record<MethodType, readonly CurrencyCode[]>>>;
/** Both as PEM. */
export type ClientCertificate = { readonly certificate: string; readonly privateKey: string };

export type GatewayCall = {
  /** Fixed per attempt (or refund) before the first send; the same on every repeat after an ambiguous failure. */
  readonly idempotencyKey: string;
  readonly now: Date;
  readonly timeoutMs: number;
  readonly traceId: string;
};
