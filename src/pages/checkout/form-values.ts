import { z } from "zod";

/** Everything the form sends, as text, exactly as the donor left it: what is shown again after an error. */
export type FormValues = z.infer<typeof formValues>;

const line = (most: number) => z.string().max(most).catch("");
const mark = z
  .string()
  .optional()
  .transform((value) => value !== undefined && value !== "");

/** Reads any body: what is missing or of another shape becomes empty, and the checks name it later. */
export const formValues = z.object({
  /** One of the suggested amounts in minor units, or `other`. */
  amount: line(24),
  amount_other: line(100),
  currency: line(3),
  /** `once`, or how often; the day, where one was chosen; and the first date. See `read-frequency.ts`. */
  frequency: line(20),
  weekday: line(1),
  month_day: line(8),
  starts_on: line(10),
  /** The words the donor agreed to on the review, as they were shown. */
  agreement: line(4000),
  /** The review's button: `confirm` or `edit`; the card page's: `hosted`. */
  step: line(10),
  fund: line(80),
  split: mark.catch(false),
  /** Amounts typed beside each fund's code. */
  parts: z.record(z.string().max(80), z.string().max(100)).catch({}),
  method: line(40),
  name: line(400),
  email: line(400),
  phone: line(60),
  tax_id: line(60),
  tax_id_type: line(20),
  street: line(200),
  street_number: line(20),
  district: line(100),
  city: line(100),
  region: line(60),
  postal_code: line(20),
  bank: line(40),
  account_holder: line(100),
  account_routing: line(40),
  account_number: line(40),
  account_type: line(20),
  account_agreed: mark.catch(false),
  cover_fees: mark.catch(false),
  anonymous: mark.catch(false),
  note: line(4000),
  /** What a gateway's fields in our page made of a card, and the account they belong to. */
  card_token: line(200),
  card_account: line(40),
  /** Set by script: the donor's browser can show a gateway's hosted fields. */
  script: mark.catch(false),
  key: line(64),
});

const partPrefix = "part_";

/** The values in an `application/x-www-form-urlencoded` body already split into fields; the first of each name counts. */
export function readFormValues(fields: URLSearchParams): FormValues {
  const plain: Record<string, string> = {};
  const parts: Record<string, string> = {};
  for (const [name, value] of fields) {
    if (name.startsWith(partPrefix)) parts[name.slice(partPrefix.length)] ??= value;
    else plain[name] ??= value;
  }
  return formValues.parse({ ...plain, parts });
}

export const partField = (fundCode: string): string => `${partPrefix}${fundCode}`;

const ofPagesBetween: ReadonlySet<string> = new Set(["agreement", "step", "card_token", "card_account"]);

/** A form as it was sent, to be sent again from a page that only shows it; the own fields of such pages are not part of it. */
export function formFields({ parts, ...plain }: FormValues): readonly (readonly [string, string])[] {
  const lines = Object.entries(plain).flatMap(([name, value]) => {
    const text = typeof value === "boolean" ? (value ? "1" : "") : value;
    return text === "" || ofPagesBetween.has(name) ? [] : [[name, text] as const];
  });
  return [...lines, ...Object.entries(parts).map(([fund, typed]) => [partField(fund), typed] as const)];
}
