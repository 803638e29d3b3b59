/** What a page may load beyond our own origin; empty for all but the card form of a live gateway. */
export type OutsideOrigins = {
  readonly scripts: readonly string[];
  readonly frames: readonly string[];
  readonly connections: readonly string[];
  readonly forms?: readonly string[];
};

export const noOutsideOrigins: OutsideOrigins = { scripts: [], frames: [], connections: [] };

/**
 * The content security policy of a page: nothing by default, our own files, and inline style or script only with
 * this answer's nonce. The addresses of gift pages carry their key, so no referrer leaves and nothing is cached.
 */
export function pageHeaders(nonce: string, outside: OutsideOrigins): Readonly<Record<string, string>> {
  const list = (origins: readonly string[]) => ["'self'", ...origins].join(" ");
  return {
    "content-security-policy": [
      "default-src 'none'",
      "base-uri 'none'",
      "object-src 'none'",
      "frame-ancestors 'none'",
      `form-action ${list(outside.forms ?? [])}`,
      `style-src 'self' 'nonce-${nonce}'`,
      `script-src ${list(outside.scripts)} 'nonce-${nonce}'`,
      `frame-src ${list(outside.frames)}`,
      `connect-src ${list(outside.connections)}`,
      "img-src 'self' data:",
    ].join("; "),
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  };
}

/** A fresh nonce: 128 random bits. */
export function newNonce(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
}
