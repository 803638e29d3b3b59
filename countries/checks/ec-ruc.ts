import { weightedSum } from "../../src/kernel/check-digits.ts";
import { plain, written } from "../../src/kernel/written-number.ts";
import { ecCedulaDocument } from "./ec-cedula.ts";
import { identityDocument } from "./identity-document.ts";

const shape = /^(?:0[1-9]|1\d|2[0-4]|30|50)(\d)\d{10}$/;

/** A person's: the cédula, and which of their establishments. */
const ofPerson = (ruc: string) => !ruc.endsWith("000") && ecCedulaDocument.check(ruc.slice(0, 10)).ok;
/** A public body's: nine digits with their check, and four for the establishment. */
const ofPublicBody = (ruc: string) =>
  !ruc.endsWith("0000") && weightedSum(ruc.slice(0, 9), [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
/** A company's or church's: ten digits with their check, and three for the establishment. */
const ofCompany = (ruc: string) =>
  !ruc.endsWith("000") && weightedSum(ruc.slice(0, 10), [4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;

/** Which forms the third digit allows; 7 and 8 have none. */
const formsByThirdDigit: Readonly<Record<string, readonly ((ruc: string) => boolean)[]>> = {
  "0": [ofPerson],
  "1": [ofPerson],
  "2": [ofPerson],
  "3": [ofPerson],
  "4": [ofPerson],
  "5": [ofPerson],
  "6": [ofPublicBody, ofPerson],
  "9": [ofPublicBody, ofCompany],
};

/**
 * Ecuador's Registro Único de Contribuyentes: thirteen digits, a cédula or a body's number with its establishment
 * (facts: methods §2). Own check: stdnum knows no public body among those of third digit 9, and gives a person's
 * RUC back as the cédula alone.
 */
export const ecRucDocument = identityDocument({
  type: "ruc",
  label: { es: "RUC", en: "RUC (Ecuadorian tax number)", pt: "RUC" },
  why: {
    es: "Identifica a la iglesia ante la autoridad y aparece en los recibos: el RUC del SRI.",
    en: "It identifies the church to the authority and stands on receipts: the RUC of the SRI.",
    pt: "Identifica a igreja perante a autoridade e aparece nos recibos: o RUC do SRI.",
  },
  example: "1792060346-001",
  mend: "a RUC of 13 digits such as 1792060346-001",
  read: (text) => {
    const compact = plain(text, " -");
    const forms = formsByThirdDigit[shape.exec(compact)?.[1] ?? ""] ?? [];
    return forms.some((isRight) => isRight(compact)) ? compact : undefined;
  },
  write: written("##########-###"),
});
