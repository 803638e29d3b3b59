import { z } from "zod";
import { type Secret, secret } from "./kernel/secret.ts";

const flag = z.enum(["on", "off"]);
const phone = z.string().regex(/^\+[1-9]\d{6,14}$/, "a number with its country code, such as +15005550006");
/** An address holds 64 octets before its `@` (RFC 5321 §4.5.3.1.1); the `+` and the token take 55. */
const returnNameMost = 9;
const wholeNumber = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

/**
 * Every setting, read once from the environment. The README's table of settings is made from the descriptions.
 * Unknown variables are ignored; a wrong value stops the start with the variable's name.
 */
export const settings = z.object({
  OFRENDA_HOME: z
    .string()
    .default(".ofrenda")
    .describe("Folder of the embedded database and of generated secrets"),
  DATABASE_URL: z
    .url()
    .optional()
    .describe("Any PostgreSQL ≥ 15; without it an embedded PostgreSQL 18 runs in OFRENDA_HOME"),
  DATABASE_PREPARE: flag
    .optional()
    .describe(
      "Named prepared statements; default on with the embedded database, off with DATABASE_URL (poolers)",
    ),
  DATABASE_MAX_CONNECTIONS: wholeNumber(1, 500).default(16).describe("Connections of one process"),
  PORT: wholeNumber(0, 65535).default(8787).describe("Port of the service"),
  PUBLIC_URL: z
    .url()
    .optional()
    .describe("Address donors and gateways reach it by; default http://localhost:PORT"),
  MASTER_KEY: z
    .string()
    .regex(/^[A-Za-z0-9+/]{43}=$/, "32 random bytes in base64 (openssl rand -base64 32)")
    .optional()
    .describe("Wraps each church's data key; generated into OFRENDA_HOME when the sandbox is on"),
  MASTER_KEY_PREVIOUS: z
    .string()
    .regex(
      /^[A-Za-z0-9+/]{43}=(\s*,\s*[A-Za-z0-9+/]{43}=)*$/,
      "keys of 32 random bytes in base64, separated by commas",
    )
    .optional()
    .describe("Master keys that were replaced, comma separated, until `keys rotate --master` has run"),
  SANDBOX: z
    .enum(["auto", "on", "off"])
    .default("auto")
    .describe("Serve the gateway sandboxes and demo churches; auto: on unless DATABASE_URL is set"),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .describe(
      "Mail server, smtp(s)://user:password@host:port; without it the sandbox keeps mail to be looked at",
    ),
  MAIL_FROM: z
    .email()
    .optional()
    .describe("Address mail is sent from, with the church's name; default no-reply@ the host of PUBLIC_URL"),
  BOUNCE_ADDRESS: z
    .email()
    .refine(
      (address) => address.indexOf("@") <= returnNameMost,
      `at most ${returnNameMost} characters before the @`,
    )
    .optional()
    .describe(
      "Address mail that cannot arrive comes back to, with a token of its own: bounces@… becomes bounces+…@…",
    ),
  BOUNCE_SECRET: z
    .string()
    .min(16)
    .optional()
    .describe("Lets a mail service bring returned mail to POST /webhooks/mail; without it nobody may"),
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[0-9a-f]{32}$/, "AC and 32 hexadecimal digits")
    .optional()
    .describe("Twilio account for texts to phones; goes with TWILIO_AUTH_TOKEN and a number"),
  TWILIO_AUTH_TOKEN: z
    .string()
    .regex(/^[0-9a-f]{32}$/, "32 hexadecimal digits")
    .optional()
    .describe("Its secret"),
  TWILIO_SMS_FROM: phone.optional().describe("Number SMS are sent from, such as +15005550006"),
  TWILIO_WHATSAPP_FROM: phone.optional().describe("Number WhatsApp messages are sent from"),
  TWILIO_WHATSAPP_CONTENT: z
    .string()
    .regex(/^HX[0-9a-f]{32}$/, "HX and 32 hexadecimal digits")
    .optional()
    .describe("Approved WhatsApp template: {{1}} is the church, {{2}} what is said"),
  LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "silent"])
    .default("info")
    .describe("Least level logged"),
  MAX_IN_FLIGHT: wholeNumber(1, 100_000)
    .default(512)
    .describe("Requests worked on at once; above it a request is answered 503 with Retry-After"),
  SHUTDOWN_SECONDS: wholeNumber(1, 300)
    .default(25)
    .describe("How long a stopping process waits for its work"),
});

export type Config = {
  readonly home: string;
  readonly databaseUrl: string | undefined;
  readonly databasePrepare: boolean;
  readonly databaseMaxConnections: number;
  readonly port: number;
  readonly publicUrl: string;
  readonly masterKey: Secret | undefined;
  /** Newest first or not: each is found by its fingerprint. */
  readonly previousMasterKeys: readonly Secret[];
  readonly sandbox: boolean;
  readonly mail: { readonly server: Secret | undefined; readonly from: string };
  /** Where mail comes back to, and who may bring it by HTTP. */
  readonly returned: { readonly address: string | undefined; readonly secret: Secret | undefined };
  readonly twilio: TwilioSettings | undefined;
  readonly logLevel: z.infer<typeof settings>["LOG_LEVEL"];
  readonly maxInFlight: number;
  readonly shutdownMs: number;
};

/** An account and at least one number. */
export type TwilioSettings = {
  readonly accountSid: string;
  readonly authToken: Secret;
  readonly smsFrom: string | undefined;
  readonly whatsappFrom: string | undefined;
  readonly whatsappContent: string | undefined;
};

/** A setting is missing or wrong: the message names each one and the mend. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Parses the environment; throws {@link ConfigError}. With the sandbox off nothing may be left to a default secret. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const filled = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = settings.safeParse(filled);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("\n"),
    );
  }
  const s = parsed.data;
  const sandbox = s.SANDBOX === "on" || (s.SANDBOX === "auto" && s.DATABASE_URL === undefined);
  if (!sandbox && s.MASTER_KEY === undefined) {
    throw new ConfigError("MASTER_KEY: required when the sandbox is off (openssl rand -base64 32)");
  }
  if (!sandbox && s.PUBLIC_URL === undefined) {
    throw new ConfigError("PUBLIC_URL: required when the sandbox is off");
  }
  const publicUrl = (s.PUBLIC_URL ?? `http://localhost:${s.PORT}`).replace(/\/$/, "");
  return {
    home: s.OFRENDA_HOME,
    databaseUrl: s.DATABASE_URL,
    databasePrepare: s.DATABASE_PREPARE ? s.DATABASE_PREPARE === "on" : s.DATABASE_URL === undefined,
    databaseMaxConnections: s.DATABASE_MAX_CONNECTIONS,
    port: s.PORT,
    publicUrl,
    masterKey: s.MASTER_KEY === undefined ? undefined : secret(s.MASTER_KEY),
    previousMasterKeys: (s.MASTER_KEY_PREVIOUS ?? "")
      .split(",")
      .map((key) => key.trim())
      .filter((key) => key !== "")
      .map(secret),
    sandbox,
    mail: {
      server: s.SMTP_URL === undefined ? undefined : secret(s.SMTP_URL),
      from: s.MAIL_FROM ?? `no-reply@${new URL(publicUrl).hostname}`,
    },
    returned: {
      address: s.BOUNCE_ADDRESS,
      secret: s.BOUNCE_SECRET === undefined ? undefined : secret(s.BOUNCE_SECRET),
    },
    twilio: twilioOf(s),
    logLevel: s.LOG_LEVEL,
    maxInFlight: s.MAX_IN_FLIGHT,
    shutdownMs: s.SHUTDOWN_SECONDS * 1000,
  };
}

function twilioOf(s: z.infer<typeof settings>): TwilioSettings | undefined {
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken } = s;
  const numbers = { smsFrom: s.TWILIO_SMS_FROM, whatsappFrom: s.TWILIO_WHATSAPP_FROM };
  const whatsappContent = s.TWILIO_WHATSAPP_CONTENT;
  if (accountSid === undefined && authToken === undefined) return undefined;
  if (accountSid === undefined) throw new ConfigError("TWILIO_ACCOUNT_SID: goes with TWILIO_AUTH_TOKEN");
  if (authToken === undefined) throw new ConfigError("TWILIO_AUTH_TOKEN: goes with TWILIO_ACCOUNT_SID");
  if (numbers.smsFrom === undefined && numbers.whatsappFrom === undefined) {
    throw new ConfigError("TWILIO_SMS_FROM: set it, or TWILIO_WHATSAPP_FROM, to send texts by Twilio");
  }
  return { accountSid, authToken: secret(authToken), ...numbers, whatsappContent };
}
