import { expect, test } from "vitest";
import { newId } from "../../src/kernel/ids.ts";
import { testDatabase } from "../support/database.ts";

test("probe", async () => {
  const { db } = await testDatabase();
  const rows = await db.inChurch(
    newId("church"),
    async ({ sql }) => sql`select current_user, scope_church()`,
  );
  expect(rows.length).toBe(1);
});
