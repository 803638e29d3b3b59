/** Answers as a gateway really gave them, and every way one thing in them can be other than it should. */

export type Exchange = {
  readonly method: string;
  readonly url: URL;
  readonly status: number;
  readonly body: string;
  readonly headers: Headers;
  readonly sent: { readonly headers: Headers; readonly body: string };
};

export type Broken = {
  /** What was done to it, to be read in a failing test. */
  readonly how: string;
  /**
   * A field of a body that else is sound; an entry less in a list, which is a sound body with another truth in it; an
   * answer that is none; or a body that says nothing.
   */
  readonly what: "field" | "fewer" | "fault" | "nonsense";
  /** `undefined`: the connection was lost after the request had gone out. */
  answer(): Response | undefined;
};

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const isTree = (value: Json): value is readonly Json[] | { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null;

/** Of a list the first two entries stand for all of them. */
const seenOfList = 2;

/**
 * Each copy of the value with one thing in it gone, nothing, or a word nobody knows. It is told whether anything became
 * of a thing that was gone: inside what nobody reads, nothing more is broken.
 */
export function* eachBroken(
  value: Json,
  path = "",
): Generator<{ readonly how: string; value(): Json }, void, boolean> {
  if (!isTree(value)) return;
  const isList = Array.isArray(value);
  for (const [key, child] of Object.entries(value).slice(0, isList ? seenOfList : undefined)) {
    const place = isList ? `${path}[]` : `${path}.${key}`;
    const put = (other: Json): Json =>
      Array.isArray(value)
        ? value.map((each, n) => (String(n) === key ? other : each))
        : { ...value, [key]: other };
    const gone = (): Json =>
      Array.isArray(value)
        ? value.filter((_, n) => String(n) !== key)
        : Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
    const isRead = yield { how: `${place} gone`, value: gone };
    if (!isRead) continue;
    yield {
      how: `${place} is a word of tomorrow`,
      value: () => put(typeof child === "number" ? -7 : "zz_tomorrow"),
    };
    yield { how: `${place} is null`, value: () => put(null) };
    yield { how: `${place} is of another kind`, value: () => put(typeof child === "string" ? 7 : "zz") };
    const inside = eachBroken(child, place);
    for (let next = inside.next(); !next.done; ) {
      const { how, value: broken } = next.value;
      next = inside.next(yield { how, value: () => put(broken()) });
    }
  }
}

const refusals = [400, 401, 403, 404, 409, 422, 429, 500, 503] as const;
const nonsense = ["", "<html>a proxy's page</html>", "null", "[]", "{}"] as const;

/**
 * Every way this answer can be other than it was; `errorBody`: how the gateway writes an error. It is told of each
 * whether anything became of it.
 */
export function* eachBrokenAnswer(sound: Exchange, errorBody: string): Generator<Broken, void, boolean> {
  const ok = sound.status >= 200 && sound.status < 300;
  if (ok && /^\s*[{[]/.test(sound.body)) {
    const fields = eachBroken(JSON.parse(sound.body));
    for (let next = fields.next(); !next.done; ) {
      const { how, value } = next.value;
      const what = how.endsWith("[] gone") ? "fewer" : "field";
      next = fields.next(
        yield { how, what, answer: () => again(sound, sound.status, JSON.stringify(value())) },
      );
    }
  }
  for (const status of refusals) {
    yield { how: `${status}`, what: "fault", answer: () => again(sound, status, errorBody) };
  }
  yield { how: "400 without words", what: "fault", answer: () => again(sound, 400, "{}") };
  yield { how: "502 of a proxy", what: "fault", answer: () => again(sound, 502, "<html>Bad Gateway</html>") };
  for (const text of nonsense) {
    yield {
      how: `200 ${text || "empty"}`,
      what: text === "[]" ? "fewer" : "nonsense",
      answer: () => again(sound, 200, text),
    };
  }
  yield { how: "the connection is lost", what: "fault", answer: () => undefined };
}

function again({ headers }: Exchange, status: number, body: string): Response {
  const kept = new Headers(headers);
  kept.delete("content-length");
  return new Response(body, { status, headers: kept });
}

/** A body with its words and numbers left out: two of one form are broken in the same ways. */
export const formOf = (body: string): string => body.replace(/"(?:[^"\\]|\\.)*"(?!\s*:)|-?\d[\d.]*/g, "0");
