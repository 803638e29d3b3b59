import { cashAccount, cashBalanceOf } from "./cash.ts";
import type { Kind } from "./documents.ts";
import { badParameter } from "./refusal.ts";
import type { Scene } from "./scene.ts";

/** Which kind each expandable field names. */
const expandable: Readonly<Record<string, Kind>> = {
  balance_transaction: "balance_transaction",
  charge: "charge",
  customer: "customer",
  failure_balance_transaction: "balance_transaction",
  latest_charge: "charge",
  payment_intent: "payment_intent",
  mandate: "mandate",
  payment_method: "payment_method",
  setup_intent: "setup_intent",
};

/**
 * The object with the fields named in `expand[]` filled in, at most four deep, `data.` meaning each entry of a
 * list. A field that cannot be expanded is a 400, as at Stripe.
 */
export async function expanded(scene: Scene, body: object, paths: readonly string[]): Promise<object> {
  let out = body;
  for (const path of paths) {
    const steps = path.split(".");
    if (steps.length > 4) {
      throw badParameter("You cannot expand more than 4 levels of a property.", "expand");
    }
    out = await expandPath(scene, out, steps, path);
  }
  return out;
}

async function expandPath(
  scene: Scene,
  body: object,
  steps: readonly string[],
  path: string,
): Promise<object> {
  const [step, ...rest] = steps;
  if (step === undefined) return body;
  if (step === "data" && "data" in body && Array.isArray(body.data)) {
    const entries: unknown[] = body.data;
    const data: unknown[] = [];
    for (const one of entries) data.push(isObject(one) ? await expandPath(scene, one, rest, path) : one);
    return { ...body, data };
  }
  const value = await fieldOf(scene, body, step, path);
  if (!isObject(value)) return { ...body, [step]: value };
  return { ...body, [step]: await expandPath(scene, value, rest, path) };
}

async function fieldOf(scene: Scene, body: object, step: string, path: string): Promise<unknown> {
  const present: unknown = Reflect.get(body, step);
  if (isObject(present)) return present;
  const kind: unknown = Reflect.get(body, "object");
  if (step === "refunds" && kind === "charge") return refundsOf(scene, body);
  if (step === "cash_balance" && kind === "customer") {
    return cashBalanceOf(await cashAccount(scene, String(Reflect.get(body, "id"))));
  }
  if (step === "source" && kind === "balance_transaction" && typeof present === "string") {
    return sourceOf(scene, present);
  }
  const target = expandable[step];
  if (target && present === null) return null;
  if (target && typeof present === "string") return scene.documents.get(target, present);
  throw badParameter(`This property cannot be expanded (${path}).`, "expand");
}

async function refundsOf(scene: Scene, charge: object): Promise<object> {
  const id = String(Reflect.get(charge, "id"));
  const data = await scene.documents.list("refund", `charge=${id}`, { order: "newest_first", limit: 100 });
  return { object: "list", data, has_more: false, url: `/v1/charges/${id}/refunds` };
}

async function sourceOf(scene: Scene, id: string): Promise<object | string> {
  for (const kind of ["charge", "refund", "dispute"] as const) {
    const found = await scene.documents.get(kind, id);
    if (found) return found;
  }
  return id;
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
