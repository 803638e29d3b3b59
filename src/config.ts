import { z } from "zod";
import { type Secret, secret } from "./kernel/secret.ts";

const flag = z.enum(["on", "off"]);
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
  readonly logLevel: z.infer<typeof settings>["LOG_LEVEL"];
  readonly maxInFlight: number;
  readonly shutdownMs: number;
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
  return {
    home: s.OFRENDA_HOME,
    databaseUrl: s.DATABASE_URL,
    databasePrepare: s.DATABASE_PREPARE ? s.DATABASE_PREPARE === "on" : s.DATABASE_URL === undefined,
    databaseMaxConnections: s.DATABASE_MAX_CONNECTIONS,
    port: s.PORT,
    publicUrl: (s.PUBLIC_URL ?? `http://localhost:${s.PORT}`).replace(/\/$/, ""),
    masterKey: s.MASTER_KEY === undefined ? undefined : secret(s.MASTER_KEY),
    previousMasterKeys: (s.MASTER_KEY_PREVIOUS ?? "")
      .split(",")
      .map((key) => key.trim())
      .filter((key) => key !== "")
      .map(secret),
    sandbox,
    logLevel: s.LOG_LEVEL,
    maxInFlight: s.MAX_IN_FLIGHT,
    shutdownMs: s.SHUTDOWN_SECONDS * 1000,
  };
}
