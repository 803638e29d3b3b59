import postgres from "postgres";

/** PostgreSQL's `unique_violation`, looked for through the errors that carry one another as their cause. */
export function uniqueViolation(error: unknown): { readonly constraint: string } | undefined {
  let at: unknown = error;
  for (let depth = 0; depth < 4 && at instanceof Error; depth++) {
    if (at instanceof postgres.PostgresError && at.code === "23505") {
      return { constraint: at.constraint_name ?? "" };
    }
    at = at.cause;
  }
  return undefined;
}
