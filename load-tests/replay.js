import { check } from "k6";
import { give, steady } from "./service.js";

/** One gift, then the same command again and again: each answer is the first one's. */
export const options = steady(400, 50);

export function setup() {
  const key = `load-replay-${Date.now()}`;
  return { key, id: give(key).json("id") };
}

export default function replay({ key, id }) {
  const answer = give(key);
  check(answer, {
    "the first answer": (response) => response.status === 201 && response.json("id") === id,
    "said to be a replay": ({ headers }) => headers["Idempotency-Replayed"] === "true",
  });
}
