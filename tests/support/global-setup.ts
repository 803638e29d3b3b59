import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { migrate } from "../../src/db/migrate.ts";
import { type EmbeddedServer, startEmbeddedPostgres } from "../../src/platform/embedded-postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    superuserUrl: string;
    ownerUrl: string;
  }
}

/** The migrated database every test file's own one is copied from. */
export const templateDatabase = "ofrenda_template";

let server: EmbeddedServer;
let folder: string;

/** One throw-away PostgreSQL for the whole run. */
export async function setup(project: TestProject): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), "ofrenda-test-"));
  // Run by root, the server runs as another user, who must be able to reach its data.
  chmodSync(folder, 0o711);
  server = await startEmbeddedPostgres({ folder, database: templateDatabase, throwAway: true });
  await migrate(server.url, join(import.meta.dirname, "..", "..", "migrations"));
  const client = postgres(server.superuserUrl, { max: 1, onnotice: () => {} });
  await client.unsafe(`alter database ${templateDatabase} is_template true`);
  await client.end();
  project.provide("superuserUrl", server.superuserUrl);
  project.provide("ownerUrl", server.url);
}

export async function teardown(): Promise<void> {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
