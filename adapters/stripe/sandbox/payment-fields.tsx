import type { Words } from "./page-frame.tsx";

/** Numbers a tester reaches for; the whole list is in `test-values.ts`. */
const cards = [
  ["OK", "4242424242424242"],
  ["MX", "4000004840008001"],
  ["decline", "4000000000000002"],
  ["no funds", "4000000000009995"],
  ["3-D Secure", "4000002500003155"],
] as const;
const accounts: Readonly<Record<Exclude<FieldKind, "card">, readonly (readonly [string, string])[]>> = {
  us_bank_account: [
    ["OK", "000123456789"],
    ["no funds", "000222222227"],
    ["closed", "000111111113"],
    ["dispute", "000555555559"],
  ],
  sepa_debit: [
    ["OK", "DE89370400440532013000"],
    ["refused", "DE62370400440532013001"],
    ["dispute", "DE35370400440532013002"],
  ],
  bacs_debit: [
    ["OK", "00012345"],
    ["no funds", "22222227"],
    ["refused", "33333335"],
  ],
  acss_debit: [
    ["OK", "000123456789"],
    ["no funds", "000222222227"],
  ],
  mb_way: [
    ["OK", "+351911111111"],
    ["waits", "+351912345678"],
  ],
};

/** What the donor fills in, by Stripe's type word; wallets and Link need no more than a card does. */
export type FieldKind = "card" | "us_bank_account" | "sepa_debit" | "bacs_debit" | "acss_debit" | "mb_way";

export const fieldKind = (types: readonly string[]): FieldKind =>
  (["us_bank_account", "sepa_debit", "bacs_debit", "acss_debit", "mb_way"] as const).find((kind) =>
    types.includes(kind),
  ) ?? "card";

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
export function QuickFill({ kind }: { readonly kind: FieldKind }) {
  const who = { routing: "110000000", holder: "Test Donor", email: "donor@example.com" };
  const rows: readonly (readonly [string, object])[] =
    kind === "card"
      ? cards.map(([label, number]) => [label, { number, expiry: "12/40", cvc: "123" }] as const)
      : accounts[kind].map(([label, account]) => [label, { ...who, account }] as const);
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

/** The fields of a debit or of MB WAY. `whole`: in the iframe, where name and e-mail are not asked elsewhere. */
export function AccountFields({
  w,
  kind,
  whole,
}: {
  readonly w: Words;
  readonly kind: Exclude<FieldKind, "card">;
  readonly whole: boolean;
}) {
  const label = kind === "sepa_debit" ? w.iban : kind === "mb_way" ? w.phone : w.account;
  return (
    <>
      {whole && kind !== "mb_way" ? (
        <label>
          {w.name}
          <input name="holder" autocomplete="off" />
        </label>
      ) : null}
      {whole && kind !== "mb_way" && kind !== "us_bank_account" ? (
        <label>
          {w.email}
          <input name="email" type="email" autocomplete="off" />
        </label>
      ) : null}
      {whole && kind === "us_bank_account" ? (
        <label>
          {w.routing}
          <input name="routing" inputmode="numeric" autocomplete="off" placeholder="110000000" />
        </label>
      ) : null}
      <label>
        {label}
        <input name="account" autocomplete="off" placeholder={accounts[kind][0]?.[1]} />
      </label>
      {whole && kind === "us_bank_account" ? (
        <label class="line">
          <input type="checkbox" name="linked" value="1" checked data-linked />
          {w.linked}
        </label>
      ) : null}
    </>
  );
}
