import { stdnum } from "stdnum";
import { written } from "../../src/kernel/written-number.ts";
import { identityDocument, provenBy } from "./identity-document.ts";

/**
 * Costa Rica's cédula de persona jurídica: a class, a type and a serial, verified by stdnum; no check digit.
 */
export const crCedulaJuridicaDocument = identityDocument({
  type: "cedula_juridica",
  label: {
    es: "Cédula jurídica",
    en: "Cédula jurídica (Costa Rican organisation's number)",
    pt: "Cédula jurídica",
  },
  why: {
    es: "Identifica a la iglesia ante la autoridad y aparece en los recibos: la cédula jurídica.",
    en: "It identifies the church to the authority and stands on receipts: the cédula jurídica.",
    pt: "Identifica a igreja perante a autoridade e aparece nos recibos: a cédula jurídica.",
  },
  example: "3-101-999999",
  mend: "a cédula jurídica of 10 digits such as 3-101-999999",
  read: provenBy(stdnum.CR?.cpj),
  write: written("#-###-######"),
});
