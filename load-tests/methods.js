import { check } from "k6";
import { read, steady } from "./service.js";

/** What every checkout asks before it shows a form. */
export const options = steady(400, 50);

export default function methods() {
  const answer = read("/v1/payment-methods?country=mx&currency=MXN&amount=50000");
  check(answer, {
    offered: (response) => response.status === 200 && response.json("data.0.type") !== undefined,
  });
}
