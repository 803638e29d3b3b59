import { dynamicBrCode } from "../br-code.ts";
import { dayOf } from "../calendar.ts";
import { digest } from "./accounts.ts";
import type { Claim } from "./documents.ts";
import { isAsked, pageOf, readQuery } from "./lists.ts";
import { shownPix } from "./received.ts";
import { Refusal, violation } from "./refusal.ts";
import { type Scene, textOf } from "./scene.ts";
import { readBody } from "./shapes.ts";

type ClaimKind = Claim["kind"];

const invalid = { cob: "CobOperacaoInvalida", cobv: "CobVOperacaoInvalida" } as const;
const absent = { cob: "CobNaoEncontrado", cobv: "CobVNaoEncontrada" } as const;

/** `PUT /cob/{txid}` and `PUT /cobv/{txid}`: makes the claim, or changes one that is still open. */
export async function putClaim(scene: Scene, kind: ClaimKind, txid: string, given: unknown): Promise<object> {
  if (!/^[a-zA-Z0-9]{26,35}$/.test(txid)) throw violation(invalid[kind], `${kind}.txid`, "fora do padrão");
  const body = kind === "cob" ? readBody("cob", given) : readBody("cobv", given);
  if (body.chave !== scene.account.key) {
    throw violation(invalid[kind], `${kind}.chave`, "a chave não é deste usuário recebedor");
  }
  if ("dataDeVencimento" in body.calendario && body.calendario.dataDeVencimento < dayOf(scene.now)) {
    throw violation(invalid[kind], "cobv.calendario.dataDeVencimento", "a data já passou");
  }
  const before = await scene.documents.get("claim", txid);
  const used = before ? before.kind !== kind : (await scene.documents.get("charge", txid)) !== undefined;
  if (used) throw violation(invalid[kind], `${kind}.txid`, "em uso por outra cobrança");
  if (before && before.status !== "ATIVA") {
    throw violation(invalid[kind], `${kind}.status`, "a cobrança já existe e não está ATIVA");
  }
  const { loc: _, ...fields } = body;
  const claim: Claim = {
    kind,
    txid,
    criacao: before?.criacao ?? textOf(scene.now),
    loc: before?.loc ?? (await newLocation(scene, kind, txid)),
    status: "ATIVA",
    revisao: 0,
    paidBy: before?.paidBy ?? [],
    ...fields,
  };
  const changed = before && JSON.stringify({ ...claim, revisao: before.revisao }) !== JSON.stringify(before);
  const kept = { ...claim, revisao: (before?.revisao ?? 0) + (changed ? 1 : 0) };
  await scene.documents.put("claim", txid, kept);
  return shownClaim(scene, kept);
}

async function newLocation(scene: Scene, kind: ClaimKind, txid: string): Promise<Claim["loc"]> {
  const token = digest(`${scene.account.id}:${txid}`, 32);
  const location = `${scene.host}/qr/v2/${kind === "cobv" ? "cobv/" : ""}${token}`;
  return { id: await scene.documents.next(), location };
}

/** `PATCH`: the only change our clients ask for is to take it away. */
export async function removeClaim(
  scene: Scene,
  kind: ClaimKind,
  txid: string,
  given: unknown,
): Promise<object> {
  const claim = await findClaim(scene, kind, txid);
  const { status } = readBody(kind === "cob" ? "cobRemoved" : "cobvRemoved", given);
  if (claim.status !== "ATIVA") throw violation(invalid[kind], `${kind}.status`, "a cobrança não está ATIVA");
  const removed: Claim = { ...claim, status, revisao: claim.revisao + 1 };
  await scene.documents.put("claim", txid, removed);
  return shownClaim(scene, removed);
}

export async function getClaim(scene: Scene, kind: ClaimKind, txid: string): Promise<object> {
  const claim = await findClaim(scene, kind, txid);
  const received = await Promise.all(claim.paidBy.map((id) => scene.documents.get("received", id)));
  const pix = received.filter((one) => one !== undefined).map(shownPix);
  return { ...shownClaim(scene, claim), ...(pix.length > 0 ? { pix } : {}) };
}

async function findClaim(scene: Scene, kind: ClaimKind, txid: string): Promise<Claim> {
  const claim = await scene.documents.get("claim", txid);
  if (claim?.kind !== kind) throw new Refusal(absent[kind], "cobrança não encontrada para o txid informado");
  return claim;
}

export async function listClaims(scene: Scene, params: URLSearchParams): Promise<object> {
  const query = readQuery(params, "CobConsultaInvalida");
  const all = (await scene.documents.all("claim")).filter(
    (claim) =>
      claim.kind === "cob" &&
      isAsked(query, claim.criacao) &&
      (query.status === undefined || claim.status === query.status) &&
      (query.cpf === undefined || claim.devedor?.cpf === query.cpf) &&
      (query.cnpj === undefined || claim.devedor?.cnpj === query.cnpj),
  );
  const { parametros, items } = pageOf(query, all);
  return { parametros, cobs: await Promise.all(items.map((claim) => getClaim(scene, "cob", claim.txid))) };
}

function shownClaim(scene: Scene, claim: Claim): object {
  const { kind, criacao, loc, paidBy: _, calendario, ...shown } = claim;
  const code = dynamicBrCode({ url: loc.location, name: scene.account.name, city: scene.account.city });
  return {
    ...shown,
    calendario: { criacao, ...calendario },
    loc: { ...loc, txid: claim.txid, tipoCob: kind, criacao },
    location: loc.location,
    ...(code.ok ? { pixCopiaECola: code.value } : {}),
    ...(kind === "cobv" ? { recebedor: receiver(scene) } : {}),
  };
}

const receiver = ({ account }: Scene): object => ({
  cnpj: account.cnpj,
  nome: account.name,
  logradouro: "Rua das Palmeiras 10",
  cidade: account.city,
  uf: "SP",
  cep: "01001000",
});
