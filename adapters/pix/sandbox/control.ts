import { seconds } from "../../../src/kernel/clock.ts";
import { err, ok, type Result } from "../../../src/kernel/result.ts";
import { endOf, plusDays } from "../calendar.ts";
import { readBrCode } from "../read-br-code.ts";
import { type Account, accountOf, clientIdFor, host } from "./accounts.ts";
import { endTries, findCharge, moveCharge } from "./charges.ts";
import { type DeliveryMode, setMode } from "./deliveries.ts";
import type { Charge, Claim, Received } from "./documents.ts";
import { addFault, type FaultKind } from "./faults.ts";
import { announcePix, centavos, leftOf, reais, returnUnasked, settleReturn } from "./received.ts";
import { changed, findRec, moveRec } from "./recurrences.ts";
import { Refusal } from "./refusal.ts";
import { type House, paymentSystemId, run, type Scene, textOf } from "./scene.ts";

type Done<T = void> = Promise<Result<T, string>>;

export type Payment = {
  /** Centavos; absent: the very amount. */
  readonly amount?: bigint;
  /** The donor confirmed in time, the money arrived afterwards. */
  readonly late?: true;
  /** Two people scanned the code and confirmed at the same moment. */
  readonly again?: true;
  /** CPF or CNPJ of who pays; another than the debtor's is allowed. */
  readonly payer?: string;
};

/** Why a recurring charge was not paid: a rejection code of the API, or nothing left to take. */
export type TryEnds = { readonly code?: string };

/** Rejections that end the charge, whatever the policy says (API Pix 2.9.0, `tentativas.rejeicao.codigo`). */
const endsCharge = new Set(["AC05", "AM09", "DENC", "DS27", "DTED", "MIDI", "MSUC", "NITX", "RC09"]);

export type SandboxControl = ReturnType<typeof makeControl>;

/** The donor, their bank, the payment system and the provider, as a test or the desk plays them. */
export function makeControl(house: House, release: () => Promise<void>) {
  const at = <T>(account: Account, work: (scene: Scene) => Promise<T>): Done<T> =>
    run(house, account, host, work).then(ok<T>, (error: unknown) => {
      if (error instanceof Refusal) return err(error.message);
      throw error;
    });
  return {
    account: (name: string): Account | undefined => accountOf(clientIdFor(name)),
    /** Scans the code and pays. `Err`: the donor's bank would not. Gives the Pix's end-to-end id. */
    pay: (account: Account, txid: string, payment: Payment = {}) =>
      at(account, (scene) => payClaim(scene, txid, payment)),
    /** Pays a static code of the account's key. */
    payStatic: (account: Account, txid: string | undefined, amount: bigint) =>
      at(account, (scene) => receive(scene, { amount, payer: "39053344705", txid, key: account.key })),
    /** Copies a static code into a bank's app, types the amount where it holds none, and pays; its key must be ours. */
    payCode: (account: Account, code: string, typed: bigint) =>
      at(account, (scene) => payCode(scene, code.trim(), typed)),
    /** The provider itself takes a claim away. */
    removeByProvider: (account: Account, txid: string) =>
      at(account, async (scene) => {
        const claim = await openClaim(scene, txid);
        await scene.documents.put("claim", txid, { ...claim, status: "REMOVIDA_PELO_PSP" });
      }),
    nextReturn: (account: Account, becomes: "waits" | "fails") =>
      at(account, (scene) => scene.documents.put("next_return", "next", { becomes })),
    settleReturn: (account: Account, endToEndId: string, id: string, status: "DEVOLVIDO" | "NAO_REALIZADO") =>
      at(account, (scene) => settleReturn(scene, endToEndId, id, status)),
    /** Money goes back without our asking: the special mechanism, or somebody in the bank's app (`ORIGINAL`). */
    returnUnasked: (account: Account, endToEndId: string, natureza: string, amount?: bigint) =>
      at(account, async (scene) => {
        const received = await scene.documents.get("received", endToEndId);
        const left = received ? leftOf(received) : 0n;
        const minor = amount ?? left;
        if (minor <= 0n || minor > left)
          throw new Refusal("PixDevolucaoInvalida", "there is not so much left of it");
        await returnUnasked(scene, endToEndId, { valor: reais(minor), natureza });
      }),
    /** The donor, in their bank's app. */
    answerRecurrence: (account: Account, idRec: string, says: "yes" | "no" | "nothing") =>
      at(account, (scene) => answerRecurrence(scene, idRec, says)),
    /** Ended by the donor or a bank. */
    endRecurrence: (account: Account, idRec: string, solicitante: string, codigo: string) =>
      at(account, async (scene) => {
        const rec = await findRec(scene, idRec);
        if (rec.status !== "APROVADA") throw new Refusal("RecOperacaoInvalida", "it is not in force");
        const cancelamento = { solicitante, codigo, descricao: "cancelada" };
        await moveRec(scene, rec, "CANCELADA", { encerramento: { cancelamento } });
      }),
    payCharge: (account: Account, txid: string) => at(account, (scene) => payCharge(scene, txid)),
    failCharge: (account: Account, txid: string, ends: TryEnds = {}) =>
      at(account, (scene) => failCharge(scene, txid, ends)),
    /** The donor takes one charge out of the schedule. */
    cancelChargeByDonor: (account: Account, txid: string) =>
      at(account, async (scene) => {
        const charge = await scheduled(scene, txid);
        const cancelamento = {
          solicitante: "USUARIO_PAGADOR",
          codigo: "SLBD",
          descricao: "pedido do pagador",
        };
        const tentativas = endTries(scene, charge, "CANCELADA");
        await moveCharge(scene, charge, "CANCELADA", { encerramento: { cancelamento }, tentativas });
      }),
    deliverNotices: (mode: DeliveryMode) => setMode(house.store, mode),
    flush: () => house.flush(),
    release,
    fail: (kind: FaultKind, on = "") => addFault(house.store, { kind, on }),
  };
}

async function openClaim(scene: Scene, txid: string): Promise<Claim> {
  const claim = await scene.documents.get("claim", txid);
  if (claim?.status !== "ATIVA") throw new Refusal("CobOperacaoInvalida", "the code is not open any more");
  return claim;
}

/** When a claim can no longer be paid, weekends and holidays apart. */
export function endOfClaim(claim: Claim): Date {
  const { expiracao = 86_400, dataDeVencimento, validadeAposVencimento = 30 } = claim.calendario;
  if (dataDeVencimento !== undefined) return endOf(plusDays(dataDeVencimento, validadeAposVencimento));
  return new Date(Date.parse(claim.criacao) + seconds(expiracao));
}

async function payClaim(scene: Scene, txid: string, payment: Payment): Promise<string> {
  const before = await scene.documents.get("claim", txid);
  const claim = payment.again && before?.status === "CONCLUIDA" ? before : await openClaim(scene, txid);
  if (endOfClaim(claim) <= scene.now && !payment.late) {
    throw new Refusal("CobOperacaoInvalida", "the code has expired: the donor's bank refuses it");
  }
  const amount = payment.amount ?? centavos(claim.valor.original);
  if (amount <= 0n || (amount !== centavos(claim.valor.original) && claim.valor.modalidadeAlteracao !== 1)) {
    throw new Refusal(
      "CobOperacaoInvalida",
      "the code asks for a fixed amount: the donor's bank lets no other be paid",
    );
  }
  const payer = payment.payer ?? claim.devedor?.cpf ?? claim.devedor?.cnpj ?? "39053344705";
  const endToEndId = await paymentSystemId(scene, "E");
  const paid: Claim = { ...claim, status: "CONCLUIDA", paidBy: [...claim.paidBy, endToEndId] };
  await scene.documents.put("claim", txid, paid);
  return receive(scene, { amount, payer, txid, key: claim.chave, endToEndId });
}

type Arriving = {
  readonly amount: bigint;
  readonly payer: string;
  readonly txid: string | undefined;
  readonly key: string;
  readonly endToEndId?: string;
};

async function receive(scene: Scene, arriving: Arriving): Promise<string> {
  const endToEndId = arriving.endToEndId ?? (await paymentSystemId(scene, "E"));
  const received: Received = {
    endToEndId,
    ...(arriving.txid === undefined ? {} : { txid: arriving.txid }),
    valor: reais(arriving.amount),
    chave: arriving.key,
    horario: textOf(scene.now),
    payer: arriving.payer,
    devolucoes: [],
  };
  await scene.documents.put("received", endToEndId, received);
  await announcePix(scene, received);
  return endToEndId;
}

async function payCode(scene: Scene, code: string, typed: bigint): Promise<string> {
  const read = readBrCode(code);
  if (!read.ok) throw new Refusal("CobOperacaoInvalida", read.error);
  const { kind, key, txid, amount } = read.value;
  if (kind !== "static" || key !== scene.account.key) {
    throw new Refusal("CobOperacaoInvalida", "this is no static code of this account's key");
  }
  const minor = amount?.minor ?? typed;
  if (minor <= 0n) throw new Refusal("CobOperacaoInvalida", "an amount is more than nothing");
  return receive(scene, { amount: minor, payer: "39053344705", txid, key });
}

async function answerRecurrence(scene: Scene, idRec: string, says: "yes" | "no" | "nothing"): Promise<void> {
  const rec = await findRec(scene, idRec);
  if (rec.status !== "CRIADA") throw new Refusal("RecOperacaoInvalida", "it has been answered already");
  const asked = (await scene.documents.all("request")).find(
    (one) => one.idRec === idRec && one.status === "CRIADA",
  );
  const journey = asked ? "JORNADA_1" : "JORNADA_2";
  const become = { yes: "ACEITA", no: "REJEITADA", nothing: "EXPIRADA" } as const;
  if (asked) {
    const status = become[says];
    const atualizacao = changed(scene, asked.atualizacao, status);
    await scene.documents.put("request", asked.idSolicRec, { ...asked, status, atualizacao });
  }
  const rejeicao = { codigo: "AP13", descricao: "recusada pelo pagador" };
  if (says === "yes") await moveRec(scene, rec, "APROVADA", { journey });
  else if (says === "no") await moveRec(scene, rec, "REJEITADA", { encerramento: { rejeicao } });
  else await moveRec(scene, rec, "EXPIRADA");
}

async function scheduled(scene: Scene, txid: string): Promise<Charge> {
  const charge = await findCharge(scene, txid);
  const live = charge.status === "ATIVA" && charge.tentativas.some(({ status }) => status === "AGENDADA");
  if (!live) throw new Refusal("CobROperacaoInvalida", "nothing of it is scheduled");
  return charge;
}

async function payCharge(scene: Scene, txid: string): Promise<string> {
  const charge = await scheduled(scene, txid);
  const endToEndId = charge.tentativas.at(-1)?.endToEndId ?? (await paymentSystemId(scene, "E"));
  const rec = await findRec(scene, charge.idRec);
  const pix: Received = {
    endToEndId,
    txid,
    valor: charge.valor,
    horario: textOf(scene.now),
    payer: rec.vinculo.devedor.cpf ?? rec.vinculo.devedor.cnpj ?? "",
    devolucoes: [],
  };
  await scene.documents.put("received", endToEndId, pix);
  const tentativas = endTries(scene, charge, "PAGA");
  await moveCharge(scene, charge, "CONCLUIDA", { tentativas, paidBy: [endToEndId], pix });
  return endToEndId;
}

/** One try failed: the charge stays open while the policy leaves another. */
async function failCharge(scene: Scene, txid: string, { code }: TryEnds): Promise<void> {
  const charge = await scheduled(scene, txid);
  const rejeicao = code === undefined ? undefined : { codigo: code, descricao: "tentativa não liquidada" };
  const tentativas = endTries(scene, charge, code === undefined ? "EXPIRADA" : "REJEITADA", rejeicao);
  const triesLeft = charge.politicaRetentativa === "PERMITE_3R_7D" && charge.tentativas.length <= 3;
  if (triesLeft && !(code !== undefined && endsCharge.has(code))) {
    await moveCharge(scene, charge, "ATIVA", { tentativas });
  } else if (rejeicao) {
    await moveCharge(scene, charge, "REJEITADA", { tentativas, encerramento: { rejeicao } });
  } else {
    await moveCharge(scene, charge, "EXPIRADA", { tentativas });
  }
}
