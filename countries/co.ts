import { coCedulaDocument } from "./checks/co-cc.ts";
import { coCedulaExtranjeriaDocument } from "./checks/co-ce.ts";
import { coNitDocument } from "./checks/co-nit.ts";
import { coPassportDocument } from "./checks/co-pp.ts";
import { coTarjetaIdentidadDocument } from "./checks/co-ti.ts";
import { acknowledgmentUnlike, defineCountry, limits, ofrenda, text } from "./define.ts";
import {
  addressForBank,
  bankChoice,
  email,
  emailForVoucher,
  nameOfHolder,
  nameOnVoucher,
  phoneForBank,
  phoneOnVoucher,
  taxIdForBank,
  taxIdForGateway,
} from "./fields.ts";
import { bankHolidays } from "./generated/bank-holidays.ts";
import { bankRedirect } from "./methods/banks.ts";
import { brands, cardThroughMercadoPago } from "./methods/cards.ts";
import { everywhere } from "./methods/everywhere.ts";
import { cashAt, cashVoucherFields } from "./methods/vouchers.ts";
import { mercadoPago, paypalInDollars } from "./methods/wallets.ts";

const bankFields = [nameOfHolder, email, taxIdForBank, phoneForBank, addressForBank];
/** ePayco wants a telephone too. */
const networkFields = [nameOnVoucher, emailForVoucher, taxIdForGateway, phoneOnVoucher];
const bankLimits = limits("COP", 160_000n, 34_000_000_000n);

/**
 * Colombia. PSE takes 1,600 to 340,000,000 COP and gives the donor 15 minutes; Nequi is an institution of PSE's
 * list. Baloto, Gana and SuRed come through ePayco alone, whose word on them is disputed: they are offered only
 * where a church has such an account (facts: methods §4, §11). Certificates of donation: facts: tax.
 */
export const co = defineCountry({
  code: "co",
  name: text("Colombia", "Colombia", "Colômbia"),
  currency: "COP",
  timeZone: "America/Bogota",
  locales: ["es-CO", "en-US"],
  methods: [
    bankRedirect(
      {
        type: "pse",
        label: text("Cuenta bancaria (PSE)", "Bank account (PSE)", "Conta bancária (PSE)"),
        hint: text(
          "Te llevamos a tu banco para aprobar; se confirma en minutos. Tienes 15 minutos.",
          "We take you to your bank to approve; it is confirmed in minutes. You have 15 minutes.",
          "Levamos você ao seu banco para aprovar; é confirmada em minutos. Você tem 15 minutos.",
        ),
        gateways: ["mercadopago"],
        ...bankLimits,
        confirms: "minutes",
      },
      [bankChoice, ...bankFields],
    ),
    cardThroughMercadoPago(brands("American Express, Codensa")),
    bankRedirect(
      {
        type: "nequi",
        kind: "wallet",
        label: text("Nequi", "Nequi", "Nequi"),
        hint: text(
          "Te llevamos a Nequi, por PSE, para aprobar con tu celular; se confirma en minutos.",
          "We take you to Nequi, through PSE, to approve on your phone; it is confirmed in minutes.",
          "Levamos você ao Nequi, pelo PSE, para aprovar no celular; é confirmada em minutos.",
        ),
        gateways: ["mercadopago"],
        ...bankLimits,
        confirms: "minutes",
      },
      bankFields,
    ),
    cashAt("efecty", "Efecty", ["mercadopago"], cashVoucherFields),
    mercadoPago(),
    cashAt("baloto", "Baloto", ["epayco"], networkFields),
    cashAt("gana", "Gana", ["epayco"], networkFields),
    cashAt("su_red", "SuRed", ["epayco"], networkFields),
    paypalInDollars,
    ...everywhere,
  ],
  donorDocuments: [
    coCedulaDocument,
    coCedulaExtranjeriaDocument,
    coNitDocument,
    coTarjetaIdentidadDocument,
    coPassportDocument,
  ],
  entityDocument: coNitDocument,
  suggestedAmounts: [2_000_000n, 5_000_000n, 10_000_000n, 20_000_000n],
  acknowledgment: acknowledgmentUnlike(
    text(
      "un certificado de donación para la DIAN",
      "a certificate of donation for the DIAN",
      "um certificado de doação para a DIAN",
    ),
  ),
  words: ofrenda,
  bankHolidays: bankHolidays.co,
});
