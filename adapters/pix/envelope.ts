import type { EventEnvelope } from "../../src/gateway/webhook.ts";
import type { Notice } from "./notice.ts";
import type { WireReturn } from "./wire.ts";

/** A notice has no id: it is known by what it says, and stands in the queue of its first object. */
export function envelopeOf(notice: Notice): EventEnvelope {
  switch (notice.kind) {
    case "pix":
      return envelope("pix", {
        said: notice.pix.map((pix) =>
          [pix.endToEndId, ...pix.devolucoes.map((one) => `${one.id}=${one.status}`)].join("+"),
        ),
        queue: notice.pix[0]?.txid ?? notice.pix[0]?.endToEndId,
        times: notice.pix.flatMap((pix) => [pix.horario, ...pix.devolucoes.flatMap(timesOf)]),
      });
    case "rec":
      return envelope("rec", {
        said: notice.recs.map((rec) => `${rec.idRec}=${rec.status}@${latest(changesOf(rec))}`),
        queue: notice.recs[0]?.idRec,
        times: notice.recs.flatMap(changesOf),
      });
    case "cobr":
      return envelope("cobr", {
        said: notice.cobsr.map((cobr) =>
          [
            `${cobr.txid}=${cobr.status}@${latest(changesOf(cobr))}`,
            ...cobr.tentativas.map((one) => `${one.dataLiquidacao}:${one.status}`),
          ].join("+"),
        ),
        queue: notice.cobsr[0]?.txid,
        times: notice.cobsr.flatMap(changesOf),
      });
  }
}

const timesOf = ({ horario }: WireReturn): readonly Date[] =>
  [horario?.solicitacao, horario?.liquidacao].filter((at) => at !== undefined);
const changesOf = (object: { readonly atualizacao: readonly { readonly at: Date }[] }): readonly Date[] =>
  object.atualizacao.map(({ at }) => at);
const latest = (times: readonly Date[]): number =>
  times.reduce((most, at) => Math.max(most, at.getTime()), 0);

type Said = {
  readonly said: readonly string[];
  readonly queue: string | undefined;
  readonly times: readonly Date[];
};

/** Longest name kept as it is; beyond it, its beginning and a digest. */
const shortest = 300;

function envelope(type: string, { said, queue, times }: Said): EventEnvelope {
  const text = said.join(",");
  const name = text.length <= shortest ? text : `${said.length}:${text.slice(0, 64)}:${digestOf(text)}`;
  return { eventKey: `${type}:${name}`, orderKey: queue ?? type, type, occurredAt: new Date(latest(times)) };
}

/** 128 bits that tell long lists apart (FNV-1a four times over); only a name, nothing is proved by it. */
function digestOf(text: string): string {
  let out = "";
  for (let round = 0; round < 4; round++) {
    let hash = 0x811c9dc5 ^ Math.imul(round, 0x9e3779b1);
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
    out += (hash >>> 0).toString(16).padStart(8, "0");
  }
  return out;
}
