import { days } from "../../../src/kernel/clock.ts";
import { returnWindowDays } from "../manifest.ts";
import { notify } from "./deliveries.ts";
import type { Received, Return } from "./documents.ts";
import { isAsked, pageOf, readQuery } from "./lists.ts";
import { Refusal, violation } from "./refusal.ts";
import { paymentSystemId, type Scene, textOf } from "./scene.ts";
import { readBody } from "./shapes.ts";

/** A Pix as the API tells it: never who paid. */
export function shownPix(received: Received): object {
  const { payer: _, devolucoes, ...shown } = received;
  return { ...shown, ...(devolucoes.length > 0 ? { devolucoes } : {}) };
}

export async function findPix(scene: Scene, endToEndId: string): Promise<Received> {
  const received = await scene.documents.get("received", endToEndId);
  if (!received) throw new Refusal("PixNaoEncontrado", "pix não encontrado para o e2eid informado");
  return received;
}

export async function listPix(scene: Scene, params: URLSearchParams): Promise<object> {
  const query = readQuery(params, "PixConsultaInvalida");
  const all = (await scene.documents.all("received")).filter(
    (one) =>
      isAsked(query, one.horario) &&
      (query.txid === undefined || one.txid === query.txid) &&
      (query.cpf === undefined || one.payer === query.cpf) &&
      (query.cnpj === undefined || one.payer === query.cnpj) &&
      (query.txIdPresente === undefined || (one.txid !== undefined) === (query.txIdPresente === "true")) &&
      (query.devolucaoPresente === undefined ||
        one.devolucoes.length > 0 === (query.devolucaoPresente === "true")),
  );
  const { parametros, items } = pageOf(query, all);
  return { parametros, pix: items.map(shownPix) };
}

export const centavos = (amount: string): bigint => BigInt(amount.replace(".", ""));
export const reais = (minor: bigint): string => `${minor / 100n}.${String(minor % 100n).padStart(2, "0")}`;

/** What of a Pix has not gone back, nor is on its way. */
export const leftOf = (received: Received): bigint =>
  received.devolucoes
    .filter(({ status }) => status !== "NAO_REALIZADO")
    .reduce((left, { valor }) => left - centavos(valor), centavos(received.valor));

/** `PUT /pix/{e2eid}/devolucao/{id}`. Answered as under way; what it comes to follows at once, or when it is told. */
export async function askReturn(
  scene: Scene,
  endToEndId: string,
  id: string,
  given: unknown,
): Promise<object> {
  if (!/^[a-zA-Z0-9]{1,35}$/.test(id))
    throw violation("PixDevolucaoInvalida", "devolucao.id", "fora do padrão");
  const received = await findPix(scene, endToEndId);
  const body = readBody("returned", given);
  if (received.devolucoes.some((one) => one.id === id)) {
    throw violation("PixDevolucaoInvalida", "devolucao.id", "já utilizado por outra devolução deste Pix");
  }
  if (centavos(body.valor) > leftOf(received)) {
    throw violation("PixDevolucaoInvalida", "devolucao.valor", "excede o que resta do Pix");
  }
  if (scene.now.getTime() - Date.parse(received.horario) > days(returnWindowDays)) {
    throw violation("PixDevolucaoInvalida", "devolucao", "o prazo para devolver este Pix passou");
  }
  if (body.natureza === "RETIRADA") {
    throw violation("PixDevolucaoInvalida", "devolucao.natureza", "este Pix não é de saque nem de troco");
  }
  const made: Return = {
    id,
    rtrId: await paymentSystemId(scene, "D"),
    ...body,
    horario: { solicitacao: textOf(scene.now) },
    status: "EM_PROCESSAMENTO",
  };
  await scene.documents.put("received", endToEndId, {
    ...received,
    devolucoes: [...received.devolucoes, made],
  });
  const told = await scene.documents.get("next_return", "next");
  if (told) await scene.documents.remove("next_return", "next");
  if (told?.becomes !== "waits") {
    await settleReturn(scene, endToEndId, id, told?.becomes === "fails" ? "NAO_REALIZADO" : "DEVOLVIDO");
  }
  return made;
}

export async function getReturn(scene: Scene, endToEndId: string, id: string): Promise<object> {
  const received = await findPix(scene, endToEndId);
  const made = received.devolucoes.find((one) => one.id === id);
  if (!made) throw new Refusal("PixDevolucaoNaoEncontrada", "devolução não encontrada");
  return made;
}

/** The payment system has answered; only final states are announced. */
export async function settleReturn(
  scene: Scene,
  endToEndId: string,
  id: string,
  status: "DEVOLVIDO" | "NAO_REALIZADO",
): Promise<void> {
  const received = await findPix(scene, endToEndId);
  const devolucoes = received.devolucoes.map((one): Return => {
    if (one.id !== id || one.status !== "EM_PROCESSAMENTO") return one;
    if (status === "NAO_REALIZADO") return { ...one, status, motivo: "a conta do pagador foi encerrada" };
    return { ...one, status, horario: { ...one.horario, liquidacao: textOf(scene.now) } };
  });
  const changed = { ...received, devolucoes };
  await scene.documents.put("received", endToEndId, changed);
  await announcePix(scene, changed);
}

/** A devolução that nobody here asked for: of the special mechanism (MED), or made in the bank's app. */
export async function returnUnasked(
  scene: Scene,
  endToEndId: string,
  { valor, natureza }: { readonly valor: string; readonly natureza: string },
): Promise<void> {
  const received = await findPix(scene, endToEndId);
  const at = textOf(scene.now);
  const made: Return = {
    id: `${natureza === "ORIGINAL" ? "APP" : "MED"}${await scene.documents.next()}`,
    rtrId: await paymentSystemId(scene, "D"),
    valor,
    natureza,
    horario: { solicitacao: at, liquidacao: at },
    status: "DEVOLVIDO",
  };
  const changed = { ...received, devolucoes: [...received.devolucoes, made] };
  await scene.documents.put("received", endToEndId, changed);
  await announcePix(scene, changed);
}

/** Only a Pix with a txid is announced, to whoever listens on its key. */
export async function announcePix(scene: Scene, received: Received): Promise<void> {
  if (received.txid === undefined) return;
  await notify(scene, received.chave ?? scene.account.key, "/pix", { pix: [shownPix(received)] });
}
