import { invalid } from "./refusal.ts";
import type { Scene } from "./scene.ts";
import type { MethodData } from "./schemas.ts";
import { type Billing, bare, keep, missingField, requireBilling, type Tender } from "./tenders.ts";
import {
  bankTokens,
  type DebitType,
  debitTokens,
  testAccounts,
  testBankAccounts,
  testInstitution,
  testRoutingNumber,
  testSortCode,
} from "./test-accounts.ts";

const jenny: Billing = {
  name: "Jenny Rosen",
  email: "jenny@example.com",
  address: { line1: "10 Test Street", city: "London", postal_code: "N1 1AA", country: "GB" },
};

/** One of Stripe's ready-made accounts (`pm_usBankAccount_…`, `pm_success_de` …), made anew at each use. */
export function readyMadeDebit(scene: Scene, id: string): Promise<Tender> | undefined {
  const account = bankTokens[id];
  if (account) return bankTender(scene, account, "individual", "checking", true, jenny);
  const other = debitTokens[id];
  return other && debitTender(scene, other, jenny, true);
}

/** A debit's account as the donor typed it; numbers that are not Stripe's test numbers are refused. */
export function debitFrom(scene: Scene, data: MethodData, at: string): Promise<Tender> {
  const billing = data.billing_details ?? {};
  switch (data.type) {
    case "sepa_debit": {
      requireBilling(data, ["name", "email"], at);
      const iban = data.sepa_debit?.iban.replaceAll(" ", "").toUpperCase();
      if (!iban) throw missingField(at, "sepa_debit[iban]");
      return debitTender(scene, { type: "sepa_debit", number: iban }, billing);
    }
    case "bacs_debit": {
      requireBilling(data, ["name", "email"], at);
      const { sort_code: sortCode, account_number: number } = data.bacs_debit ?? {};
      if (!number || !sortCode)
        throw missingField(at, `bacs_debit[${number ? "sort_code" : "account_number"}]`);
      if (!billing.address?.line1) throw missingField(at, "billing_details[address]");
      if (sortCode.replaceAll("-", "") !== testSortCode) throw liveAccount("bacs_debit[sort_code]");
      return debitTender(scene, { type: "bacs_debit", number }, billing);
    }
    case "acss_debit": {
      requireBilling(data, ["name", "email"], at);
      const given = data.acss_debit;
      if (!given) throw missingField(at, "acss_debit[account_number]");
      const known =
        given.institution_number === testInstitution.institution &&
        given.transit_number === testInstitution.transit;
      if (!known) throw liveAccount("acss_debit[institution_number]");
      return debitTender(scene, { type: "acss_debit", number: given.account_number }, billing);
    }
    default:
      return bankFrom(scene, data, at);
  }
}

const liveAccount = (param: string) =>
  invalid("You cannot use a live bank account number when making transfers or debits in test mode", {
    code: "account_number_invalid",
    param,
  });

/** Only Canada and the United States want the account proven; the others go by the donor's mandate. */
function debitTender(
  scene: Scene,
  { type, number }: { readonly type: DebitType; readonly number: string },
  billing: Billing,
  proven = type !== "acss_debit",
): Promise<Tender> {
  if (!testAccounts[type][number]) throw liveAccount(type);
  const last4 = number.slice(-4);
  const fingerprint = `fp${number}`;
  const method = bare(scene, type, billing);
  const shapes = {
    us_bank_account: {},
    sepa_debit: {
      sepa_debit: {
        bank_code: number.slice(4, 12),
        branch_code: "",
        country: number.slice(0, 2),
        fingerprint,
        generated_from: { charge: null, setup_attempt: null },
        last4,
      },
    },
    bacs_debit: { bacs_debit: { fingerprint, last4, sort_code: testSortCode } },
    acss_debit: {
      acss_debit: {
        bank_name: "STRIPE TEST BANK",
        fingerprint,
        institution_number: testInstitution.institution,
        last4,
        transit_number: testInstitution.transit,
      },
    },
  } as const;
  return keep(scene, { ...method, ...shapes[type] }, { id: method.id, type, number, verified: proven });
}

function bankFrom(scene: Scene, data: MethodData, at: string): Promise<Tender> {
  requireBilling(data, ["name"], at);
  const given = data.us_bank_account ?? {};
  const linked = given.financial_connections_account;
  // An account chosen in Stripe's bank dialog is proven on the spot; typed numbers are not.
  const number = linked ? linked.replace(/^fca_/, "") : given.account_number;
  const prefix = at === "" ? "us_bank_account" : `${at}[us_bank_account]`;
  if (!number) {
    throw invalid(`Missing required param: ${prefix}[account_number].`, {
      code: "parameter_missing",
      param: `${prefix}[account_number]`,
    });
  }
  if (!linked && given.routing_number !== testRoutingNumber) {
    throw invalid(`Invalid routing number for US: ${given.routing_number ?? ""}`, {
      code: "routing_number_invalid",
      param: `${prefix}[routing_number]`,
    });
  }
  if (!testBankAccounts[number]) {
    throw invalid("You cannot use a live bank account number when making transfers or debits in test mode", {
      code: "account_number_invalid",
      param: `${prefix}[account_number]`,
    });
  }
  const holder = given.account_holder_type ?? "individual";
  return bankTender(
    scene,
    number,
    holder,
    given.account_type ?? "checking",
    linked !== undefined,
    data.billing_details ?? {},
  );
}

function bankTender(
  scene: Scene,
  number: string,
  holder: "individual" | "company",
  kind: "checking" | "savings",
  verified: boolean,
  billing: Billing,
): Promise<Tender> {
  const method = {
    ...bare(scene, "us_bank_account", billing),
    us_bank_account: {
      account_holder_type: holder,
      account_type: kind,
      bank_name: "STRIPE TEST BANK",
      financial_connections_account: verified ? `fca_${number}` : null,
      fingerprint: `fp${number}`,
      last4: number.slice(-4),
      networks: { preferred: "ach", supported: ["ach"] },
      routing_number: testRoutingNumber,
      status_details: {},
    },
  };
  return keep(scene, method, { id: method.id, type: "us_bank_account", number, verified });
}
