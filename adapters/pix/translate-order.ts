import type { CollectOrder, Refusal } from "../../src/gateway/payment.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import { writeAmount } from "./amounts.ts";
import { isDay } from "./calendar.ts";
import { refuse } from "./claims.ts";
import { codeLivesMs } from "./manifest.ts";

/** Days a claim may still be paid after it fell due; no fine and no interest is ever asked of a gift. */
const graceDays = 30;

/** A request for money, ready to be sent: a function of the order alone, so that a repeat is the same bytes. */
export type ReadyClaim = { readonly kind: "cob" | "cobv"; readonly body: object };

export function claimFor(order: CollectOrder, key: string): Result<ReadyClaim, Refusal> {
  const { type, presentation } = order.method;
  if (type !== "pix" || presentation !== "instructions" || order.country !== "br") {
    return err(
      refuse("unsupported", "unsupported_method", `${type} (${presentation}) in ${order.country} is not Pix`),
    );
  }
  const original = writeAmount(order.amount);
  if (!original.ok) return err(refuse("invalid_request", "amount", original.error));
  const debtor = debtorOf(order.donor);
  if (!debtor.ok) return err(refuse("invalid_request", "devedor", debtor.error));
  const shared = {
    ...(debtor.value ? { devedor: debtor.value } : {}),
    valor: { original: original.value },
    chave: key,
    solicitacaoPagador: cut(order.description, 140),
    infoAdicionais: [{ nome: "Ref.", valor: order.donationId }],
  };
  if (order.dueOn === undefined) {
    return ok({ kind: "cob", body: { calendario: { expiracao: codeLivesMs / 1000 }, ...shared } });
  }
  if (!isDay(order.dueOn)) return err(refuse("invalid_request", "dueOn", "a due date is written YYYY-MM-DD"));
  if (!debtor.value) {
    return err(
      refuse("invalid_request", "devedor", "a Pix with a due date needs the donor's name and CPF or CNPJ"),
    );
  }
  const calendario = { dataDeVencimento: order.dueOn, validadeAposVencimento: graceDays };
  return ok({ kind: "cobv", body: { calendario, ...shared } });
}

export type Debtor = { readonly nome: string } & ({ readonly cpf: string } | { readonly cnpj: string });

/**
 * Who is asked to pay, where the donor gave a name and a CPF or CNPJ: the API takes both or neither. Not who pays:
 * another person may scan the code. `Err` when the document is not of that shape.
 */
export function debtorOf(
  donor: CollectOrder["donor"],
  longestName = 200,
): Result<Debtor | undefined, string> {
  const nome = donor.name?.trim().slice(0, longestName);
  const { type, number } = donor.taxId ?? {};
  if (nome === undefined || nome === "" || number === undefined) return ok(undefined);
  if (type === "cpf") return /^\d{11}$/.test(number) ? ok({ cpf: number, nome }) : err("a CPF has 11 digits");
  if (type === "cnpj") {
    return /^[0-9A-Z]{14}$/.test(number) ? ok({ cnpj: number, nome }) : err("a CNPJ has 14 characters");
  }
  return ok(undefined);
}

export const cut = (text: string, most: number): string => [...text].slice(0, most).join("").trim();
