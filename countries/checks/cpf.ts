import { stdnum } from "stdnum";
import { written } from "../../src/kernel/written-number.ts";
import { identityDocument, isOneDigitRepeated, provenBy } from "./identity-document.ts";

const proven = provenBy(stdnum.BR?.cpf);

/**
 * Brazil's Cadastro de Pessoas Físicas: two check digits, verified by stdnum, which takes 111.111.111-11 and its like
 * for right; the Receita Federal has never issued one, so they are refused here.
 */
export const cpfDocument = identityDocument({
  type: "cpf",
  label: { es: "CPF", en: "CPF (Brazilian individual's tax number)", pt: "CPF" },
  why: {
    es: "El medio de pago pide el CPF de quien paga; con él tu iglesia también puede emitir tu recibo.",
    en: "The payment method asks for the payer's CPF; your church can also use it for your receipt.",
    pt: "O meio de pagamento pede o CPF de quem paga; com ele sua igreja também pode emitir seu recibo.",
  },
  example: "390.533.447-05",
  mend: "a CPF of 11 digits such as 390.533.447-05",
  read: (text) => {
    const compact = proven(text);
    return compact === undefined || isOneDigitRepeated(compact) ? undefined : compact;
  },
  write: written("###.###.###-##"),
});
