import type { Kind, Kinds } from "./documents.ts";
import { invalid, missing } from "./refusal.ts";
import type { Scene } from "./scene.ts";

type Paging = {
  readonly limit: number;
  readonly starting_after?: string | undefined;
  readonly ending_before?: string | undefined;
  readonly created?:
    | {
        readonly gt?: number | undefined;
        readonly gte?: number | undefined;
        readonly lt?: number | undefined;
        readonly lte?: number | undefined;
      }
    | undefined;
};

const everything = 1_000_000;

/** A page of Stripe's list: newest first, `has_more` when another follows. */
export async function page<K extends Kind>(
  scene: Scene,
  source: { readonly kind: K; readonly key: string; readonly url: string },
  asked: Paging,
  keep: (one: Kinds[K]) => boolean = () => true,
): Promise<object> {
  if (asked.starting_after && asked.ending_before) {
    throw invalid("You may only specify one of these parameters: ending_before, starting_after.");
  }
  const cursor = asked.starting_after ?? asked.ending_before;
  if (cursor && !(await scene.documents.get(source.kind, cursor))) {
    const param = asked.starting_after ? "starting_after" : "ending_before";
    throw missing(source.kind.replaceAll("_", " "), cursor, param);
  }
  const backwards = asked.ending_before !== undefined;
  const found = await scene.documents.list(source.kind, source.key, {
    order: backwards ? "oldest_first" : "newest_first",
    limit: everything,
    ...(cursor ? { after: cursor } : {}),
  });
  const kept: Kinds[K][] = [];
  for (const one of found) {
    if (kept.length > asked.limit) break;
    if (inRange(one, asked.created) && keep(one)) kept.push(one);
  }
  const data = kept.slice(0, asked.limit);
  if (backwards) data.reverse();
  return { object: "list", data, has_more: kept.length > asked.limit, url: source.url };
}

function inRange(one: object, range: Paging["created"]): boolean {
  if (!range) return true;
  const at: unknown = Reflect.get(one, "created");
  if (typeof at !== "number") return true;
  return (
    (range.gt === undefined || at > range.gt) &&
    (range.gte === undefined || at >= range.gte) &&
    (range.lt === undefined || at < range.lt) &&
    (range.lte === undefined || at <= range.lte)
  );
}

const clause = /^(?:(metadata)\[["']([^"']{1,40})["']\]|([a-z_]+))\s*(:)\s*["']([^"']*)["']$/;

/**
 * Stripe's search language as far as it is used here: `field:'value'` and `metadata['name']:'value'`, joined by
 * AND. What was made in the last `searchDelay` seconds is not found yet.
 */
export async function search<K extends "payment_intent" | "customer">(
  scene: Scene,
  source: { readonly kind: K; readonly url: string; readonly fields: readonly string[] },
  asked: { readonly query: string; readonly limit: number; readonly page?: string | undefined },
): Promise<object> {
  const clauses = asked.query.split(/\s+AND\s+/i).map((text) => readClause(text.trim(), source.fields));
  const narrowest = clauses.find((one) => one.key !== undefined)?.key ?? "all";
  const found = await scene.documents.list(source.kind, narrowest, {
    order: "newest_first",
    limit: everything,
  });
  const matching = found.filter(
    (one) => clauses.every((test) => test.holds(one)) && one.created + scene.house.searchDelay <= scene.now,
  );
  const start = asked.page ? Number(asked.page) : 0;
  const end = start + asked.limit;
  return {
    object: "search_result",
    data: matching.slice(start, end),
    has_more: matching.length > end,
    next_page: matching.length > end ? String(end) : null,
    url: source.url,
  };
}

type Clause = { readonly key: string | undefined; holds(one: object): boolean };

function readClause(text: string, fields: readonly string[]): Clause {
  const [, isMetadata, name, field, , value] = clause.exec(text) ?? [];
  if (value === undefined || (!isMetadata && (!field || !fields.includes(field)))) {
    throw invalid(
      `We were unable to parse your search query. Try using the format \`metadata["key"]:"value"\` to query for metadata or key:"value" to query for other fields.`,
      { param: "query" },
    );
  }
  if (isMetadata && name) {
    return {
      key: `metadata.${name}=${value}`,
      holds: (one) => {
        const metadata: unknown = Reflect.get(one, "metadata");
        return typeof metadata === "object" && metadata !== null && Reflect.get(metadata, name) === value;
      },
    };
  }
  const asked = field ?? "";
  return {
    key: asked === "customer" || asked === "email" ? `${asked}=${value}` : undefined,
    holds: (one) => String(Reflect.get(one, asked)) === value,
  };
}
