import { ptNifDocument } from "./checks/pt-nif.ts";
import { acknowledgmentUnlike, defineCountry, limits, ofrenda, sameName, text } from "./define.ts";
import { email, emailForVoucher, name, phoneOfWallet, taxId } from "./fields.ts";
import { bankHolidays } from "./generated/bank-holidays.ts";
import { sepaDebit, sepaTransfer } from "./methods/banks.ts";
import { card, link, phoneWallets } from "./methods/cards.ts";
import { everywhere } from "./methods/everywhere.ts";
import { voucher } from "./methods/vouchers.ts";
import { paypal } from "./methods/wallets.ts";

const personal = [email, name, taxId];

/**
 * Portugal. MB WAY takes up to 5,000 EUR and Multibanco up to 99,999 (facts: methods). The recibo de donativo,
 * with the rule of the EBF it rests on, is another document (facts: tax).
 */
export const pt = defineCountry({
  code: "pt",
  name: text("Portugal", "Portugal", "Portugal"),
  currency: "EUR",
  timeZone: "Europe/Lisbon",
  locales: ["pt-PT", "en-GB", "es-ES"],
  methods: [
    {
      type: "mb_way",
      kind: "wallet",
      label: sameName("MB WAY"),
      hint: text(
        "Te llega un aviso a la app MB WAY; apruébalo en cuatro minutos.",
        "A request arrives in your MB WAY app; approve it within four minutes.",
        "Recebe um pedido na app MB WAY; aprove em quatro minutos.",
      ),
      gateways: ["stripe"],
      presentations: ["embedded", "hosted", "token", "instructions"],
      ...limits("EUR", 50n, 500_000n),
      donorFields: [email, name, phoneOfWallet, taxId],
      recurs: "reminder",
      confirms: "minutes",
    },
    voucher(
      {
        type: "multibanco",
        label: text("Referencia Multibanco", "Multibanco reference", "Referência Multibanco"),
        hint: text(
          "Te damos entidad y referencia para pagar en un cajero Multibanco o en la app de tu banco; se confirma en minutos.",
          "You get an entity and a reference to pay at a Multibanco machine or in your bank's app; it is confirmed in minutes.",
          "Recebe entidade e referência para pagar num Multibanco ou na app do seu banco; é confirmada em minutos.",
        ),
        gateways: ["stripe"],
        ...limits("EUR", 50n, 9_999_900n),
        confirms: "minutes",
      },
      [emailForVoucher, name, taxId],
    ),
    card(["stripe", "paypal"], personal),
    ...phoneWallets(personal),
    sepaDebit,
    { ...sepaTransfer, gateways: ["transfer"] },
    paypal,
    link,
    ...everywhere,
  ],
  donorDocuments: [ptNifDocument],
  entityDocument: ptNifDocument,
  suggestedAmounts: [1_000n, 2_000n, 5_000n, 10_000n],
  acknowledgment: acknowledgmentUnlike(
    text("un recibo de donativo (EBF)", "a recibo de donativo (EBF)", "um recibo de donativo (EBF)"),
  ),
  words: ofrenda,
  bankHolidays: bankHolidays.pt,
});
