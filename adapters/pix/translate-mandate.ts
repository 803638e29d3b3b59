import type { MandateCadence, MandateOrder } from "../../src/gateway/mandate.ts";
import type { Refusal } from "../../src/gateway/payment.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import { withoutGaps } from "../../src/kernel/without-gaps.ts";
import { writeAmount } from "./amounts.ts";
import { endOf, isDay } from "./calendar.ts";
import { refuse } from "./claims.ts";
import { contractOf } from "./ids.ts";
import { cut, type Debtor, debtorOf } from "./translate-order.ts";

/** The rhythms Pix Automático knows; anything else is a reminder, not a mandate. */
const rhythms: Readonly<Record<Exclude<MandateCadence, "as_needed">, string>> = {
  weekly: "SEMANAL",
  monthly: "MENSAL",
  quarterly: "TRIMESTRAL",
  half_yearly: "SEMESTRAL",
  yearly: "ANUAL",
};

/** The donor allows tries after the first with the mandate: `retriesMost` within `retryDays`. */
const retryPolicy = "PERMITE_3R_7D";

export type ReadyMandate = {
  readonly contract: string;
  readonly debtor: Debtor;
  readonly startsOn: string;
  /** The body of `POST /rec`, its location apart. */
  readonly body: object;
  /** To whom `POST /solicrec` asks, when the donor gave bank and account; else a code is shown. */
  readonly recipient: object | undefined;
};

/** A mandate as API Pix wants it: a function of the order alone. */
export function mandateFor(order: MandateOrder): Result<ReadyMandate, Refusal> {
  if (order.method.type !== "pix_automatico" || order.country !== "br") {
    return err(
      refuse(
        "unsupported",
        "unsupported_method",
        `${order.method.type} in ${order.country} has no mandate here`,
      ),
    );
  }
  if (order.cadence === "as_needed") {
    return err(refuse("unsupported", "periodicidade", "Pix Automático has a fixed rhythm: weekly to yearly"));
  }
  const debtor = debtorOf(order.donor, 140);
  if (!debtor.ok || !debtor.value) {
    const detail = debtor.ok ? "a mandate names its donor, with a CPF or CNPJ" : debtor.error;
    return err(refuse("invalid_request", "devedor", detail));
  }
  const days = [order.startsOn, order.endsOn].filter((day) => day !== undefined);
  const backwards = order.endsOn !== undefined && order.endsOn < order.startsOn;
  if (!days.every(isDay) || backwards) {
    return err(
      refuse("invalid_request", "calendario", "the first and the last day are days, in their order"),
    );
  }
  const valor = termsOf(order);
  if (!valor.ok) return valor;
  const contract = contractOf(order.reference);
  return ok({
    contract,
    debtor: debtor.value,
    startsOn: order.startsOn,
    recipient: recipientOf(order, debtor.value),
    body: {
      vinculo: { contrato: contract, devedor: debtor.value, objeto: cut(order.description, 35) },
      calendario: {
        dataInicial: order.startsOn,
        ...withoutGaps({ dataFinal: order.endsOn }),
        periodicidade: rhythms[order.cadence],
      },
      ...withoutGaps({ valor: valor.value }),
      politicaRetentativa: retryPolicy,
    },
  });
}

/** A fixed amount, or the least that a donor may set as their own ceiling; never both. */
function termsOf(order: MandateOrder): Result<object | undefined, Refusal> {
  const { amount, ceiling } = order;
  const told = amount ?? ceiling;
  if (!told) return ok(undefined);
  const written = writeAmount(told);
  if (!written.ok) return err(refuse("invalid_request", "valor", written.error));
  return ok(amount ? { valorRec: written.value } : { valorMinimoRecebedor: written.value });
}

/**
 * The donor's bank by its ISPB (`bank`) and their account as `branch/number` or `number` (`token`): then the bank asks
 * the donor by itself.
 */
function recipientOf(order: MandateOrder, debtor: Debtor): object | undefined {
  const [, agencia, conta] =
    /^(?:([0-9A-Za-z]{1,4})\/)?([0-9A-Za-z]{1,20})$/.exec(order.method.token ?? "") ?? [];
  const ispbParticipante = order.method.bank;
  if (conta === undefined || !/^[0-9A-Z]{8}$/.test(ispbParticipante ?? "")) return undefined;
  const { nome: _, ...document } = debtor;
  return {
    calendario: { dataExpiracaoSolicitacao: endOf(order.startsOn).toISOString() },
    destinatario: { ...withoutGaps({ agencia }), conta, ispbParticipante, ...document },
  };
}
