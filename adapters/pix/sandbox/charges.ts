import { withoutGaps } from "../../../src/kernel/without-gaps.ts";
import { dayOf, daysBetween, plusDays } from "../calendar.ts";
import { notify } from "./deliveries.ts";
import type { Charge, Ending, Rec, Received, Rhythm, Try } from "./documents.ts";
import { isAsked, pageOf, readQuery } from "./lists.ts";
import { shownPix } from "./received.ts";
import { changed, findRec } from "./recurrences.ts";
import { Refusal, violation } from "./refusal.ts";
import { paymentSystemId, type Scene, textOf } from "./scene.ts";
import { readBody } from "./shapes.ts";

const objection = (field: string, why: string): Refusal =>
  violation("CobROperacaoInvalida", `cobr.${field}`, why);

/** `PUT /cobr/{txid}`: announced two to ten days before it is due, under a recurrence that the donor accepted. */
export async function putCharge(scene: Scene, txid: string, given: unknown): Promise<object> {
  if (!/^[a-zA-Z0-9]{26,35}$/.test(txid)) throw objection("txid", "fora do padrão");
  const body = readBody("charge", given);
  const used = (await scene.documents.get("charge", txid)) ?? (await scene.documents.get("claim", txid));
  if (used) throw objection("txid", "em uso");
  const rec = await findRec(scene, body.idRec);
  await checkCharge(scene, rec, body.calendario.dataDeVencimento, body.valor.original);
  const { idRec, infoAdicional, ajusteDiaUtil, recebedor } = body;
  const made: Charge = {
    txid,
    idRec,
    criacao: textOf(scene.now),
    dataDeVencimento: body.calendario.dataDeVencimento,
    valor: body.valor.original,
    ...withoutGaps({ infoAdicional }),
    recebedor,
    ajusteDiaUtil,
    politicaRetentativa: rec.politicaRetentativa,
    status: "CRIADA",
    atualizacao: changed(scene, [], "CRIADA"),
    tentativas: [],
    paidBy: [],
  };
  await scene.documents.put("charge", txid, made);
  // The donor's bank takes it into its schedule a moment after our answer.
  await moveCharge(scene, made, "ATIVA", {
    tentativas: [await newTry(scene, made.dataDeVencimento, "AGND")],
  });
  return shownCharge(scene, made);
}

async function checkCharge(scene: Scene, rec: Rec, due: string, amount: string): Promise<void> {
  if (rec.status !== "APROVADA") throw objection("idRec", "a recorrência não está APROVADA");
  const ahead = daysBetween(dayOf(scene.now), due);
  if (ahead < 2 || ahead > 10)
    throw objection("calendario.dataDeVencimento", "fora da janela de 2 a 10 dias");
  const { dataInicial, dataFinal, periodicidade } = rec.calendario;
  if (due < dataInicial || (dataFinal !== undefined && due > dataFinal)) {
    throw objection("calendario.dataDeVencimento", "fora da vigência da recorrência");
  }
  if (rec.valor?.valorRec !== undefined && rec.valor.valorRec !== amount) {
    throw objection("valor.original", "a recorrência tem valor fixo");
  }
  const cycle = cycleOf(dataInicial, periodicidade, due);
  const taken = (await scene.documents.all("charge")).some(
    (one) =>
      one.idRec === rec.idRec &&
      one.status !== "REJEITADA" &&
      one.status !== "CANCELADA" &&
      cycleOf(dataInicial, periodicidade, one.dataDeVencimento) === cycle,
  );
  if (taken) throw objection("calendario.dataDeVencimento", "já há cobrança neste ciclo");
}

const monthsIn: Readonly<Record<Exclude<Rhythm, "SEMANAL">, number>> = {
  MENSAL: 1,
  TRIMESTRAL: 3,
  SEMESTRAL: 6,
  ANUAL: 12,
};

/** Which cycle of the recurrence a day lies in, counted by weeks from its first day or by calendar months. */
function cycleOf(first: string, rhythm: Rhythm, day: string): number {
  if (rhythm === "SEMANAL") return Math.floor(daysBetween(first, day) / 7);
  const month = (text: string) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7));
  return Math.floor((month(day) - month(first)) / monthsIn[rhythm]);
}

async function newTry(scene: Scene, dataLiquidacao: string, tipo: Try["tipo"]): Promise<Try> {
  const endToEndId = await paymentSystemId(scene, "E");
  return {
    dataLiquidacao,
    tipo,
    endToEndId,
    status: "AGENDADA",
    atualizacao: changed(scene, [], "AGENDADA"),
  };
}

export async function findCharge(scene: Scene, txid: string): Promise<Charge> {
  const charge = await scene.documents.get("charge", txid);
  if (!charge) throw new Refusal("CobRNaoEncontrado", "cobrança não encontrada para o txid informado");
  return charge;
}

export const getCharge = async (scene: Scene, txid: string): Promise<object> =>
  shownCharge(scene, await findCharge(scene, txid));

async function shownCharge(scene: Scene, charge: Charge): Promise<object> {
  const { criacao, dataDeVencimento, valor, paidBy, recebedor, ...shown } = charge;
  const received = await Promise.all(paidBy.map((id) => scene.documents.get("received", id)));
  const pix = received.filter((one) => one !== undefined).map(shownPix);
  return {
    ...shown,
    calendario: { criacao: dayOf(new Date(criacao)), dataDeVencimento },
    valor: { original: valor },
    recebedor: { ...recebedor, cnpj: scene.account.cnpj, nome: scene.account.name },
    ...(pix.length > 0 ? { pix } : {}),
  };
}

export async function listCharges(scene: Scene, params: URLSearchParams): Promise<object> {
  const query = readQuery(params, "CobRConsultaInvalida");
  const all = (await scene.documents.all("charge")).filter(
    (one) =>
      isAsked(query, one.criacao) &&
      (query.status === undefined || one.status === query.status) &&
      (query.idRec === undefined || one.idRec === query.idRec),
  );
  const { parametros, items } = pageOf(query, all);
  const cobsr = await Promise.all(items.map((charge) => shownCharge(scene, charge)));
  return { parametros, cobsr };
}

/** `PATCH /cobr/{txid}`: until the day before the first try. */
export async function cancelCharge(scene: Scene, txid: string, given: unknown): Promise<object> {
  readBody("chargeCancelled", given);
  const charge = await findCharge(scene, txid);
  const open = charge.status === "CRIADA" || charge.status === "ATIVA";
  if (!open || dayOf(scene.now) >= charge.dataDeVencimento) {
    throw objection("status", "não pode mais ser cancelada");
  }
  const cancelamento = { solicitante: "USUARIO_RECEBEDOR", codigo: "SLCR", descricao: "pedido do recebedor" };
  const done = await moveCharge(scene, charge, "CANCELADA", {
    encerramento: { cancelamento },
    tentativas: endTries(scene, charge, "CANCELADA"),
  });
  return shownCharge(scene, done);
}

/** `POST /cobr/{txid}/retentativa/{data}`. */
export async function tryAgain(scene: Scene, txid: string, day: string): Promise<object> {
  const charge = await findCharge(scene, txid);
  if (charge.politicaRetentativa === "NAO_PERMITE")
    throw objection("politicaRetentativa", "não permite retentativa");
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || day <= dayOf(scene.now)) throw objection("data", "não é futura");
  if (charge.status !== "ATIVA" || charge.tentativas.some(({ status }) => status === "AGENDADA")) {
    throw objection("tentativas", "há uma tentativa em andamento, ou a cobrança está encerrada");
  }
  if (charge.tentativas.length > 3 || day > plusDays(charge.dataDeVencimento, 7)) {
    throw objection("tentativas", "três retentativas em sete dias, no máximo");
  }
  const tentativas = [...charge.tentativas, await newTry(scene, day, "NTAG")];
  return shownCharge(scene, await moveCharge(scene, charge, "ATIVA", { tentativas }));
}

export const endTries = (
  scene: Scene,
  charge: Charge,
  status: Try["status"],
  rejeicao?: Try["rejeicao"],
): readonly Try[] =>
  charge.tentativas.map((one) =>
    one.status === "AGENDADA"
      ? {
          ...one,
          status,
          atualizacao: changed(scene, one.atualizacao, status),
          ...(rejeicao ? { rejeicao } : {}),
        }
      : one,
  );

type Move = {
  readonly tentativas?: readonly Try[];
  readonly encerramento?: Ending;
  readonly paidBy?: readonly string[];
  readonly pix?: Received;
};

/** The one way a charge changes; each change is announced. */
export async function moveCharge(
  scene: Scene,
  charge: Charge,
  status: Charge["status"],
  { pix, ...more }: Move,
): Promise<Charge> {
  const moved: Charge = {
    ...charge,
    ...more,
    status,
    atualizacao: changed(scene, charge.atualizacao, status),
  };
  await scene.documents.put("charge", charge.txid, moved);
  const { idRec, txid, atualizacao, tentativas, encerramento } = moved;
  const told = {
    idRec,
    txid,
    status,
    atualizacao,
    tentativas,
    ...(encerramento ? { encerramento } : {}),
    ...(pix ? { pix: [shownPix(pix)] } : {}),
  };
  await notify(scene, "cobr", "/cobr", { cobsr: [told] });
  return moved;
}
