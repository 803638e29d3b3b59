import { equals } from "../../src/kernel/money.ts";
import { type PixAccount, readClaim } from "./claims.ts";
import { type Asking, beginAsking } from "./client.ts";
import type { Notice } from "./notice.ts";
import { pixSchema, recSchema, type WirePix } from "./wire.ts";

/** Time to ask the provider back while it waits for our answer, in milliseconds. */
const timeoutMs = 15_000;
/** More than this in one delivery is not believed; providers group a handful. */
const most = 200;
const lanes = 8;

/**
 * Whether the provider knows everything a delivery names, over a connection that we opened: what speaks for a delivery
 * when nothing else does. A provider that cannot be asked confirms nothing.
 */
export async function isKnownToProvider(account: PixAccount, notice: Notice, now: Date): Promise<boolean> {
  const asking = beginAsking({ now, timeoutMs });
  const checks = checksOf(account, notice, asking);
  if (checks.length > most) return false;
  const verdicts: boolean[] = [];
  const queue = checks[Symbol.iterator]();
  const work = async () => {
    for (const check of queue) verdicts.push(await check());
  };
  await Promise.all(Array.from({ length: lanes }, work));
  return verdicts.every((known) => known);
}

type Check = () => Promise<boolean>;

function checksOf(account: PixAccount, notice: Notice, asking: Asking): readonly Check[] {
  switch (notice.kind) {
    case "pix":
      return notice.pix.map((told) => () => isPixKnown(account, told, asking));
    case "rec":
      return notice.recs.map(({ idRec }) => async () => {
        const request = { method: "GET", path: `/rec/${idRec}` } as const;
        return (await account.client.ask(recSchema, request, asking)).ok;
      });
    case "cobr":
      return notice.cobsr.map(
        ({ txid }) =>
          async () =>
            (await readClaim(account, "cobr", txid, asking)).ok,
      );
  }
}

async function isPixKnown(account: PixAccount, told: WirePix, asking: Asking): Promise<boolean> {
  const path = `/pix/${told.endToEndId}`;
  const answer = await account.client.ask(pixSchema, { method: "GET", path }, asking);
  if (!answer.ok) return false;
  const { endToEndId, txid, valor } = answer.value;
  return endToEndId === told.endToEndId && txid === told.txid && equals(valor, told.valor);
}
