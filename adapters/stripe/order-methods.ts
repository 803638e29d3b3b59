import type Stripe from "stripe";
import type { CollectDonor, CollectOrder, Device } from "../../src/gateway/payment.ts";
import { isDebit, isFromBalance, isRedirect } from "./carried.ts";
import { voucherDays } from "./manifest-methods.ts";

/*
 * What each method adds to `POST /v1/payment_intents`: pure, and a function of the order alone (see
 * `translate-order.ts`).
 */

type Params = Partial<Stripe.PaymentIntentCreateParams>;
type Options = NonNullable<Stripe.PaymentIntentCreateParams["payment_method_options"]>;
type Billing = Stripe.PaymentIntentCreateParams.PaymentMethodData.BillingDetails;

export const isConfirmationToken = (token: string | undefined): boolean =>
  token?.startsWith("ctoken_") ?? false;

/** How an order is confirmed at once; nothing for a form on our page, which the donor confirms. */
export function confirmationParams(order: CollectOrder): Params {
  const { type, presentation } = order.method;
  if (isRedirect(type)) return redirect(order);
  if (isFromBalance(type)) return fromBalance(order.country);
  if (presentation === "instructions") return instructions(order);
  return presentation === "token" ? byToken(order) : { ...methodOptions(order) };
}

function byToken(order: CollectOrder): Params {
  const { type, token } = order.method;
  if (token === undefined) return {};
  const instrument = isConfirmationToken(token) ? { confirmation_token: token } : { payment_method: token };
  const acceptance = isDebit(type) && order.mandateAcceptance ? mandateOf(order.mandateAcceptance) : {};
  return {
    confirm: true,
    return_url: order.returnUrl,
    ...instrument,
    ...acceptance,
    ...methodOptions(order),
  };
}

/** The donor's yes to being debited, as we took it on our page. */
export const mandateOf = ({ ipAddress, userAgent }: Device) => ({
  mandate_data: {
    customer_acceptance: {
      type: "online" as const,
      online: { ip_address: ipAddress, user_agent: userAgent },
    },
  },
});

/** Canadian debits must say what they are for; one gift is a sporadic, personal one. */
function methodOptions(order: CollectOrder): Params {
  if (order.method.type !== "acss_debit") return {};
  const mandate_options = { payment_schedule: "sporadic", transaction_type: "personal" } as const;
  return { payment_method_options: { acss_debit: { mandate_options } } };
}

function instructions(order: CollectOrder): Params {
  const { donor } = order;
  switch (order.method.type) {
    case "oxxo":
      return {
        confirm: true,
        payment_method_data: { type: "oxxo", billing_details: nameAndEmail(donor) },
        payment_method_options: { oxxo: { expires_after_days: voucherDays.oxxo } },
      };
    case "boleto":
      return {
        confirm: true,
        payment_method_data: {
          type: "boleto",
          boleto: { tax_id: donor.taxId?.number ?? "" },
          billing_details: { ...nameAndEmail(donor), ...addressOf(order) },
        },
        payment_method_options: { boleto: { expires_after_days: voucherDays.boleto } },
      };
    case "multibanco":
      return {
        confirm: true,
        payment_method_data: { type: "multibanco", billing_details: nameAndEmail(donor) },
      };
    case "mb_way":
      return {
        confirm: true,
        payment_method_data: {
          type: "mb_way",
          billing_details: { ...nameAndEmail(donor), ...(donor.phone ? { phone: donor.phone } : {}) },
        },
      };
    default:
      return {};
  }
}

const nameAndEmail = ({ name, email }: CollectDonor): Billing => ({
  ...(name ? { name } : {}),
  ...(email ? { email } : {}),
});

function addressOf(order: CollectOrder): Billing {
  const { address } = order.donor;
  if (!address) return {};
  const line1 = [address.street, address.number].filter(Boolean).join(", ");
  return {
    address: {
      line1,
      city: address.city,
      country: order.country.toUpperCase(),
      ...(address.district ? { line2: address.district } : {}),
      ...(address.region ? { state: address.region } : {}),
      ...(address.postalCode ? { postal_code: address.postalCode } : {}),
    },
  };
}

const bankTransfers: ReadonlyMap<string, NonNullable<Options["customer_balance"]>> = new Map<
  string,
  Exclude<Options["customer_balance"], "" | null | undefined>
>([
  ["mx", transferBy({ type: "mx_bank_transfer" })],
  ["us", transferBy({ type: "us_bank_transfer" })],
  ["gb", transferBy({ type: "gb_bank_transfer" })],
  ["es", transferBy({ type: "eu_bank_transfer", eu_bank_transfer: { country: "ES" } })],
  ["de", transferBy({ type: "eu_bank_transfer", eu_bank_transfer: { country: "DE" } })],
]);

function transferBy(
  bank_transfer: Stripe.PaymentIntentCreateParams.PaymentMethodOptions.CustomerBalance.BankTransfer,
) {
  return { funding_type: "bank_transfer", bank_transfer } as const;
}

function fromBalance(country: string): Params {
  const customer_balance = bankTransfers.get(country);
  return {
    confirm: true,
    payment_method_data: { type: "customer_balance" },
    ...(customer_balance ? { payment_method_options: { customer_balance } } : {}),
  };
}

function redirect(order: CollectOrder): Params {
  const billing_details = nameAndEmail(order.donor);
  const at = { confirm: true, return_url: order.returnUrl } as const;
  switch (order.method.type) {
    case "pay_by_bank":
      return { ...at, payment_method_data: { type: "pay_by_bank", billing_details } };
    case "revolut_pay":
      return { ...at, payment_method_data: { type: "revolut_pay", billing_details } };
    case "amazon_pay":
      return { ...at, payment_method_data: { type: "amazon_pay", billing_details } };
    case "crypto_stablecoin":
      return { ...at, payment_method_data: { type: "crypto", billing_details } };
    default:
      return {};
  }
}
