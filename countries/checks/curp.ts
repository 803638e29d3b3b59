import { stdnum } from "stdnum";
import type { IdentityDocument } from "../../src/gateway/country-profile.ts";
import { err, ok } from "../../src/kernel/result.ts";
import { text } from "../define.ts";

const curp = stdnum.MX?.curp;

/** Mexico's Clave Única de Registro de Población: 18 characters with a check digit, verified by stdnum. */
export const curpDocument: IdentityDocument = {
  type: "curp",
  label: text("CURP", "CURP (Mexican population number)"),
  example: "BOXW310820HNERXN09",
  check(given) {
    const verdict = curp?.validate(given.trim().toUpperCase());
    return verdict?.isValid
      ? ok(verdict.compact)
      : err("must be a CURP of 18 characters such as BOXW310820HNERXN09");
  },
  format: (compact) => compact,
};
