import { withoutGaps } from "../../../src/kernel/without-gaps.ts";
import { dynamicBrCode } from "../br-code.ts";
import { dayOf } from "../calendar.ts";
import { digest, ispb } from "./accounts.ts";
import { notify } from "./deliveries.ts";
import type { Change, Ending, Location, Rec, Request } from "./documents.ts";
import { isAsked, pageOf, readQuery } from "./lists.ts";
import { Refusal, violation } from "./refusal.ts";
import { type Scene, serial, textOf } from "./scene.ts";
import { readBody } from "./shapes.ts";

const dayText = (scene: Scene): string => dayOf(scene.now).replaceAll("-", "");
export const changed = (scene: Scene, history: readonly Change[], status: string): readonly Change[] => [
  ...history,
  { status, data: textOf(scene.now) },
];

/** `POST /locrec`: a place for a recurrence's payload. */
export async function makeLocation(scene: Scene): Promise<object> {
  const id = await scene.documents.next();
  const location = `${scene.host}/qr/v2/rec/${digest(`${scene.account.id}:loc:${id}`, 32)}`;
  const made: Location = { id, location, criacao: textOf(scene.now) };
  await scene.documents.put("location", String(id), made);
  return { ...made, tipo: "rec" };
}

export async function makeRec(scene: Scene, given: unknown): Promise<object> {
  const { loc, ...body } = readBody("rec", given);
  const { dataInicial, dataFinal } = body.calendario;
  if (dataInicial < dayOf(scene.now)) {
    throw violation("RecOperacaoInvalida", "rec.calendario.dataInicial", "anterior à criação");
  }
  if (dataFinal !== undefined && dataFinal < dataInicial) {
    throw violation("RecOperacaoInvalida", "rec.calendario.dataFinal", "anterior à data inicial");
  }
  const place = loc === undefined ? undefined : await scene.documents.get("location", String(loc));
  if (loc !== undefined && (!place || place.idRec !== undefined)) {
    throw violation("RecOperacaoInvalida", "rec.loc", "inexiste ou está em uso");
  }
  const letter = body.politicaRetentativa === "PERMITE_3R_7D" ? "R" : "N";
  const idRec = `R${letter}${ispb}${dayText(scene)}${await serial(scene)}`;
  const rec: Rec = {
    ...body,
    idRec,
    criacao: textOf(scene.now),
    ...withoutGaps({ locId: loc }),
    status: "CRIADA",
    journey: "AGUARDANDO_DEFINICAO",
    atualizacao: changed(scene, [], "CRIADA"),
  };
  if (place) await scene.documents.put("location", String(place.id), { ...place, idRec });
  await scene.documents.put("rec", idRec, rec);
  return shownRec(scene, rec);
}

export async function findRec(scene: Scene, idRec: string): Promise<Rec> {
  const rec = await scene.documents.get("rec", idRec);
  if (!rec) throw new Refusal("RecNaoEncontrada", "recorrência não encontrada");
  return rec;
}

/** `GET /rec/{idRec}`: with the code of the recurrence alone (journey 2). */
export async function getRec(scene: Scene, idRec: string): Promise<object> {
  const rec = await findRec(scene, idRec);
  const shown = await shownRec(scene, rec);
  const place = await placeOf(scene, rec);
  const { name, city } = scene.account;
  const code = place && dynamicBrCode({ recurrenceUrl: place.location, name, city });
  const pagador =
    rec.status === "APROVADA" ? { pagador: { ...documentOf(rec), ispbParticipante: "99999003" } } : {};
  return {
    ...shown,
    politicaRetentativa: rec.politicaRetentativa,
    ...pagador,
    ...(code?.ok ? { dadosQR: { jornada: "JORNADA_2", pixCopiaECola: code.value } } : {}),
  };
}

const documentOf = ({ vinculo }: Rec): object => {
  const { nome: _, ...document } = vinculo.devedor;
  return document;
};

const placeOf = async (scene: Scene, rec: Rec): Promise<Location | undefined> =>
  rec.locId === undefined ? undefined : scene.documents.get("location", String(rec.locId));

async function shownRec(scene: Scene, rec: Rec): Promise<object> {
  const { criacao: _, locId: __, journey: tipoJornada, ...shown } = rec;
  const place = await placeOf(scene, rec);
  return {
    ...shown,
    recebedor: { cnpj: scene.account.cnpj, nome: scene.account.name },
    ...(place ? { loc: { ...place, tipo: "rec" } } : {}),
    ativacao: { tipoJornada },
  };
}

export async function listRecs(scene: Scene, params: URLSearchParams): Promise<object> {
  const query = readQuery(params, "RecConsultaInvalida");
  const all = (await scene.documents.all("rec")).filter(
    (rec) =>
      isAsked(query, rec.criacao) &&
      (query.status === undefined || rec.status === query.status) &&
      (query.cpf === undefined || rec.vinculo.devedor.cpf === query.cpf) &&
      (query.cnpj === undefined || rec.vinculo.devedor.cnpj === query.cnpj),
  );
  const { parametros, items } = pageOf(query, all);
  const recs = await Promise.all(items.map((rec) => shownRec(scene, rec)));
  return { parametros, recs };
}

/** `PATCH /rec/{idRec}`: ended by the church. */
export async function cancelRec(scene: Scene, idRec: string, given: unknown): Promise<object> {
  readBody("recCancelled", given);
  const rec = await findRec(scene, idRec);
  if (rec.status !== "CRIADA" && rec.status !== "APROVADA") {
    throw violation("RecOperacaoInvalida", "rec.status", "a recorrência já está encerrada");
  }
  const cancelamento = { solicitante: "USUARIO_RECEBEDOR", codigo: "SLCR", descricao: "pedido do recebedor" };
  return shownRec(scene, await moveRec(scene, rec, "CANCELADA", { encerramento: { cancelamento } }));
}

/** The one way a recurrence changes; each change is announced. */
export async function moveRec(
  scene: Scene,
  rec: Rec,
  status: Rec["status"],
  more: { readonly encerramento?: Ending; readonly journey?: string } = {},
): Promise<Rec> {
  const moved: Rec = { ...rec, ...more, status, atualizacao: changed(scene, rec.atualizacao, status) };
  await scene.documents.put("rec", rec.idRec, moved);
  const { idRec, atualizacao, encerramento, journey: tipoJornada } = moved;
  const told = {
    idRec,
    status,
    atualizacao,
    ...(encerramento ? { encerramento } : {}),
    ativacao: { tipoJornada },
  };
  await notify(scene, "rec", "/rec", { recs: [told] });
  return moved;
}

/** `POST /solicrec`: the donor's bank asks the donor. */
export async function makeRequest(scene: Scene, given: unknown): Promise<object> {
  const body = readBody("request", given);
  const rec = await findRec(scene, body.idRec);
  const live = (await scene.documents.all("request")).some(
    (one) => one.idRec === body.idRec && one.status === "CRIADA",
  );
  if (live || rec.status !== "CRIADA") {
    throw violation("SolicRecOperacaoInvalida", "solicrec.idRec", "já há uma solicitação, ou não cabe mais");
  }
  if (Date.parse(body.calendario.dataExpiracaoSolicitacao) <= scene.now.getTime()) {
    throw violation("SolicRecOperacaoInvalida", "solicrec.calendario.dataExpiracaoSolicitacao", "já passou");
  }
  const idSolicRec = `SC${ispb}${dayText(scene)}${await serial(scene)}`;
  const atualizacao = changed(scene, [], "CRIADA");
  const request: Request = { ...body, idSolicRec, status: "CRIADA", atualizacao };
  await scene.documents.put("request", idSolicRec, request);
  return request;
}

export async function findRequest(scene: Scene, id: string): Promise<Request> {
  const request = await scene.documents.get("request", id);
  if (!request) throw new Refusal("SolicRecNaoEncontrada", "solicitação não encontrada");
  return request;
}

export async function cancelRequest(scene: Scene, id: string, given: unknown): Promise<object> {
  readBody("requestCancelled", given);
  const request = await findRequest(scene, id);
  if (request.status !== "CRIADA") {
    throw violation("SolicRecOperacaoInvalida", "solicrec.status", "a solicitação já foi respondida");
  }
  const atualizacao = changed(scene, request.atualizacao, "CANCELADA");
  const cancelled: Request = { ...request, status: "CANCELADA", atualizacao };
  await scene.documents.put("request", id, cancelled);
  return cancelled;
}
