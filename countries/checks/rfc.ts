import { stdnum } from "stdnum";
import { plain } from "../../src/kernel/written-number.ts";
import { identityDocument } from "./identity-document.ts";

/** SAT's two RFCs for nobody in particular: the general public, and residents abroad. Good wherever an RFC is. */
export const genericRfcs: ReadonlySet<string> = new Set(["XAXX010101000", "XEXX010101000"]);

const shape = /^([A-Z&Ñ]{3,4})(\d{6})([0-9A-Z]{3})?$/;
// Satisfies stdnum's pattern for the last three characters, so that its verdict is about name and date alone.
const plainHomoclave = "110";
const rfc = stdnum.MX?.rfc;

/**
 * Mexico's Registro Federal de Contribuyentes: 13 characters for a person, 12 for a body, 10 for a person whose
 * homoclave is not known. Name and date are checked by stdnum. The last three characters are not: SAT has issued
 * RFCs whose check digit does not compute (its own samples for testing among them), and a donor's true RFC must
 * never be turned away; the certifier of a tax receipt asks SAT itself.
 */
export const rfcDocument = identityDocument({
  type: "rfc",
  label: { es: "RFC", en: "RFC (Mexican tax number)", pt: "RFC" },
  why: {
    es: "Para que tu iglesia pueda poner tu RFC en tu recibo; no hace falta para donar.",
    en: "So that your church can put your RFC on your receipt; you do not need it to give.",
    pt: "Para que sua igreja possa pôr seu RFC no seu recibo; não é necessário para contribuir.",
  },
  example: "GODE561231GR8",
  mend: "an RFC of 12 or 13 characters such as GODE561231GR8: letters, date, homoclave",
  read: (given) => {
    const compact = plain(given, " _-");
    const [, name = "", date = "", homoclave] = shape.exec(compact) ?? [];
    if (genericRfcs.has(compact)) return compact;
    const verdict = rfc?.validate(name + date + (homoclave === undefined ? "" : plainHomoclave));
    const isRight = verdict?.isValid || verdict?.error?.name === "InvalidChecksum";
    return name !== "" && isRight ? compact : undefined;
  },
  write: (compact) => rfc?.format(compact) ?? compact,
});
