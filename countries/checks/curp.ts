import { stdnum } from "stdnum";
import { plain } from "../../src/kernel/written-number.ts";
import { identityDocument, provenBy } from "./identity-document.ts";

const proven = provenBy(stdnum.MX?.curp);

/** Mexico's Clave Única de Registro de Población: 18 characters with a check digit, verified by stdnum. */
export const curpDocument = identityDocument({
  type: "curp",
  label: { es: "CURP", en: "CURP (Mexican population number)", pt: "CURP" },
  why: {
    es: "Para que tu iglesia pueda poner tu CURP en tu recibo; no hace falta para donar.",
    en: "So that your church can put your CURP on your receipt; you do not need it to give.",
    pt: "Para que sua igreja possa pôr sua CURP no seu recibo; não é necessária para contribuir.",
  },
  example: "BOXW310820HNERXN09",
  mend: "a CURP of 18 characters such as BOXW310820HNERXN09",
  read: (text) => proven(plain(text, " -")),
});
