import type { z } from "zod";
import { hours } from "../../../src/kernel/clock.ts";
import { equals, type Money } from "../../../src/kernel/money.ts";
import { capturesOf, makeCapture, refundsOf } from "./captures.ts";
import type { Order, Refund, Tender, Unit } from "./documents.ts";
import { emit } from "./events.ts";
import { amountIn } from "./money.ts";
import { notFound, Refusal, refusalOf, unprocessable } from "./refusal.ts";
import { type Scene, stamp } from "./scene.ts";
import { items, type OrderBody, type patchBody, shaped } from "./schemas.ts";
import { settingsOf } from "./settings.ts";
import { keepFromOrder } from "./vault.ts";
import { type OrderParts, orderSummary, orderView } from "./views.ts";

/** An order lives three hours until the approval, and three more until the capture. */
const orderLives = hours(3);

/** `POST /v2/checkout/orders`. One that names a stored permission is captured at once. */
export async function createOrder(scene: Scene, body: OrderBody, requestId: string | null): Promise<Order> {
  if (body.payment_source && requestId === null) {
    throw new Refusal(400, { issue: "PAYPAL_REQUEST_ID_REQUIRED" });
  }
  const [unit] = body.purchase_units;
  if (!unit || body.purchase_units.length > 1 || body.intent !== "CAPTURE") {
    throw unprocessable("UNSUPPORTED_INTENT", "/intent");
  }
  const kept = unitOf(unit);
  const amount = checkedAmount(scene, kept);
  await checkCategory(scene, kept);
  const source = sourceOf(scene, body, amount);
  const order: Order = {
    id: scene.house.ids.payment(),
    account: scene.account.id,
    status: source.wallet === "none" ? "CREATED" : "PAYER_ACTION_REQUIRED",
    source: source.wallet,
    guest: body.payment_source?.paypal?.experience_context?.landing_page === "GUEST_CHECKOUT",
    unit: kept,
    returnUrl: source.returnUrl,
    cancelUrl: source.cancelUrl,
    createdAt: stamp(scene.now),
    updatedAt: stamp(scene.now),
    approvedAt: null,
    tender: {},
    storeInVault: source.storeInVault,
    vaultId: source.vaultId,
  };
  await save(scene, order);
  if (order.vaultId === null) return order;
  const token = await scene.documents.get("payment_token", order.vaultId);
  if (!token) throw unprocessable("TOKEN_ID_NOT_FOUND", "/payment_source");
  if (token.wallet !== order.source) throw unprocessable("MISMATCHED_VAULT_ID_TO_PAYMENT_SOURCE");
  return take(scene, { ...order, status: "APPROVED", approvedAt: stamp(scene.now) });
}

const save = (scene: Scene, order: Order): Promise<void> => scene.documents.put("order", order);

type AskedUnit = OrderBody["purchase_units"][number];

/** The stored unit: the body's, without the keys that are not there. */
const unitOf = (unit: AskedUnit): Unit => JSON.parse(JSON.stringify(unit));

function checkedAmount(scene: Scene, unit: Unit): Money {
  const field = "/purchase_units/@reference_id=='default'/amount";
  const amount = amountIn(unit.amount, scene, field);
  const total = unit.amount.breakdown?.item_total;
  if (!unit.items) return amount;
  if (!total) throw unprocessable("ITEM_TOTAL_REQUIRED", `${field}/breakdown/item_total`);
  const prices = unit.items.map((item) => ({
    price: amountIn(item.unit_amount, scene, "/items/unit_amount"),
    count: BigInt(item.quantity),
  }));
  const stated = amountIn(total, scene, `${field}/breakdown/item_total`);
  const currencies = new Set([
    stated.currency,
    amount.currency,
    ...prices.map(({ price }) => price.currency),
  ]);
  if (currencies.size > 1) throw unprocessable("MULTI_CURRENCY_ORDER");
  const sum = prices.reduce((all, { price, count }) => all + price.minor * count, 0n);
  if (sum !== stated.minor) throw unprocessable("ITEM_TOTAL_MISMATCH", `${field}/breakdown/item_total`);
  if (!equals(stated, amount)) throw unprocessable("AMOUNT_MISMATCH", field);
  return amount;
}

const isDonation = (unit: Unit): boolean => unit.items?.some((item) => item.category === "DONATION") ?? false;

async function checkCategory(scene: Scene, unit: Unit): Promise<void> {
  if (!isDonation(unit)) return;
  const { donations } = await settingsOf(scene);
  if (donations === "refused_at_order")
    throw unprocessable("DONATION_ITEMS_NOT_SUPPORTED", "/purchase_units/0/items");
}

type Source = {
  readonly wallet: Order["source"];
  readonly returnUrl: string | null;
  readonly cancelUrl: string | null;
  readonly storeInVault: boolean;
  readonly vaultId: string | null;
};

function sourceOf(scene: Scene, body: OrderBody, amount: Money): Source {
  const { paypal, venmo } = body.payment_source ?? {};
  if (paypal && venmo) throw unprocessable("ONLY_ONE_PAYMENT_SOURCE_ALLOWED", "/payment_source");
  const older = body.application_context;
  const context = paypal?.experience_context;
  const named = paypal ?? venmo;
  const storeInVault = named?.attributes?.vault?.store_in_vault === "ON_SUCCESS";
  const returnUrl = context?.return_url ?? older?.return_url ?? null;
  const cancelUrl = context?.cancel_url ?? older?.cancel_url ?? null;
  if (storeInVault && returnUrl === null) throw unprocessable("RETURN_URL_REQUIRED");
  if (venmo && (scene.account.country !== "us" || amount.currency !== "USD")) {
    throw unprocessable("CURRENCY_NOT_SUPPORTED_FOR_COUNTRY", "/payment_source/venmo");
  }
  return {
    wallet: paypal ? "paypal" : venmo ? "venmo" : "none",
    returnUrl,
    cancelUrl,
    storeInVault,
    vaultId: named?.vault_id ?? null,
  };
}

/** An order nobody approved in its three hours is gone. */
export async function orderById(scene: Scene, id: string): Promise<Order> {
  const found = await scene.documents.get("order", id);
  if (!found) throw notFound();
  const open = found.status === "CREATED" || found.status === "PAYER_ACTION_REQUIRED";
  if (open && isOver(scene, found.createdAt)) throw notFound();
  return found;
}

const isOver = (scene: Scene, since: string): boolean => scene.now.getTime() - Date.parse(since) > orderLives;

/** The donor pays on PayPal's page, with an instrument whose bank has made up its mind. */
export async function approveOrder(scene: Scene, id: string, tender: Tender): Promise<Order> {
  const order = await orderById(scene, id);
  if (order.status === "COMPLETED") throw unprocessable("ORDER_ALREADY_CAPTURED");
  if (order.status === "VOIDED") throw unprocessable("ORDER_EXPIRED");
  const now = stamp(scene.now);
  const approved: Order = {
    ...order,
    status: "APPROVED",
    source: order.source === "none" ? "paypal" : order.source,
    approvedAt: now,
    updatedAt: now,
    tender,
  };
  await save(scene, approved);
  await emit(scene, "CHECKOUT.ORDER.APPROVED", await shown(scene, approved, true));
  return approved;
}

/** `PATCH /v2/checkout/orders/{id}`: of all that PayPal lets one change, the items. */
export async function patchOrder(
  scene: Scene,
  id: string,
  patches: z.output<typeof patchBody>,
): Promise<void> {
  let order = await orderById(scene, id);
  if (order.status === "COMPLETED") throw unprocessable("ORDER_ALREADY_COMPLETED");
  for (const { op, path, value } of patches) {
    if (path === undefined) throw unprocessable("PATCH_PATH_REQUIRED");
    if (path !== "/purchase_units/@reference_id=='default'/items") throw unprocessable("NOT_PATCHABLE", path);
    if (op !== "replace") throw new Refusal(400, { issue: "INVALID_PATCH_OPERATION", field: path });
    if (value === undefined) throw unprocessable("PATCH_VALUE_REQUIRED", path);
    const unit: Unit = JSON.parse(JSON.stringify({ ...order.unit, items: shaped(items, value) }));
    checkedAmount(scene, unit);
    order = { ...order, unit, updatedAt: stamp(scene.now) };
  }
  await save(scene, order);
}

/** Venmo's test amounts in US dollars, and what they come to (facts: methods §5; which issue, PayPal does not say). */
const magic: Readonly<Record<string, string>> = {
  "12.34": "INSTRUMENT_DECLINED",
  "21.43": "PAYER_ACCOUNT_LOCKED_OR_CLOSED",
  "11.45": "PAYER_ACCOUNT_RESTRICTED",
  "10.23": "TRANSACTION_REFUSED",
  "13.42": "PAYER_CANNOT_PAY",
};

/** `POST /v2/checkout/orders/{id}/capture`. */
export async function captureOrder(scene: Scene, id: string): Promise<Order> {
  const order = await orderById(scene, id);
  if (order.status === "COMPLETED") throw unprocessable("ORDER_ALREADY_CAPTURED");
  if (order.status === "VOIDED") throw unprocessable("ORDER_EXPIRED");
  if (order.status !== "APPROVED") throw unprocessable("ORDER_NOT_APPROVED");
  if (order.approvedAt !== null && isOver(scene, order.approvedAt)) throw unprocessable("ORDER_EXPIRED");
  return take(scene, order);
}

async function take(scene: Scene, order: Order): Promise<Order> {
  const { donations } = await settingsOf(scene);
  if (donations === "refused_at_capture" && isDonation(order.unit)) {
    throw new Refusal(403, { issue: "PERMISSION_DENIED_FOR_DONATION_ITEMS" });
  }
  const issue = order.tender.issue ?? (order.source === "venmo" ? magic[order.unit.amount.value] : undefined);
  if (issue !== undefined) throw refusalOf(issue);
  if (await isInvoicePaid(scene, order)) throw unprocessable("DUPLICATE_INVOICE_ID", "/invoice_id");
  const completed: Order = { ...order, status: "COMPLETED", updatedAt: stamp(scene.now) };
  await save(scene, completed);
  const capture = await makeCapture(scene, completed, completed.tender);
  if (completed.storeInVault && capture.status === "COMPLETED") await keepFromOrder(scene, completed);
  return completed;
}

/** The church's account wants each invoice once, which is a setting at PayPal: here it is on. */
async function isInvoicePaid(scene: Scene, order: Order): Promise<boolean> {
  const invoice = order.unit.invoice_id;
  if (invoice === undefined) return false;
  const captures = await scene.documents.list("capture", `invoice=${invoice}`);
  return captures.some((capture) => capture.status !== "DECLINED");
}

/** Nobody captured in time: PayPal gives the donor's approval up. Called by the clock. */
export async function reverseApproval(scene: Scene, id: string): Promise<Order> {
  const order = await orderById(scene, id);
  if (order.status !== "APPROVED") throw unprocessable("ORDER_NOT_APPROVED");
  const voided: Order = { ...order, status: "VOIDED", updatedAt: stamp(scene.now) };
  await save(scene, voided);
  const { reference_id, custom_id, invoice_id } = order.unit;
  await emit(scene, "CHECKOUT.PAYMENT-APPROVAL.REVERSED", {
    order_id: order.id,
    purchase_units: [{ reference_id, custom_id, invoice_id }],
    payment_source: { [order.source]: {} },
  });
  return voided;
}

/** Approved orders whose time is over. */
export async function lapsed(scene: Scene): Promise<readonly Order[]> {
  const all = await scene.documents.list("order", `account=${scene.account.id}`);
  return all.filter(
    ({ status, approvedAt }) => status === "APPROVED" && approvedAt !== null && isOver(scene, approvedAt),
  );
}

/** The order as the API shows it, in full or as the short answer. */
export async function shown(scene: Scene, order: Order, full: boolean): Promise<object> {
  const [token] = await scene.documents.list("payment_token", `order=${order.id}`);
  if (!full) return orderSummary(scene, order, token);
  const captures = await capturesOf(scene, order);
  const refunds: Refund[] = [];
  for (const capture of captures) refunds.push(...(await refundsOf(scene, capture)));
  const parts: OrderParts = { captures, refunds, token };
  return orderView(scene, order, parts);
}
