import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config.ts";
import { type Secret, secret } from "../kernel/secret.ts";

/**
 * The master key: the one configured, else one of this installation's own, made once and kept in its home
 * folder. `readConfig` has refused the latter where the sandbox is off.
 */
export function masterKeyOf(config: Config): Secret {
  if (config.masterKey) return config.masterKey;
  const file = join(config.home, "master.key");
  if (!existsSync(file)) {
    mkdirSync(config.home, { recursive: true, mode: 0o711 });
    writeFileSync(file, randomBytes(32).toString("base64"), { mode: 0o600 });
  }
  return secret(readFileSync(file, "utf8").trim());
}
