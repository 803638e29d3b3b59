import { plain } from "../../src/kernel/written-number.ts";
import { identityDocument } from "./identity-document.ts";

const shape = /^((?:\d{1,10}|(?:[1-9]|1[0-3])(?:AV|PI|NT)|PE|E|N|PI|NT)-\d{1,6}-\d{1,8})(?:-?DV-?(\d{2}))?$/;

/**
 * Panama's Registro Único de Contribuyente: roll, entry and page of a body, or a person's cédula, and the two digits DV
 * that the DGI gives with it. The hyphens are kept, because the groups have no fixed length.
 */
export const paRucDocument = identityDocument({
  type: "ruc",
  label: { es: "RUC y DV", en: "RUC with DV (Panamanian tax number)", pt: "RUC e DV" },
  why: {
    es: "Identifica a la iglesia ante la autoridad y aparece en los recibos: el RUC de la DGI.",
    en: "It identifies the church to the authority and stands on receipts: the RUC of the DGI.",
    pt: "Identifica a igreja perante a autoridade e aparece nos recibos: o RUC da DGI.",
  },
  example: "155596713-2-2015 DV 59",
  mend: "a RUC with its hyphens and DV such as 155596713-2-2015 DV 59",
  read: (text) => {
    const [, number = "", digits] = shape.exec(plain(text, " .")) ?? [];
    return number === "" ? undefined : number + (digits === undefined ? "" : `DV${digits}`);
  },
  write: (compact) => compact.replace("DV", " DV "),
});
