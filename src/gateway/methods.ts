/**
 * The closed vocabulary of payment method types (CONTRACT): stable `snake_case` words on the outside. A type
 * being here does not mean it is offered: countries offer, manifests carry.
 */
export const methodTypes = ["card", "apple_pay", "google_pay", "link", "oxxo", "spei", "ach_debit"] as const;

export type MethodType = (typeof methodTypes)[number];

/** How the donor experiences a method; the checkout and `GET /v1/payment-methods` group by it. */
export type MethodKind = "card" | "wallet" | "voucher" | "bank_transfer" | "bank_debit";

/**
 * Who shows the payment form. `embedded`: the gateway's hosted fields on our page (needs script).
 * `hosted`: a page of the gateway's, reached by redirect (works without script). `token`: hosted fields have
 * already made a gateway token. `instructions`: nothing to fill in, the donor gets a voucher or an account.
 */
export type Presentation = "embedded" | "hosted" | "token" | "instructions";
