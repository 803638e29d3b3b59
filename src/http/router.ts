import { OpenAPIHono, z } from "@hono/zod-openapi";
import { isCurrency } from "../kernel/currency.ts";
import { type IdKind, type IdOf, idPrefixes, parseId } from "../kernel/ids.ts";
import { type Money, moneyJson } from "../kernel/money.ts";
import type { FieldError, ProblemCode } from "../kernel/problem.ts";
import { type HonoEnv, refuse } from "./context.ts";
import { problemSchema } from "./problems.ts";

type Issue = { readonly path: readonly PropertyKey[]; readonly message: string; readonly params?: unknown };

/** A router whose schema failures become problem documents that name every field at fault. */
export function newRouter(): OpenAPIHono<HonoEnv> {
  return new OpenAPIHono<HonoEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      const issues: readonly Issue[] = result.error.issues;
      const errors = issues.map(
        (issue): FieldError => ({ pointer: pointerOf(issue.path), detail: issue.message }),
      );
      const first = errors[0];
      refuse({
        code: codeOf(issues),
        detail: first
          ? `${first.pointer || "the request"}: ${first.detail}`
          : "the request has the wrong shape",
        errors,
      });
    },
  });
}

/** RFC 6901. */
function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** A schema may name a more exact code than `invalid_request` in its issue's params. */
function codeOf(issues: readonly Issue[]): ProblemCode {
  for (const { params } of issues) {
    if (typeof params === "object" && params !== null && "code" in params && isMoneyCode(params.code)) {
      return params.code;
    }
  }
  return "invalid_request";
}
const isMoneyCode = (code: unknown): code is "amount_invalid" | "currency_unknown" =>
  code === "amount_invalid" || code === "currency_unknown";

/** An amount in a request: a whole number of minor units, more than 0, at most 2^53 − 1. */
export const amountSchema = z
  .unknown()
  .transform((value, ctx) => {
    const fault = amountFault(value);
    if (fault === undefined && typeof value === "number") return BigInt(value);
    ctx.addIssue({
      code: "custom",
      message: fault ?? "must be a number",
      params: { code: "amount_invalid" },
    });
    return z.NEVER;
  })
  .openapi({ type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER, example: 50000 });

function amountFault(value: unknown): string | undefined {
  if (value === undefined) return "is missing: send a whole number of minor units (50000 is 500.00 MXN)";
  if (typeof value !== "number") return "must be a number of minor units, not text";
  if (!Number.isInteger(value)) return "must be a whole number of minor units (12550, not 125.50)";
  if (value <= 0) return "must be more than 0";
  if (!Number.isSafeInteger(value)) return "must be at most 9007199254740991";
  return undefined;
}

/** An ISO 4217 code in a request. */
export const currencySchema = z
  .string()
  .transform((code, ctx) => {
    if (isCurrency(code)) return code;
    ctx.addIssue({
      code: "custom",
      message: `"${code.slice(0, 12)}" is not a current ISO 4217 code in capitals, such as MXN`,
      params: { code: "currency_unknown" },
    });
    return z.NEVER;
  })
  .openapi({ type: "string", example: "MXN" });

/** A prefixed id of the kind named, in a request. */
export function idSchema<K extends IdKind>(kind: K) {
  return z
    .string()
    .transform((text, ctx): IdOf<K> => {
      const id = parseId(kind, text);
      if (id) return id;
      ctx.addIssue({ code: "custom", message: `must be an id that starts with ${idPrefixes[kind]}_` });
      return z.NEVER;
    })
    .openapi({ type: "string", example: `${idPrefixes[kind]}_0193b2c4d5e67f808a9bacbdcedfe0f1` });
}

/** Money in an answer. */
export const moneySchema = z
  .object({ amount: z.int().openapi({ example: 50000 }), currency: z.string().openapi({ example: "MXN" }) })
  .openapi("Money", { description: "Whole minor units of the currency: 50000 MXN is 500.00 pesos" });

/** Money that may be absent. Not `nullable()`: of a named schema that writes "Money and also null", which nothing is. */
export const moneyOrNull = z.union([moneySchema, z.null()]);

export const renderMoney = (m: Money): z.infer<typeof moneySchema> => moneyJson(m);

/** Query of every list: a page size and where the last page ended. */
export const listQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(25).openapi({ example: 25 }),
  cursor: z.string().max(200).optional(),
});

export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), next_cursor: z.string().nullable() });

/** Cuts `limit + 1` rows to a page; the cursor is the id of the last row shown (ids are time-ordered). */
export function page<T>(rows: readonly T[], limit: number, cursorOf: (row: T) => string) {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  return { data, next_cursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}

/** What every request that moves money carries. */
export const idempotencyHeader = z.object({
  "idempotency-key": z.string().optional().openapi({
    description: "Required: a fresh UUID for each new command; repeats answer alike",
    example: "8f1c2f0e-6d1b-4c77-9a54-0b6a3f1de2a1",
  }),
});

/** The answers every route may also give, for OpenAPI. */
export const problemAnswers = {
  "4XX": { description: "A problem", content: { "application/problem+json": { schema: problemSchema } } },
  "5XX": {
    description: "A problem of ours",
    content: { "application/problem+json": { schema: problemSchema } },
  },
} as const;

export const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { "application/json": { schema } },
});
export const jsonBody = <T extends z.ZodType>(schema: T) => ({
  required: true,
  content: { "application/json": { schema } },
});
