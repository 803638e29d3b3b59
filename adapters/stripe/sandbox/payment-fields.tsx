import type { Words } from "./page-frame.tsx";

/** Numbers a tester reaches for; the whole list is in `test-values.ts`. */
const cards = [
  ["OK", "4242424242424242"],
  ["MX", "4000004840008001"],
  ["decline", "4000000000000002"],
  ["no funds", "4000000000009995"],
  ["3-D Secure", "4000002500003155"],
] as const;
const accounts = [
  ["OK", "000123456789"],
  ["no funds", "000222222227"],
  ["closed", "000111111113"],
  ["dispute", "000555555559"],
] as const;

export function CardFields({ w, full }: { readonly w: Words; readonly full: boolean }) {
  return (
    <>
      <label>
        {w.number}
        <input name="number" inputmode="numeric" autocomplete="off" placeholder="4242 4242 4242 4242" />
      </label>
      {full ? (
        <div class="pair">
          <label>
            {w.expiry}
            <input name="expiry" inputmode="numeric" autocomplete="off" placeholder="12/40" />
          </label>
          <label>
            {w.cvc}
            <input name="cvc" inputmode="numeric" autocomplete="off" placeholder="123" />
          </label>
        </div>
      ) : null}
    </>
  );
}

/** Buttons that fill the fields in; they need script, so only the iframe has them. */
export function QuickFill({ kind }: { readonly kind: "card" | "us_bank_account" }) {
  const rows: readonly (readonly [string, object])[] =
    kind === "card"
      ? cards.map(([label, number]) => [label, { number, expiry: "12/40", cvc: "123" }] as const)
      : accounts.map(
          ([label, account]) => [label, { account, routing: "110000000", holder: "Test Donor" }] as const,
        );
  return (
    <div class="row">
      {rows.map(([label, fill]) => (
        <button type="button" class="quiet small" data-fill={JSON.stringify(fill)}>
          {label}
        </button>
      ))}
    </div>
  );
}

export function BankFields({ w, linkable }: { readonly w: Words; readonly linkable: boolean }) {
  return (
    <>
      {linkable ? (
        <>
          <label>
            {w.name}
            <input name="holder" autocomplete="off" />
          </label>
          <label>
            {w.routing}
            <input name="routing" inputmode="numeric" autocomplete="off" placeholder="110000000" />
          </label>
        </>
      ) : null}
      <label>
        {w.account}
        <input name="account" inputmode="numeric" autocomplete="off" placeholder="000123456789" />
      </label>
      {linkable ? (
        <label class="line">
          <input type="checkbox" name="linked" value="1" checked data-linked />
          {w.linked}
        </label>
      ) : null}
    </>
  );
}
