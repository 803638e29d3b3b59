import { esCifDocument } from "./checks/es-cif.ts";
import { esDniDocument } from "./checks/es-dni.ts";
import { esNieDocument } from "./checks/es-nie.ts";
import { esNifDocument } from "./checks/es-nif.ts";
import { acknowledgmentUnlike, defineCountry, donativo, text } from "./define.ts";
import { email, name, taxId } from "./fields.ts";
import { bankHolidays } from "./generated/bank-holidays.ts";
import { sepaDebit, sepaTransfer } from "./methods/banks.ts";
import { card, link, phoneWallets } from "./methods/cards.ts";
import { everywhere } from "./methods/everywhere.ts";
import { paypal } from "./methods/wallets.ts";

const personal = [email, name, taxId];

/**
 * Spain. Bizum through Stripe is closed to religious bodies (facts: methods §0), so it is not offered. The
 * certificate of Ley 49/2002 is another document (facts: tax).
 */
export const es = defineCountry({
  code: "es",
  name: text("España", "Spain", "Espanha"),
  currency: "EUR",
  timeZone: "Europe/Madrid",
  locales: ["es-ES", "en-GB", "pt-PT"],
  methods: [
    card(["stripe", "paypal"], personal),
    ...phoneWallets(personal),
    sepaDebit,
    sepaTransfer,
    paypal,
    link,
    ...everywhere,
  ],
  donorDocuments: [esDniDocument, esNieDocument, esNifDocument],
  entityDocument: esCifDocument,
  suggestedAmounts: [1_000n, 2_000n, 5_000n, 10_000n],
  acknowledgment: acknowledgmentUnlike(
    text(
      "el certificado de donación de la Ley 49/2002",
      "the certificate of donation of Ley 49/2002",
      "o certificado de doação da Ley 49/2002",
    ),
  ),
  words: donativo,
  bankHolidays: bankHolidays.es,
});
