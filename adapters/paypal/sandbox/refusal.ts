/** One entry of an error's `details`. */
export type Detail = { readonly issue: string; readonly field?: string };

const answers = {
  400: ["INVALID_REQUEST", "Request is not well-formed, syntactically incorrect, or violates schema."],
  401: [
    "AUTHENTICATION_FAILURE",
    "Authentication failed due to missing authorization header, or invalid authentication credentials.",
  ],
  403: ["NOT_AUTHORIZED", "Authorization failed due to insufficient permissions."],
  404: ["RESOURCE_NOT_FOUND", "The specified resource does not exist."],
  409: ["RESOURCE_CONFLICT", "The server has detected a conflict while processing this request."],
  422: [
    "UNPROCESSABLE_ENTITY",
    "The requested action could not be performed, semantically incorrect, or failed business validation.",
  ],
  429: ["RATE_LIMIT_REACHED", "Too many requests. Blocked due to rate limiting."],
  500: ["INTERNAL_SERVER_ERROR", "An internal server error has occurred."],
} as const;

export type RefusalStatus = keyof typeof answers;

/** PayPal says no: what it answers, without the debug id. Thrown by handlers, caught by `http.ts` and the desk. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: RefusalStatus;
  readonly details: readonly Detail[];

  constructor(status: RefusalStatus, ...details: Detail[]) {
    super(details[0]?.issue ?? answers[status][0]);
    this.status = status;
    this.details = details;
  }
}

/** The body of a refusal. */
export function refusalBody({ status, details }: Refusal, debugId: string): object {
  const [name, message] = answers[status];
  return { name, message, debug_id: debugId, ...(details.length > 0 ? { details } : {}) };
}

/** The usual refusal: understood, and against a rule. */
export const unprocessable = (issue: string, field?: string): Refusal =>
  new Refusal(422, field === undefined ? { issue } : { issue, field });

export const notFound = (): Refusal => new Refusal(404, { issue: "INVALID_RESOURCE_ID" });

const badRequests: ReadonlySet<string> = new Set([
  "INVALID_ARRAY_MAX_ITEMS",
  "INVALID_ARRAY_MIN_ITEMS",
  "INVALID_COUNTRY_CODE",
  "INVALID_PARAMETER_SYNTAX",
  "INVALID_STRING_LENGTH",
  "INVALID_STRING_MAX_LENGTH",
  "INVALID_PARAMETER_VALUE",
  "MISSING_REQUIRED_PARAMETER",
  "NOT_SUPPORTED",
  "PAYPAL_REQUEST_ID_REQUIRED",
  "MALFORMED_REQUEST_JSON",
  "FIELD_NOT_PATCHABLE",
  "AMOUNT_NOT_PATCHABLE",
  "INVALID_PATCH_OPERATION",
]);
const forbidden: ReadonlySet<string> = new Set([
  "PERMISSION_DENIED",
  "PAYEE_ACCOUNT_NOT_VERIFIED",
  "NOT_ELIGIBLE_FOR_TOKEN_PROCESSING",
  "PERMISSION_DENIED_FOR_DONATION_ITEMS",
  "CONSENT_NEEDED",
]);
const missing: ReadonlySet<string> = new Set(["INVALID_RESOURCE_ID", "TRACKER_ID_NOT_FOUND"]);

/** An issue by name, with the status the specifications give it: what `PayPal-Mock-Response` asks for. */
export function refusalOf(issue: string): Refusal {
  if (issue === "INTERNAL_SERVER_ERROR") return new Refusal(500);
  if (issue === "RATE_LIMIT_REACHED") return new Refusal(429);
  if (issue === "INVALID_ACCOUNT_STATUS") return new Refusal(401, { issue });
  if (issue === "PREVIOUS_REQUEST_IN_PROGRESS") return new Refusal(409, { issue });
  if (badRequests.has(issue)) return new Refusal(400, { issue });
  if (forbidden.has(issue)) return new Refusal(403, { issue });
  return missing.has(issue) ? new Refusal(404, { issue }) : unprocessable(issue);
}
