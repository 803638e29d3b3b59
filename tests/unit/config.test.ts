import { describe, expect, test } from "vitest";
import { ConfigError, readConfig, settings } from "../../src/config.ts";

const key = Buffer.alloc(32, 7).toString("base64");
const live = {
  SANDBOX: "off",
  DATABASE_URL: "postgres://db.example/ofrenda",
  MASTER_KEY: key,
  PUBLIC_URL: "https://give.example",
};
const without = (name: keyof typeof live) =>
  Object.fromEntries(Object.entries(live).filter(([n]) => n !== name));
const refusal = (environment: Record<string, string>): string => {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "started";
};

describe("the settings", () => {
  const twilio = { TWILIO_ACCOUNT_SID: `AC${"0".repeat(32)}`, TWILIO_AUTH_TOKEN: "0".repeat(32) };
  test.each<[string, Record<string, string>, string]>([
    ["a token without its account", { TWILIO_AUTH_TOKEN: twilio.TWILIO_AUTH_TOKEN }, "TWILIO_ACCOUNT_SID"],
    ["an account without its token", { TWILIO_ACCOUNT_SID: twilio.TWILIO_ACCOUNT_SID }, "TWILIO_AUTH_TOKEN"],
    ["no number to write from", twilio, "TWILIO_SMS_FROM"],
  ])("for texts with %s refuse to start and name what is missing", (_what, given, name) => {
    expect(refusal({ ...live, ...given })).toContain(name);
  });

  test("for texts, by one number or the other", () => {
    expect(readConfig({ ...live, ...twilio, TWILIO_SMS_FROM: "+15005550006" }).twilio).toMatchObject({
      accountSid: twilio.TWILIO_ACCOUNT_SID,
      smsFrom: "+15005550006",
      whatsappFrom: undefined,
    });
    expect(
      readConfig({ ...live, ...twilio, TWILIO_WHATSAPP_FROM: "+15005550006" }).twilio?.smsFrom,
    ).toBeUndefined();
  });

  test.each([
    ["on", true],
    ["off", false],
  ])("statements prepared: %s, whatever the database", (said, is) => {
    expect(readConfig({ ...live, DATABASE_PREPARE: said }).databasePrepare).toBe(is);
  });

  test("of an empty environment run the sandbox on an embedded database", () => {
    expect(readConfig({})).toMatchObject({
      home: ".ofrenda",
      databaseUrl: undefined,
      port: 8787,
      publicUrl: "http://localhost:8787",
      masterKey: undefined,
      sandbox: true,
      databasePrepare: true,
    });
  });

  test.each(["MASTER_KEY", "PUBLIC_URL"] as const)(
    "with the sandbox off and no %s refuse to start and name it",
    (name) => {
      expect(refusal(without(name))).toContain(name);
      // A database of one's own is not a laptop: the sandbox is off by itself then.
      expect(
        refusal(Object.fromEntries(Object.entries(without(name)).filter(([n]) => n !== "SANDBOX"))),
      ).toContain(name);
    },
  );

  test("of a live installation are taken, behind a pooler without named statements, and never print the key", () => {
    const config = readConfig(live);
    expect(config).toMatchObject({
      sandbox: false,
      databasePrepare: false,
      publicUrl: "https://give.example",
    });
    expect(config.masterKey?.reveal()).toBe(key);
    expect(JSON.stringify(config)).not.toContain(key);
  });

  test.each([
    ["PORT", "eighty"],
    ["PORT", "70000"],
    ["MASTER_KEY", "short"],
    ["SANDBOX", "maybe"],
    ["DATABASE_URL", "not a url"],
    ["LOG_LEVEL", "loud"],
    ["MAX_IN_FLIGHT", "0"],
    ["SHUTDOWN_SECONDS", "1.5"],
    ["BOUNCE_ADDRESS", "mail.example.org"],
    ["BOUNCE_ADDRESS", "returned-mail@example.org"],
    ["BOUNCE_SECRET", "short"],
  ])("%s=%s is refused by name, and a secret's value is not repeated", (name, value) => {
    const said = refusal({ [name]: value });
    expect(said).toContain(name);
    if (name === "MASTER_KEY") expect(said).not.toContain(value);
  });

  test("left empty count as absent; a slash after the public address is dropped", () => {
    expect(readConfig({ PORT: "", PUBLIC_URL: "https://give.example/" })).toMatchObject({
      port: 8787,
      publicUrl: "https://give.example",
    });
  });

  test("are each described, for the README's table", () => {
    for (const [name, schema] of Object.entries(settings.shape))
      expect([name, schema.description]).toEqual([name, expect.any(String)]);
  });
});
