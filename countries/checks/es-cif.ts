import { stdnum } from "stdnum";
import { plain, written } from "../../src/kernel/written-number.ts";
import { identityDocument, provenBy } from "./identity-document.ts";

const proven = provenBy(stdnum.ES?.cif);

/**
 * Spain's NIF of organisations, still called CIF: a letter for the form (R: religious institutions), seven digits and a
 * check digit or letter, verified by stdnum.
 */
export const esCifDocument = identityDocument({
  type: "cif",
  label: { es: "NIF de entidad (CIF)", en: "NIF of an organisation (CIF)", pt: "NIF de entidade (CIF)" },
  why: {
    es: "Identifica a la iglesia ante la autoridad y aparece en los recibos: el NIF de la Agencia Tributaria.",
    en: "It identifies the church to the authority and stands on receipts: the NIF of the Agencia Tributaria.",
    pt: "Identifica a igreja perante a autoridade e aparece nos recibos: o NIF da Agência Tributária.",
  },
  example: "J99216582",
  mend: "the NIF of an organisation such as J99216582 or R2800011E",
  read: (text) => proven(plain(text)),
  write: written("#-#######-#"),
});
