import { z } from "zod";
import type { Form, FormValue } from "./forms.ts";
import { badParameter, type Refusal } from "./refusal.ts";

/** The text leaves of a form, each refused as Stripe refuses it. The message of a check is its error code. */
export const text = z
  .string()
  .min(1, "parameter_invalid_empty")
  .max(5000, "parameter_invalid_string_too_long");
/** Text that an empty value unsets. */
export const optionalText = z.string().max(5000, "parameter_invalid_string_too_long");
export const integer = z
  .string()
  .regex(/^-?\d{1,15}$/, "parameter_invalid_integer")
  .transform(Number);
export const flag = z.enum(["true", "false"]).transform((value) => value === "true");
export const email = text.regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "email_invalid");
export const url = text.regex(/^[a-z][a-z0-9+.-]*:\/\/[^\s]+$/i, "url_invalid");
export const expand = z.array(text).max(20).default([]);

/** Stripe's limits: 50 names of 40 characters, values of 500; an empty value removes the name. */
export const metadata = z
  .record(
    z.string().min(1).max(40, "parameter_invalid_string_too_long"),
    z.string().max(500, "metadata_value"),
  )
  .refine((entries) => Object.keys(entries).length <= 50, "metadata_size");
/** On updates an empty text clears all of it. */
export const metadataChange = z.union([z.literal(""), metadata]);

export const address = z.strictObject({
  city: optionalText.optional(),
  country: optionalText.optional(),
  line1: optionalText.optional(),
  line2: optionalText.optional(),
  postal_code: optionalText.optional(),
  state: optionalText.optional(),
});

const createdRange = z.union([
  integer.transform((at) => ({ gte: at, lte: at })),
  z.strictObject({ gt: integer, gte: integer, lt: integer, lte: integer }).partial(),
]);

/** The parameters of a list. */
export const paging = {
  limit: integer.refine((n) => n >= 1 && n <= 100, "limit").default(10),
  starting_after: text.optional(),
  ending_before: text.optional(),
  created: createdRange.optional(),
  expand,
};

/** The form as the endpoint's schema types it, or Stripe's refusal of the first thing wrong with it. */
export function validated<T>(schema: z.ZodType<T>, form: Form): T {
  const parsed = schema.safeParse(form);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  // A misspelt parameter explains a missing one, so it is named first.
  const issue = issues.find((one) => one.code === "unrecognized_keys") ?? issues[0];
  throw issue ? refusalOf(issue, form) : badParameter("Invalid request.", "");
}

function refusalOf(issue: z.core.$ZodIssue, form: Form): Refusal {
  if (issue.code === "invalid_union") {
    const inner = issue.errors.find((issues) => issues.some((one) => one.path.length > 0)) ?? issue.errors[0];
    const first = inner?.[0];
    if (first) return refusalOf({ ...first, path: [...issue.path, ...first.path] }, form);
  }
  const name = bracketed(issue.path);
  switch (issue.code) {
    case "unrecognized_keys": {
      const unknown = bracketed([...issue.path, issue.keys[0] ?? ""]);
      return badParameter(`Received unknown parameter: ${unknown}`, unknown, "parameter_unknown");
    }
    case "invalid_type":
      return valueAt(form, issue.path) === undefined
        ? badParameter(`Missing required param: ${name}.`, name, "parameter_missing")
        : badParameter(`Invalid ${issue.expected === "array" ? "array" : "object"}`, name);
    case "invalid_value":
      if (valueAt(form, issue.path) === undefined) {
        return badParameter(`Missing required param: ${name}.`, name, "parameter_missing");
      }
      return badParameter(
        `Invalid ${name}: must be ${issue.values.length > 1 ? "one of " : ""}${issue.values.join(", ")}`,
        name,
      );
    default:
      return checkFailed(issue.message, name, valueAt(form, issue.path));
  }
}

function checkFailed(check: string, name: string, value: FormValue | undefined): Refusal {
  const shown = typeof value === "string" ? value.slice(0, 60) : "";
  switch (check) {
    case "parameter_invalid_integer":
      return badParameter(`Invalid integer: ${shown}`, name, check);
    case "parameter_invalid_empty":
      return badParameter(
        `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; however '${name}' cannot be unset. You should remove '${name}' from your request or supply a non-empty value.`,
        name,
        check,
      );
    case "email_invalid":
      return badParameter(`Invalid email address: ${shown}`, name, check);
    case "url_invalid":
      return badParameter("Not a valid URL", name, check);
    case "metadata_value":
      return badParameter("Metadata values can have up to 500 characters", name);
    case "metadata_size":
      return badParameter("Metadata can have up to 50 keys.", name);
    case "parameter_invalid_string_too_long":
      return badParameter(`Invalid string: ${name} is too long`, name);
    default:
      return badParameter(`Invalid ${name}`, name);
  }
}

function bracketed(path: readonly PropertyKey[]): string {
  return path.map((step, i) => (i === 0 ? String(step) : `[${String(step)}]`)).join("");
}

function valueAt(form: Form, path: readonly PropertyKey[]): FormValue | undefined {
  let value: FormValue | undefined = form;
  for (const step of path) {
    if (value === undefined || typeof value === "string") return undefined;
    value = Array.isArray(value) ? value[Number(step)] : value[String(step)];
  }
  return value;
}
