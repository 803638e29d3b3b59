import { stdnum } from "stdnum";
import type { IdentityDocument } from "../../src/gateway/country-profile.ts";
import { err, ok } from "../../src/kernel/result.ts";
import { text } from "../define.ts";

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
export const rfcDocument: IdentityDocument = {
  type: "rfc",
  label: text("RFC", "RFC (Mexican tax number)"),
  example: "GODE561231GR8",
  check(given) {
    const compact = given.replace(/[\s_-]/g, "").toUpperCase();
    const [, name = "", date = "", homoclave] = shape.exec(compact) ?? [];
    if (genericRfcs.has(compact)) return ok(compact);
    const probe = name + date + (homoclave === undefined ? "" : plainHomoclave);
    const verdict = rfc?.validate(probe);
    if (name !== "" && (verdict?.isValid || verdict?.error?.name === "InvalidChecksum")) return ok(compact);
    return err("must be an RFC of 12 or 13 characters such as GODE561231GR8: letters, date, homoclave");
  },
  format: (compact) => rfc?.format(compact) ?? compact,
};
