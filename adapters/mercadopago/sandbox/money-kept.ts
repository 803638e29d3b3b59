import { feeOn } from "../../../src/gateway/fees.ts";
import { present } from "../../../src/kernel/assert.ts";
import { add, decimalText, type Money, money, subtract } from "../../../src/kernel/money.ts";
import { fromDecimal } from "../amounts.ts";
import { mercadoPagoFees } from "../fee-table.ts";
import { countryOfCurrency } from "../sites.ts";
import type { SimPayment } from "./documents.ts";
import { written } from "./payment-shape.ts";

export const inMoney = (amount: number, currency: string): Money =>
  present(fromDecimal(amount, currency), "the simulator writes amounts it can read");
export const inDecimal = (m: Money): number => Number(decimalText(m));

/** What is kept of a payment by the manifest's prices, so that checkout, ledger and simulator agree. */
function feeFor(payment: SimPayment, amount: Money) {
  const country = countryOfCurrency(amount.currency);
  const rule = mercadoPagoFees.find(
    (known) => known.country === country && known.methods.some((type) => type === payment.method),
  );
  return feeOn(amount, present(rule, `a price for ${payment.method} in ${country}`));
}

/**
 * The payment as it is once money came: `paid` is what the donor handed over, more or less than was asked where
 * somebody plays that.
 */
export function settled(payment: SimPayment, now: Date, paid?: Money): SimPayment {
  const { body } = payment;
  const asked = inMoney(body.transaction_amount, body.currency_id);
  const came = paid ?? asked;
  const over = came.minor > asked.minor ? subtract(came, asked) : money(0n, asked.currency);
  const fee = feeFor(payment, came);
  const net = subtract(fee.amount, fee.tax);
  const charge = (id: string, type: string, name: string, kept: Money) => ({
    id: `${body.id}-${id}`,
    name,
    type,
    accounts: { from: "collector", to: "mp" },
    amounts: { original: inDecimal(kept), refunded: 0 },
  });
  return {
    ...payment,
    body: {
      ...body,
      status: "approved",
      status_detail: "accredited",
      date_approved: written(now),
      date_last_updated: written(now),
      money_release_date: written(now),
      fee_details: [{ type: "mercadopago_fee", amount: inDecimal(net), fee_payer: "collector" }],
      charges_details: [
        charge("001", "fee", "mercadopago_fee", net),
        ...(fee.tax.minor > 0n ? [charge("002", "tax", "tax_withholding", fee.tax)] : []),
      ],
      transaction_details: {
        ...body.transaction_details,
        total_paid_amount: inDecimal(came),
        overpaid_amount: inDecimal(over),
        net_received_amount: inDecimal(subtract(came, fee.amount)),
      },
    },
  };
}

/** Paid once more at the till: the surplus is kept beside. */
export function paidAgain(payment: SimPayment, now: Date): SimPayment {
  const { body } = payment;
  const asked = inMoney(body.transaction_amount, body.currency_id);
  const over = inMoney(body.transaction_details.overpaid_amount, body.currency_id);
  const again = settled(payment, now, add(add(asked, over), asked));
  return { ...again, body: { ...again.body, date_approved: body.date_approved } };
}
