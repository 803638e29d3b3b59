import type { CashAccount } from "./documents.ts";
import type { Scene } from "./scene.ts";
import type { PaymentIntent } from "./wire.ts";

type Instructions = NonNullable<
  NonNullable<PaymentIntent["next_action"]>["display_bank_transfer_instructions"]
>;
type Address = NonNullable<Instructions["financial_addresses"]>[number];

/** The bank transfers that are simulated, by the currency they come in. */
export const transferOf: Readonly<Record<string, string>> = {
  mxn: "mx_bank_transfer",
  usd: "us_bank_transfer",
  eur: "eu_bank_transfer",
  gbp: "gb_bank_transfer",
};

const holder = "OFRENDA SANDBOX";
const addressIn = (country: string) => ({
  city: null,
  country,
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
});
const described = (country: string) => ({
  account_holder_address: addressIn(country),
  account_holder_name: holder,
  bank_address: addressIn(country),
});

const weights = [3, 7, 1];
const bankCode = "646";

/** A CLABE of bank 646: bank, plaza, account and the check digit that Mexican banks compute. */
function newClabe(scene: Scene): string {
  const body = `${bankCode}180${scene.house.ids.digits(11)}`;
  let sum = 0;
  for (let i = 0; i < body.length; i++) sum += (Number(body[i]) * (weights[i % 3] ?? 0)) % 10;
  return `${body}${(10 - (sum % 10)) % 10}`;
}

/** An IBAN with its two check digits (ISO 13616); letters count from A = 10. */
function newIban(country: string, account: string): string {
  const numeric = [...`${account}${country}00`].map((c) => Number.parseInt(c, 36)).join("");
  const check = 98n - (BigInt(numeric) % 97n);
  return `${country}${String(check).padStart(2, "0")}${account}`;
}

/** The number lent to the customer for this kind of transfer, made the first time it is asked for. */
export function lend(scene: Scene, account: CashAccount, kind: string): string {
  const known = account.lent[kind];
  if (known) return known;
  const { ids } = scene.house;
  const [type, country = ""] = kind.split(":");
  switch (type) {
    case "eu_bank_transfer":
      return newIban(country, ids.digits(country === "ES" ? 20 : 18));
    case "gb_bank_transfer":
      return ids.digits(8);
    case "us_bank_transfer":
      return ids.digits(17);
    default:
      return newClabe(scene);
  }
}

/** The accounts as Stripe shows them. */
export function addressesOf(kind: string, number: string): Address[] {
  const [type, country = ""] = kind.split(":");
  switch (type) {
    case "eu_bank_transfer":
      return [
        {
          iban: { ...described(country), bic: `TEST${country}2XXXX`.slice(0, 11), country, iban: number },
          supported_networks: ["sepa"],
          type: "iban",
        },
      ];
    case "gb_bank_transfer":
      return [
        {
          sort_code: { ...described("GB"), account_number: number, sort_code: "200000" },
          supported_networks: ["bacs", "fps"],
          type: "sort_code",
        },
      ];
    case "us_bank_transfer": {
      const bank = {
        ...described("US"),
        account_number: number,
        account_type: "checking",
        bank_name: "US Test Bank",
      };
      return [
        {
          aba: { ...bank, routing_number: "111000000" },
          supported_networks: ["ach", "domestic_wire_us"],
          type: "aba",
        },
        { supported_networks: ["swift"], swift: { ...bank, swift_code: "TESTUS99XXX" }, type: "swift" },
      ];
    }
    default:
      return [
        {
          spei: { ...described("MX"), bank_code: bankCode, bank_name: "STP", clabe: number },
          supported_networks: ["spei"],
          type: "spei",
        },
      ];
  }
}
