import { stdnum } from "stdnum";
import { written } from "../../src/kernel/written-number.ts";
import { identityDocument, provenBy } from "./identity-document.ts";

/**
 * Costa Rica's cédula de persona física: ten digits with the zero that is often left out; no check digit. The padding
 * of its groups is stdnum's.
 */
export const crCedulaDocument = identityDocument({
  type: "cedula",
  label: { es: "Cédula física", en: "Cédula (Costa Rican identity card)", pt: "Cédula física" },
  why: {
    es: "El medio de pago pide la cédula de quien paga; con él tu iglesia también puede emitir tu recibo.",
    en: "The payment method asks for the payer's identity card number; your church can also use it for your receipt.",
    pt: "O meio de pagamento pede a cédula de quem paga; com ele sua igreja também pode emitir seu recibo.",
  },
  example: "3-0455-0175",
  mend: "a cédula of 9 or 10 digits such as 3-0455-0175",
  read: provenBy(stdnum.CR?.cpf),
  write: written("##-####-####"),
});
