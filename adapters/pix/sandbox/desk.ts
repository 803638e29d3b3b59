import type { Localized } from "../../../src/gateway/country-profile.ts";
import type { SandboxStore } from "../../../src/gateway/sandbox.ts";
import type { DeskDelivery, DeskPayment, DeskPress, SandboxDesk } from "../../../src/gateway/sandbox-desk.ts";
import type { Clock } from "../../../src/kernel/clock.ts";
import { zero } from "../../../src/kernel/money.ts";
import { err, ok, type Result } from "../../../src/kernel/result.ts";
import { type Account, accountOf, clientIdFor } from "./accounts.ts";
import type { SandboxControl } from "./control.ts";
import type { DeliveryMode } from "./deliveries.ts";
import { actionsFor, inReais, type OnDesk } from "./desk-actions.ts";
import { accountIdIn, type Documents, documentsOf, everyAccount } from "./documents.ts";

export type DeskParts = {
  readonly store: SandboxStore;
  readonly clock: Clock;
  readonly control: SandboxControl;
};

/** The donor's bank and the provider of the Pix simulator, for `/sandbox`. */
export function pixDesk(parts: DeskParts): SandboxDesk {
  return {
    name: "Pix",
    payments: async () => {
      const things = await Promise.all(
        (["claim", "rec", "charge"] as const).map((kind) => newest(parts, kind)),
      );
      const all = things.flat().map((thing) => shown(thing));
      return all.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime()).slice(0, shownMost);
    },
    play: (press) => play(parts, press),
    delivery: deliveryOf(parts.control),
  };
}

const shownMost = 60;
type Kind = OnDesk["kind"];

async function newest(parts: DeskParts, kind: Kind): Promise<readonly OnDesk[]> {
  const page = { order: "newest_first", limit: shownMost } as const;
  const entries = await parts.store.list(`pix.${kind}`, everyAccount, page);
  const things = entries.map(({ id }) => find(parts, kind, id));
  return (await Promise.all(things)).filter((thing) => thing !== undefined);
}

/** `place`: the account's name and the object's id. */
async function find(parts: DeskParts, kind: Kind, place: string): Promise<OnDesk | undefined> {
  const account = accountOf(clientIdFor(accountIdIn(place)));
  if (!account) return undefined;
  const documents = documentsOf(account, parts.store);
  const id = place.slice(account.id.length + 1);
  const now = parts.clock.now();
  switch (kind) {
    case "claim": {
      const claim = await documents.get("claim", id);
      return claim && { kind, account, now, claim, received: await receivedBy(documents, claim.paidBy) };
    }
    case "rec": {
      const rec = await documents.get("rec", id);
      return rec && { kind, account, now, rec };
    }
    case "charge": {
      const charge = await documents.get("charge", id);
      return charge && { kind, account, now, charge, received: await receivedBy(documents, charge.paidBy) };
    }
  }
}

const receivedBy = async (documents: Documents, ids: readonly string[]) =>
  (await Promise.all(ids.map((id) => documents.get("received", id)))).filter((one) => one !== undefined);

async function play(parts: DeskParts, press: DeskPress): Promise<Result<void, string>> {
  const [kind, ...rest] = press.payment.split(":");
  if (kind !== "claim" && kind !== "rec" && kind !== "charge") return err("There is no such payment.");
  const thing = await find(parts, kind, rest.join(":"));
  if (!thing) return err("There is no such payment.");
  const action = actionsFor(thing).find(({ id }) => id === press.action);
  if (!action) return err("This cannot be done to the payment as it stands now.");
  const done = await action.play(parts.control, press.fields);
  await parts.control.flush();
  return done.ok ? ok(undefined) : done;
}

const nameOf = (kind: Kind, account: Account, id: string): string => `${kind}:${account.id}/${id}`;

function shown(thing: OnDesk): DeskPayment {
  const actions = actionsFor(thing).map(({ id, label, field }) => ({
    id,
    label,
    ...(field ? { field } : {}),
  }));
  const { account } = thing;
  switch (thing.kind) {
    case "claim": {
      const { claim, received } = thing;
      const returns = received.flatMap((one) =>
        one.devolucoes.map(({ natureza, status }) => `${natureza} ${status}`),
      );
      return {
        id: nameOf("claim", account, claim.txid),
        amount: inReais(claim.valor.original),
        method: claim.kind,
        status: [claim.status, ...returns].join(" · "),
        donation: claim.infoAdicionais?.find(({ nome }) => nome === "Ref.")?.valor,
        createdAt: new Date(claim.criacao),
        facts: received.map((one) => fact(arrived, `${one.valor} ${one.endToEndId}`)),
        actions,
      };
    }
    case "rec": {
      const { rec } = thing;
      const fixed = rec.valor?.valorRec ?? rec.valor?.valorMinimoRecebedor;
      return {
        id: nameOf("rec", account, rec.idRec),
        amount: fixed === undefined ? zero("BRL") : inReais(fixed),
        method: "rec",
        status: rec.status,
        donation: undefined,
        createdAt: new Date(rec.criacao),
        facts: [fact(rhythm, rec.calendario.periodicidade)],
        actions,
      };
    }
    case "charge": {
      const { charge } = thing;
      return {
        id: nameOf("charge", account, charge.txid),
        amount: inReais(charge.valor),
        method: "cobr",
        status: charge.status,
        donation: undefined,
        createdAt: new Date(charge.criacao),
        facts: [fact(due, charge.tentativas.at(-1)?.dataLiquidacao ?? charge.dataDeVencimento)],
        actions,
      };
    }
  }
}

const arrived: Localized = { es: "Recibido", en: "Received", pt: "Recebido" };
const rhythm: Localized = { es: "Periodicidad", en: "Rhythm", pt: "Periodicidade" };
const due: Localized = { es: "Se cobra el", en: "Due on", pt: "Vence em" };
const fact = (label: Localized, value: string) => ({ label, value });

const modes: readonly { readonly id: DeliveryMode; readonly label: Localized }[] = [
  { id: "normal", label: { es: "normal", en: "normal", pt: "normal" } },
  {
    id: "duplicated",
    label: { es: "cada uno tres veces", en: "each three times", pt: "cada um três vezes" },
  },
  {
    id: "late",
    label: { es: "retenidos hasta soltarlos", en: "held until released", pt: "retidos até soltar" },
  },
  {
    id: "out_of_order",
    label: { es: "el más nuevo primero", en: "newest first", pt: "o mais novo primeiro" },
  },
  { id: "lost", label: { es: "perdidos", en: "lost", pt: "perdidos" } },
];

function deliveryOf(control: SandboxControl): DeskDelivery {
  return {
    modes,
    choose: async (id) => {
      const chosen = modes.find((known) => known.id === id);
      if (!chosen) return;
      await control.deliverNotices(chosen.id);
      await control.flush();
    },
    deliverNow: () => control.release(),
  };
}
