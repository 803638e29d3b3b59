import type { MethodType } from "../../../src/gateway/methods.ts";
import { compare, decimalText, type Money } from "../../../src/kernel/money.ts";
import { fromDecimal } from "../amounts.ts";
import { capabilities } from "../capabilities.ts";
import type { Site } from "../sites.ts";

/** One payment method of a site, as `GET /v1/payment_methods` lists it. */
export type Listed = {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** Ours, for its limits and its price; PSE is two of ours, told apart by the bank. */
  readonly ours: MethodType;
};

const card = (id: string, name: string, type = "credit_card"): Listed => ({ id, name, type, ours: "card" });
const one = (id: string, name: string, type: string, ours: MethodType): Listed => ({ id, name, type, ours });

const everywhere = [card("visa", "Visa"), card("master", "Mastercard"), card("amex", "American Express")];

/** Codes: facts: payment-methods. */
const bySite: Readonly<Record<string, readonly Listed[]>> = {
  MLM: [
    ...everywhere,
    card("debvisa", "Visa Débito", "debit_card"),
    card("debmaster", "Mastercard Débito", "debit_card"),
    one("oxxo", "OXXO", "ticket", "oxxo"),
    one("paycash", "PayCash", "ticket", "paycash"),
    one("bancomer", "BBVA", "atm", "bbva_cash"),
    one("banamex", "Citibanamex", "atm", "citibanamex_cash"),
    one("clabe", "SPEI", "bank_transfer", "spei"),
    one("account_money", "Dinero en cuenta", "account_money", "mercado_pago"),
  ],
  MCO: [
    ...everywhere,
    card("codensa", "Codensa"),
    one("pse", "PSE", "bank_transfer", "pse"),
    one("efecty", "Efecty", "ticket", "efecty"),
    one("account_money", "Dinero en cuenta", "account_money", "mercado_pago"),
  ],
  MLB: [
    ...everywhere,
    card("elo", "Elo"),
    card("hipercard", "Hipercard"),
    one("pix", "Pix", "bank_transfer", "pix"),
    one("bolbradesco", "Boleto", "ticket", "boleto"),
    one("pec", "Pagamento na lotérica", "ticket", "loterica"),
    one("account_money", "Saldo Mercado Pago", "account_money", "mercado_pago"),
  ],
  MLA: [
    ...everywhere,
    card("naranja", "Naranja"),
    card("cabal", "Cabal"),
    one("rapipago", "Rapipago", "ticket", "rapipago"),
    one("pagofacil", "Pago Fácil", "ticket", "pago_facil"),
    one("account_money", "Dinero en cuenta", "account_money", "mercado_pago"),
  ],
  MLC: [
    ...everywhere,
    card("redcompra", "Redcompra", "debit_card"),
    one("webpay", "Webpay", "bank_transfer", "webpay"),
    one("fintoc", "Fintoc", "bank_transfer", "fintoc"),
    one("account_money", "Dinero en cuenta", "account_money", "mercado_pago"),
  ],
  MPE: [
    ...everywhere,
    card("debvisa", "Visa Débito", "debit_card"),
    one("yape", "Yape", "digital_wallet", "yape"),
    one("pagoefectivo_atm", "PagoEfectivo", "atm", "pago_efectivo"),
  ],
  MLU: [
    ...everywhere,
    card("oca", "OCA"),
    card("lider", "Lider"),
    one("abitab", "Abitab", "ticket", "abitab"),
    one("redpagos", "Redpagos", "ticket", "redpagos"),
    one("account_money", "Dinero en cuenta", "account_money", "mercado_pago"),
  ],
};

export const methodsOf = (site: Site): readonly Listed[] => bySite[site.id] ?? [];

export const nequi = "1507";
/** Institutions of PSE's list, as the simulator has them. */
export const pseBanks: readonly { readonly id: string; readonly description: string }[] = [
  { id: "1007", description: "Bancolombia" },
  { id: "1001", description: "Banco de Bogotá" },
  { id: "1051", description: "Davivienda" },
  { id: nequi, description: "Nequi" },
  { id: "1551", description: "DaviPlata" },
];

export const methodOf = (site: Site, id: string): Listed | undefined =>
  methodsOf(site).find((listed) => listed.id === id);

/** Whether the method takes this amount; the limits are the manifest's. */
export function withinLimits(site: Site, ours: MethodType, amount: number): boolean {
  const asked = fromDecimal(amount, site.currency);
  const capability = capabilities.find(
    (known) => known.type === ours && known.countries.includes(site.country),
  );
  const [least] = capability?.minimum ?? [];
  const [most] = capability?.maximum ?? [];
  return Boolean(asked && least && most && compare(asked, least) >= 0 && compare(asked, most) <= 0);
}

/** `GET /v1/payment_methods`. */
export function listing(site: Site): readonly object[] {
  return methodsOf(site).map((listed) => {
    const capability = capabilities.find(
      (known) => known.type === listed.ours && known.countries.includes(site.country),
    );
    const decimal = (limits: readonly Money[] | undefined) =>
      limits?.[0] ? Number(decimalText(limits[0])) : 0;
    return {
      id: listed.id,
      name: listed.name,
      payment_type_id: listed.type,
      status: "active",
      secure_thumbnail: `https://http2.mlstatic.com/${listed.id}.gif`,
      thumbnail: `https://http2.mlstatic.com/${listed.id}.gif`,
      deferred_capture: listed.type === "credit_card" ? "supported" : "does_not_apply",
      additional_info_needed: [],
      min_allowed_amount: decimal(capability?.minimum),
      max_allowed_amount: decimal(capability?.maximum),
      accreditation_time: listed.type === "ticket" ? 1440 : 0,
      financial_institutions: listed.id === "pse" ? pseBanks : [],
      processing_modes: ["aggregator"],
    };
  });
}
