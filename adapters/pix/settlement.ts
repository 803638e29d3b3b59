import type { SettlementLine, Settlements } from "../../src/gateway/settlement.ts";
import { after, days } from "../../src/kernel/clock.ts";
import { type Money, negate, zero } from "../../src/kernel/money.ts";
import { type Asking, beginAsking, type PixClient } from "./client.ts";
import { receivedBetween, slice } from "./received.ts";
import { isContest } from "./translate-event.ts";
import type { WirePix, WireReturn } from "./wire.ts";

/** How long after a Pix a devolução of it can be settled: ninety days to ask, and some to be carried out. */
const returnsReach = days(100);

/** Settlement lines from the received Pix (`GET /pix`): each Pix a capture, each settled devolução a line of its own. */
export function pixSettlements(client: PixClient): Settlements {
  return {
    /**
     * From `from` (included) to `to` (excluded), oldest first; a devolução stands where it was settled, however old
     * its Pix. A page that cannot be read throws a {@link SettlementUnread}: the lines already yielded are right.
     */
    async *lines(window, call) {
      const asking = () => beginAsking(call);
      const { from, to } = window;
      const given = await givenBack(client, from, to, asking);
      for await (const received of slices(client, from, to, {}, asking)) {
        const captures = received.pix.map(captureLine);
        const due = given.filter((line) => isWithin(line.occurredAt, received.from, received.to));
        yield* [...captures, ...due].sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime());
      }
    },
  };
}

/** The provider could not be read. */
class SettlementUnread extends Error {
  override readonly name = "SettlementUnread";
}

const isWithin = (at: Date, from: Date, to: Date): boolean => at >= from && at < to;

async function givenBack(
  client: PixClient,
  from: Date,
  to: Date,
  asking: () => Asking,
): Promise<readonly SettlementLine[]> {
  const lines: SettlementLine[] = [];
  const filter = { devolucaoPresente: "true" };
  for await (const { pix } of slices(client, after(from, -returnsReach), to, filter, asking)) {
    for (const one of pix) lines.push(...one.devolucoes.flatMap((made) => returnLine(made, one)));
  }
  return lines.filter((line) => isWithin(line.occurredAt, from, to));
}

type Slice = { readonly from: Date; readonly to: Date; readonly pix: readonly WirePix[] };

async function* slices(
  client: PixClient,
  from: Date,
  to: Date,
  filter: Readonly<Record<string, string>>,
  asking: () => Asking,
): AsyncIterable<Slice> {
  for (let start = from; start < to; start = after(start, slice)) {
    const end = new Date(Math.min(after(start, slice).getTime(), to.getTime()));
    const read = await receivedBetween(client, { from: start, to: end }, filter, asking);
    if (!read.ok) {
      const failure = read.error;
      const why = failure.kind === "refused" ? failure.problem.reason : failure.cause;
      throw new SettlementUnread(`the received Pix could not be read: ${why}`);
    }
    // `fim` is included by the API; each instant belongs to one slice only.
    yield { from: start, to: end, pix: read.value.filter(({ horario }) => isWithin(horario, start, end)) };
  }
}

const free = { amount: zero("BRL"), tax: zero("BRL") } as const;

function captureLine(pix: WirePix): SettlementLine {
  return line(pix.endToEndId, { kind: "capture", rawType: "pix", gross: pix.valor, at: pix.horario, pix });
}

/** Only what was carried out moves money. */
function returnLine(made: WireReturn, pix: WirePix): readonly SettlementLine[] {
  const at = made.horario?.liquidacao ?? made.horario?.solicitacao;
  if (made.status !== "DEVOLVIDO" || !at) return [];
  const kind = isContest(made.natureza) ? "dispute" : "refund";
  const rawType = `devolucao.${made.natureza ?? "ORIGINAL"}`;
  return [line(`${pix.endToEndId}.${made.id}`, { kind, rawType, gross: negate(made.valor), at, pix })];
}

type Booked = {
  readonly kind: SettlementLine["kind"];
  readonly rawType: string;
  readonly gross: Money;
  readonly at: Date;
  readonly pix: WirePix;
};

/** Pix money is in the account when it is told: nothing is kept of it, nothing is waited for. */
function line(gatewayLineId: string, { kind, rawType, gross, at, pix }: Booked): SettlementLine {
  return {
    gatewayLineId,
    kind,
    rawType,
    gross,
    fee: free,
    net: gross,
    ...(pix.txid === undefined ? {} : { sourceId: pix.txid }),
    occurredAt: at,
    availableOn: at,
  };
}
