/**
 * The closed vocabulary of payment method types (CONTRACT): stable `snake_case` words on the outside. A type
 * being here does not mean it is offered: countries offer, manifests carry.
 */
export const methodTypes = [
  "card",
  // wallets
  "apple_pay",
  "google_pay",
  "link",
  "paypal",
  "venmo",
  "amazon_pay",
  "revolut_pay",
  "satispay",
  "mb_way",
  "twint",
  "mercado_pago",
  "yape",
  // vouchers
  "oxxo",
  "paycash",
  "bbva_cash",
  "citibanamex_cash",
  "efecty",
  "baloto",
  "gana",
  "su_red",
  "boleto",
  "loterica",
  "rapipago",
  "pago_facil",
  "pago_efectivo",
  "abitab",
  "redpagos",
  "multibanco",
  // the donor's bank, by redirect
  "pse",
  "nequi",
  "webpay",
  "fintoc",
  "ideal",
  "bancontact",
  "eps",
  "blik",
  "mybank",
  "pay_by_bank",
  // codes to scan
  "pix",
  "pix_automatico",
  // transfers the donor makes
  "spei",
  "bank_transfer",
  "sinpe_movil",
  "wire",
  // debits
  "ach_debit",
  "sepa_debit",
  "bacs_debit",
  "acss_debit",
  // coins
  "crypto_stablecoin",
  "bitcoin",
  "lightning",
  // handed over in person
  "cash",
  "cheque",
  "card_terminal",
  "in_kind",
] as const;

export type MethodType = (typeof methodTypes)[number];

/** How the donor experiences a method; the checkout and `GET /v1/payment-methods` group by it. */
export type MethodKind =
  | "card"
  | "wallet"
  | "voucher"
  | "bank_redirect"
  | "qr"
  | "bank_transfer"
  | "bank_debit"
  | "crypto"
  | "in_person";

/**
 * Who shows the payment form. `embedded`: the gateway's hosted fields on our page (needs script).
 * `hosted`: a page of the gateway's, reached by redirect (works without script). `token`: hosted fields have
 * already made a gateway token. `instructions`: nothing to fill in, the donor gets a voucher, a code or an account.
 */
export type Presentation = "embedded" | "hosted" | "token" | "instructions";
