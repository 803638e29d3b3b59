import { createMiddleware } from "hono/factory";
import { fieldProblem } from "../../kernel/problem.ts";
import { type HonoEnv, refuse } from "../context.ts";
import { boundedBody } from "./bounded-body.ts";

/** Largest JSON body read, in bytes. A donation is under 4 kB. */
const maxJsonBytes = 256 * 1024;

const bounded = boundedBody(maxJsonBytes, "send");

/** Addresses that are sent a file as it is; each bounds and reads it by itself. */
const takesFiles: ReadonlySet<string> = new Set(["/v1/bank-statements"]);

/**
 * Guards the JSON endpoints: right content type, bounded size whatever the length header claims, and parseable,
 * before any schema looks at it.
 */
export const jsonBodyGuard = createMiddleware<HonoEnv>(async (c, next) => {
  if (takesFiles.has(c.req.path)) return next();
  if (c.req.method === "GET" || c.req.method === "HEAD" || c.req.method === "DELETE") return next();
  await bounded(c, () => Promise.resolve());
  const text = await c.req.text();
  if (text === "") return next();
  const type = (c.req.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    refuse({ code: "unsupported_media_type", detail: "send the body as application/json" });
  }
  const body = parsed(text);
  // Only an escape can smuggle half a character in; nothing below could store or hash it.
  const broken = halfEscape.test(text) ? brokenText(body, "") : undefined;
  if (broken !== undefined) {
    refuse(fieldProblem("invalid_request", broken, "holds half of a surrogate pair, which is no character"));
  }
  return next();
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse({
      code: "malformed_json",
      detail: "the body could not be parsed: check quotes, commas and braces",
    });
  }
}

const halfEscape = /\\u[dD][89a-fA-F]/;
const half = /\p{Surrogate}/u;

/** The JSON pointer of the first text, or name of a field, that is not well-formed Unicode. */
function brokenText(value: unknown, at: string): string | undefined {
  if (typeof value === "string") return half.test(value) ? at : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    if (half.test(name)) return at;
    const found = brokenText(inner, `${at}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
