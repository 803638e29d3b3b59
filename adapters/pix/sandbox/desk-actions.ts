import type { Localized } from "../../../src/gateway/country-profile.ts";
import type { DeskField } from "../../../src/gateway/sandbox-desk.ts";
import { type Money, money } from "../../../src/kernel/money.ts";
import type { Result } from "../../../src/kernel/result.ts";
import type { Account } from "./accounts.ts";
import { endOfClaim, type SandboxControl } from "./control.ts";
import type { Charge, Claim, Rec, Received } from "./documents.ts";
import { centavos, leftOf } from "./received.ts";

/** One thing on the desk, with what it needs to be played. */
export type OnDesk = { readonly account: Account; readonly now: Date } & (
  | { readonly kind: "claim"; readonly claim: Claim; readonly received: readonly Received[] }
  | { readonly kind: "rec"; readonly rec: Rec }
  | { readonly kind: "charge"; readonly charge: Charge; readonly received: readonly Received[] }
);

export type Action = {
  readonly id: string;
  readonly label: Localized;
  readonly field?: DeskField;
  play(control: SandboxControl, fields: Readonly<Record<string, string>>): Promise<Result<unknown, string>>;
};

const button = (id: string, label: Localized, play: Action["play"], field?: DeskField): Action => ({
  id,
  label,
  play,
  ...(field ? { field } : {}),
});

export const inReais = (text: string): Money => money(centavos(text), "BRL");

export function actionsFor(thing: OnDesk): readonly Action[] {
  switch (thing.kind) {
    case "claim":
      return claimActions(thing.account, thing.claim, thing.received, thing.now);
    case "rec":
      return recActions(thing.account, thing.rec);
    case "charge":
      return chargeActions(thing.account, thing.charge, thing.received);
  }
}

function claimActions(
  account: Account,
  claim: Claim,
  received: readonly Received[],
  now: Date,
): readonly Action[] {
  const { txid } = claim;
  if (claim.status === "CONCLUIDA") {
    const again: Localized = {
      es: "Otra persona pagó en el mismo momento",
      en: "Somebody else paid at the same moment",
      pt: "Outra pessoa pagou no mesmo momento",
    };
    return [
      button("again", again, (c) => c.pay(account, txid, { again: true })),
      ...moneyActions(account, received),
    ];
  }
  if (claim.status !== "ATIVA") return [];
  if (endOfClaim(claim) <= now) {
    const label: Localized = {
      es: "Llega un pago confirmado a tiempo",
      en: "A payment confirmed in time arrives",
      pt: "Chega um pagamento confirmado a tempo",
    };
    return [button("pay_late", label, (c) => c.pay(account, txid, { late: true }))];
  }
  const pay: Localized = { es: "Pagar con Pix", en: "Pay by Pix", pt: "Pagar com Pix" };
  const other: Localized = { es: "Pagar otra cantidad", en: "Pay another amount", pt: "Pagar outro valor" };
  const own: Localized = {
    es: "Pagar la misma cantidad con el código propio",
    en: "Pay as much by the donor's own code",
    pt: "Pagar o mesmo valor pelo código próprio",
  };
  const remove: Localized = {
    es: "El PSP retira el cobro",
    en: "The provider removes it",
    pt: "O PSP remove a cobrança",
  };
  const amount = inReais(claim.valor.original);
  return [
    button("pay", pay, (c) => c.pay(account, txid)),
    button("pay_own_code", own, (c, fields) => c.payCode(account, fields.text ?? "", amount.minor), {
      kind: "text",
      label: { es: "Código propio del donante", en: "The donor's own code", pt: "Código próprio do doador" },
    }),
    button(
      "pay_other",
      other,
      (c, fields) => c.pay(account, txid, { amount: wholeNumber(fields.amount) }),
      amountField(amount),
    ),
    button("remove", remove, (c) => c.removeByProvider(account, txid)),
  ];
}

const amountLabel: Localized = { es: "Cantidad", en: "Amount", pt: "Valor" };
const amountField = (value: Money): DeskField => ({ kind: "amount", label: amountLabel, value });
const wholeNumber = (text: string | undefined): bigint =>
  /^\d{1,12}$/.test(text ?? "") ? BigInt(text ?? 0) : 0n;

/** What can still happen to money that has come. */
function moneyActions(account: Account, received: readonly Received[]): readonly Action[] {
  return received.flatMap((one) => {
    const e2e = one.endToEndId;
    const waiting = one.devolucoes.find(({ status }) => status === "EM_PROCESSAMENTO");
    const settling = waiting
      ? [
          button(
            `return_ok.${e2e}`,
            { es: "Completar la devolución", en: "Complete the refund", pt: "Concluir a devolução" },
            (c) => c.settleReturn(account, e2e, waiting.id, "DEVOLVIDO"),
          ),
          button(
            `return_no.${e2e}`,
            {
              es: "La devolución no se realiza",
              en: "The refund is not carried out",
              pt: "A devolução não é realizada",
            },
            (c) => c.settleReturn(account, e2e, waiting.id, "NAO_REALIZADO"),
          ),
        ]
      : [];
    return leftOf(one) > 0n ? [...settling, ...unasked(account, one)] : settling;
  });
}

function unasked(account: Account, one: Received): readonly Action[] {
  const e2e = one.endToEndId;
  const field = amountField(money(leftOf(one), "BRL"));
  const back = (id: string, label: Localized, natureza: string) =>
    button(
      `${id}.${e2e}`,
      label,
      (c, fields) => c.returnUnasked(account, e2e, natureza, wholeNumber(fields.amount)),
      field,
    );
  return [
    button(
      `next_fails.${e2e}`,
      {
        es: "La próxima devolución fallará",
        en: "The next refund will fail",
        pt: "A próxima devolução falhará",
      },
      (c) => c.nextReturn(account, "fails"),
    ),
    button(
      `next_waits.${e2e}`,
      {
        es: "La próxima devolución tardará",
        en: "The next refund will take time",
        pt: "A próxima devolução demorará",
      },
      (c) => c.nextReturn(account, "waits"),
    ),
    back("fraud", { es: "MED: fraude", en: "MED: fraud", pt: "MED: fraude" }, "MED_FRAUDE"),
    back(
      "error",
      { es: "MED: error del banco", en: "MED: bank's error", pt: "MED: falha operacional" },
      "MED_OPERACIONAL",
    ),
    back(
      "app",
      {
        es: "Devolver desde la app del banco",
        en: "Refund in the bank's app",
        pt: "Devolver pelo app do banco",
      },
      "ORIGINAL",
    ),
  ];
}

function recActions(account: Account, rec: Rec): readonly Action[] {
  const { idRec } = rec;
  if (rec.status === "CRIADA") {
    const answer = (says: "yes" | "no" | "nothing", label: Localized) =>
      button(says, label, (c) => c.answerRecurrence(account, idRec, says));
    return [
      answer("yes", { es: "Autorizar en el banco", en: "Authorize at the bank", pt: "Autorizar no banco" }),
      answer("no", { es: "Rechazar en el banco", en: "Refuse at the bank", pt: "Rejeitar no banco" }),
      answer("nothing", { es: "Dejar vencer", en: "Let it expire", pt: "Deixar expirar" }),
    ];
  }
  if (rec.status !== "APROVADA") return [];
  const end = (id: string, who: string, code: string, label: Localized) =>
    button(id, label, (c) => c.endRecurrence(account, idRec, who, code));
  return [
    end("donor_ends", "USUARIO_PAGADOR", "SLDB", {
      es: "El donante cancela",
      en: "The donor cancels",
      pt: "O doador cancela",
    }),
    end("bank_ends", "PSP_PAGADOR", "ACCL", {
      es: "El banco cancela: cuenta cerrada",
      en: "The bank cancels: account closed",
      pt: "O banco cancela: conta encerrada",
    }),
  ];
}

function chargeActions(account: Account, charge: Charge, received: readonly Received[]): readonly Action[] {
  const { txid } = charge;
  if (charge.status === "CONCLUIDA") return moneyActions(account, received);
  if (!charge.tentativas.some(({ status }) => status === "AGENDADA")) return [];
  const reason: DeskField = {
    kind: "choice",
    label: { es: "Motivo", en: "Reason", pt: "Motivo" },
    options: ["AM02", "AC05", "AC06", "AB10", "MSUC"].map((code) => ({ value: code, label: code })),
  };
  return [
    button("pay", { es: "El banco paga", en: "The bank pays", pt: "O banco paga" }, (c) =>
      c.payCharge(account, txid),
    ),
    button("no_funds", { es: "Sin saldo", en: "No funds", pt: "Sem saldo" }, (c) =>
      c.failCharge(account, txid),
    ),
    button(
      "reject",
      { es: "El banco rechaza", en: "The bank refuses", pt: "O banco rejeita" },
      (c, fields) => c.failCharge(account, txid, { code: fields.choice ?? "AM02" }),
      reason,
    ),
    button(
      "donor_cancels",
      {
        es: "El donante cancela este cobro",
        en: "The donor cancels this one",
        pt: "O doador cancela esta cobrança",
      },
      (c) => c.cancelChargeByDonor(account, txid),
    ),
  ];
}
