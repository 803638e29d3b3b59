import type { Problem } from "../../kernel/problem.ts";
import type { Result } from "../../kernel/result.ts";

/**
 * A second press of the button may arrive while the first is still being carried out: it waits for that answer,
 * so that without script too a double click ends on the one gift's page.
 */
export async function waitingItOut<T>(work: () => Promise<Result<T, Problem>>): Promise<Result<T, Problem>> {
  for (let tries = 1; ; tries += 1) {
    const done = await work();
    if (done.ok || done.error.code !== "idempotency_in_flight" || tries >= waitTries) return done;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}
const waitTries = 12;
const waitMs = 400;
