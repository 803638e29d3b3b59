import { identityDocument, shaped } from "./identity-document.ts";

/**
 * Germany's Steuernummer of an organisation: ten or eleven digits as its state writes them, or the thirteen of the
 * uniform federal form, whose fifth is 0. The states differ in their check digits, so none is verified.
 */
export const deSteuernummerDocument = identityDocument({
  type: "steuernummer",
  label: {
    es: "Número fiscal alemán (Steuernummer)",
    en: "Tax number (Steuernummer)",
    pt: "Número fiscal alemão (Steuernummer)",
  },
  why: {
    es: "Identifica a la iglesia ante la autoridad y aparece en los recibos: la Steuernummer de la oficina fiscal.",
    en: "It identifies the church to the authority and stands on receipts: the Steuernummer of the tax office.",
    pt: "Identifica a igreja perante a autoridade e aparece nos recibos: a Steuernummer da repartição fiscal.",
  },
  example: "181/815/08155",
  mend: "a Steuernummer of 10, 11 or 13 digits such as 181/815/08155",
  read: shaped(/^(?:\d{10,11}|(?:1[01]|2[1-46-8]|3[0-2]|4[01]|5\d|9\d)\d{2}0\d{8}|[59]\d{3}0\d{8})$/, " ./-"),
});
