/** Names whose values never reach a log line, at any of the first three depths. */
export const hiddenFields: readonly string[] = [
  "authorization",
  "cookie",
  "password",
  "secret",
  "secret_key",
  "credentials",
  "token",
  "client_token",
  "clientToken",
  "email",
  "phone",
  "tax_id",
  "taxId",
  "note",
  "donor",
];

/** How deep a name is looked for: `name`, `*.name`, `*.*.name`. */
export const hiddenDepth = 3;

/** What stands in place of a hidden value. */
export const censored = "[redacted]";
