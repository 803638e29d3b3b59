import { check } from "k6";
import exec from "k6/execution";
import { give, steady } from "./service.js";

/** Gifts by card, each created and captured: two transactions and one call of the gateway. */
export const options = steady(200, 100);

export function setup() {
  return { run: `${Date.now()}` };
}

export default function donate({ run }) {
  const answer = give(`load-${run}-${exec.scenario.iterationInTest}`);
  check(answer, {
    created: ({ status }) => status === 201,
    succeeded: (response) => response.json("status") === "succeeded",
  });
}
