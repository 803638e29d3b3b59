import { weightedFromRight } from "../../src/kernel/check-digits.ts";
import { inThousands, plain } from "../../src/kernel/written-number.ts";
import { identityDocument } from "./identity-document.ts";

/**
 * Chile's Rol Único Tributario, which is also the RUN of persons: weights 2 to 7 from the right, eleven minus the rest,
 * 10 written K (facts: methods §2). Own check: stdnum refuses the dots that Chileans write.
 */
export const clRutDocument = identityDocument({
  type: "rut",
  label: { es: "RUT", en: "RUT (Chilean tax number)", pt: "RUT" },
  why: {
    es: "El medio de pago pide el RUT de quien paga; con él tu iglesia también puede emitir tu recibo.",
    en: "The payment method asks for the payer's RUT; your church can also use it for your receipt.",
    pt: "O meio de pagamento pede o RUT de quem paga; com ele sua igreja também pode emitir seu recibo.",
  },
  example: "76.086.428-5",
  mend: "a RUT with its check digit such as 76.086.428-5",
  read: (text) => {
    const [, number = "", digit] = /^(?:CL)?(\d{7,8})([\dK])$/.exec(plain(text)) ?? [];
    const rest = weightedFromRight(number, [2, 3, 4, 5, 6, 7]) % 11;
    return number !== "" && digit === "0K987654321"[rest] ? number + digit : undefined;
  },
  write: (compact) => `${inThousands(compact.slice(0, -1))}-${compact.slice(-1)}`,
});
