import { drizzle } from "drizzle-orm/postgres-js";
import { migrate as run } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";

/**
 * Brings the database at `url` to the newest migration in `folder`; safe to repeat, and safe to run from two
 * processes at once (one waits). Throws with PostgreSQL's message when a migration fails; it leaves nothing behind.
 */
export async function migrate(url: string, folder: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await client`select pg_advisory_lock(7205759403)`;
    await run(drizzle(client), { migrationsFolder: folder, migrationsSchema: "ofrenda_migrations" });
  } finally {
    await client.end({ timeout: 5 });
  }
}
