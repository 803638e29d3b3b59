import { identityDocument, shaped } from "./identity-document.ts";

/**
 * How a church of the United Kingdom is registered: with the Charity Commission (six or seven digits), in Scotland
 * (SC), in Northern Ireland (NIC), or at Companies House (eight characters). None has a check digit.
 */
export const gbRegistrationDocument = identityDocument({
  type: "registration",
  label: {
    es: "Número de entidad benéfica o sociedad",
    en: "Charity or company number",
    pt: "Número da instituição beneficente ou sociedade",
  },
  why: {
    es: "Identifica a la iglesia ante la autoridad y aparece en los recibos: el número de la Charity Commission, OSCR, CCNI o Companies House.",
    en: "It identifies the church to the authority and stands on receipts: the number of the Charity Commission, OSCR, CCNI or Companies House.",
    pt: "Identifica a igreja perante a autoridade e aparece nos recibos: o número da Charity Commission, OSCR, CCNI ou Companies House.",
  },
  example: "1161290",
  mend: "a charity number such as 1161290, SC012345 or NIC100123, or a company number of 8 characters such as CE001234",
  read: shaped(/^(?:[1-9]\d{5,6}|\d{8}|NIC\d{6}|(?:SC|CE|CS|NI|NC|OC|SO|RC|IP|SP|RS)\d{6})$/),
});
