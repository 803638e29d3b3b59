import { and, asc, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "../db/client.ts";
import { readTogether } from "../db/together.ts";
import type { MandateCadence } from "../gateway/mandate.ts";
import { methodTypes } from "../gateway/methods.ts";
import type { Device, Evidence } from "../gateway/payment.ts";
import { readAction, storedText } from "../giving/stored-json.ts";
import { assert } from "../kernel/assert.ts";
import { isCurrency } from "../kernel/currency.ts";
import type { ChurchId, GatewayAccountId, MandateId } from "../kernel/ids.ts";
import { money } from "../kernel/money.ts";
import type { ChurchVault } from "../privacy/vault.ts";
import type { Mandate } from "./recurring-gift.ts";
import { mandates } from "./tables.ts";

type Row = typeof mandates.$inferSelect;

const currency = z.string().refine(isCurrency);
const presentation = z.enum(["embedded", "hosted", "token", "instructions"]);
const cadence = z.enum([
  "weekly",
  "monthly",
  "quarterly",
  "half_yearly",
  "yearly",
  "as_needed",
]) satisfies z.ZodType<MandateCadence>;

function readMandate(row: Row): Mandate {
  const { keyVersion: _, agreedFrom: __, evidence: ___, ceilingMinor, fixedMinor, ...kept } = row;
  const unit = currency.parse(row.currency);
  return {
    ...kept,
    method: z.enum(methodTypes).parse(row.method),
    presentation: presentation.parse(row.presentation),
    cadence: cadence.parse(row.cadence),
    gatewayMandateId: row.gatewayMandateId ?? undefined,
    customerRef: row.customerRef ?? undefined,
    action: readAction(row.action),
    display: row.display ?? undefined,
    network: row.network ?? undefined,
    expiresOn: row.expiresOn ?? undefined,
    ceiling: ceilingMinor === null ? undefined : money(ceilingMinor, unit),
    fixed: fixedMinor === null ? undefined : money(fixedMinor, unit),
    endedBy: row.endedBy ?? undefined,
    endedCode: row.endedCode ?? undefined,
    endAskedAt: row.endAskedAt ?? undefined,
    nextCheckAt: row.nextCheckAt ?? undefined,
  };
}

/** Written before the gateway is asked. From where the donor agreed is sealed with it. */
export async function insertMandate(
  tx: Tx,
  vault: ChurchVault,
  mandate: Mandate,
  agreedFrom: Device | undefined,
): Promise<void> {
  const { churchId, id, ceiling, fixed, action, ...row } = mandate;
  const { keyVersion, bytes } = await vault.sealRow(
    tx,
    churchId,
    { table: "mandates", row: id },
    new Map([["agreed_from", agreedFrom ? JSON.stringify(agreedFrom) : null]]),
  );
  await tx.orm.insert(mandates).values({
    ...row,
    churchId,
    id,
    action: stored(action),
    ceilingMinor: ceiling?.minor ?? null,
    fixedMinor: fixed?.minor ?? null,
    keyVersion,
    agreedFrom: bytes.get("agreed_from") ?? null,
  });
}

/** JSON without bigints, as a jsonb column takes it. */
const stored = (value: object | undefined): unknown => JSON.parse(storedText(value) ?? "null");

/** `undefined` when the church has no such mandate. With `lock` its row is held until the transaction ends. */
export async function loadMandate(
  tx: Tx,
  church: ChurchId,
  id: MandateId,
  lock: boolean,
): Promise<Mandate | undefined> {
  if (!lock) return mandateOf(tx, church, id);
  const [row] = await rowsOf(tx, church, [id]).for("update");
  return row && readMandate(row);
}

const rowsOf = (tx: Tx, church: ChurchId, ids: readonly MandateId[]) =>
  tx.orm
    .select()
    .from(mandates)
    .where(and(eq(mandates.churchId, church), inArray(mandates.id, [...ids])));

const mandateOf = readTogether(
  async (tx, church, ids: readonly MandateId[]) =>
    new Map((await rowsOf(tx, church, ids)).map((row) => [row.id, readMandate(row)])),
);

/** Every mandate of an account that the gateway knows by this id: one saved card may serve several; locked. */
export async function mandatesAtGateway(
  tx: Tx,
  church: ChurchId,
  account: GatewayAccountId,
  gatewayMandateId: string,
  lock: boolean,
): Promise<readonly Mandate[]> {
  const query = tx.orm
    .select()
    .from(mandates)
    .where(
      and(
        eq(mandates.churchId, church),
        eq(mandates.gatewayAccountId, account),
        eq(mandates.gatewayMandateId, gatewayMandateId),
      ),
    )
    .orderBy(asc(mandates.id));
  const rows = await (lock ? query.for("update") : query);
  return rows.map(readMandate);
}

/** Compare-and-set on the version, which must be one more; `false` when another was quicker. */
export async function saveMandate(
  tx: Tx,
  before: Mandate,
  after: Mandate,
  evidence?: Evidence,
): Promise<boolean> {
  assert(after.version === before.version + 1, "a change is one version further");
  const saved = await tx.orm
    .update(mandates)
    .set({
      state: after.state,
      version: after.version,
      gatewayMandateId: after.gatewayMandateId ?? null,
      customerRef: after.customerRef ?? null,
      action: stored(after.action),
      display: after.display ?? null,
      network: after.network ?? null,
      expiresOn: after.expiresOn ?? null,
      endedBy: after.endedBy ?? null,
      endedCode: after.endedCode ?? null,
      endAskedAt: after.endAskedAt ?? null,
      nextCheckAt: after.nextCheckAt ?? null,
      checks: after.checks,
      updatedAt: after.updatedAt,
      ...(evidence ? { evidence: stored(evidence) } : {}),
    })
    .where(
      and(
        eq(mandates.churchId, before.churchId),
        eq(mandates.id, before.id),
        eq(mandates.version, before.version),
      ),
    )
    .returning({ id: mandates.id });
  return saved.length === 1;
}
