import { stdnum } from "stdnum";
import { written } from "../../src/kernel/written-number.ts";
import { identityDocument, isOneDigitRepeated, provenBy } from "./identity-document.ts";

const proven = provenBy(stdnum.BR?.cnpj);

/**
 * Brazil's Cadastro Nacional da Pessoa Jurídica: twelve characters, since July 2026 letters among them, and two check
 * digits, verified by stdnum. One digit repeated is right by arithmetic and never issued.
 */
export const cnpjDocument = identityDocument({
  type: "cnpj",
  label: { es: "CNPJ", en: "CNPJ (Brazilian organisation's tax number)", pt: "CNPJ" },
  why: {
    es: "Identifica a la iglesia ante la autoridad y aparece en los recibos: el CNPJ de la Receita Federal.",
    en: "It identifies the church to the authority and stands on receipts: the CNPJ of the Receita Federal.",
    pt: "Identifica a igreja perante a autoridade e aparece nos recibos: o CNPJ da Receita Federal.",
  },
  example: "12.ABC.345/01DE-35",
  mend: "a CNPJ of 14 characters such as 16.727.230/0001-97 or 12.ABC.345/01DE-35",
  read: (text) => {
    const compact = proven(text);
    return compact === undefined || isOneDigitRepeated(compact) ? undefined : compact;
  },
  write: written("##.###.###/####-##"),
});
