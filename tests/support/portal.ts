import { and, desc, eq } from "drizzle-orm";
import { z } from "zod";
import type { App } from "../../src/app.ts";
import { present } from "../../src/kernel/assert.ts";
import type { ChurchId } from "../../src/kernel/ids.ts";
import { messages } from "../../src/messages/tables.ts";

export type Shown = {
  readonly status: number;
  readonly text: string;
  readonly location: string;
  readonly headers: Headers;
};

/** A browser without script: it keeps cookies, and sends forms with the hidden fields they came with. */
export type Visitor = {
  get(path: string): Promise<Shown>;
  /** Sends `fields` with the hidden ones of the page last seen, and follows the answer's redirect. */
  send(path: string, fields?: Readonly<Record<string, string>>): Promise<Shown>;
  /** Sends exactly these fields, and stays. */
  post(path: string, fields: Readonly<Record<string, string>>): Promise<Shown>;
  readonly cookies: Map<string, string>;
};

export function visitorOf(app: App, language = "en"): Visitor {
  const { publicUrl } = app.deps.config;
  const cookies = new Map<string, string>();
  let page = "";
  const ask = async (path: string, init: RequestInit): Promise<Shown> => {
    const url = path.startsWith("http") ? path : `${publicUrl}${path}`;
    const response = await app.fetch(
      new Request(url, {
        ...init,
        headers: {
          ...init.headers,
          "accept-language": language,
          cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        },
      }),
    );
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const text = await response.text();
    const location = response.headers.get("location") ?? "";
    if (text !== "") page = text;
    return { status: response.status, text, location, headers: response.headers };
  };
  const get = (path: string) => ask(path, {});
  const post = (path: string, fields: Readonly<Record<string, string>>) =>
    ask(path, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(fields).toString(),
    });
  return {
    cookies,
    get,
    post,
    send: async (path, fields = {}) => {
      const sent = await post(path, { ...hiddenOf(page), ...fields });
      return sent.location === "" ? sent : get(sent.location);
    },
  };
}

/** The hidden fields of a page, the first of each name. */
export function hiddenOf(page: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [tag] of page.matchAll(/<input type="hidden"[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(tag)?.[1];
    const value = /value="([^"]*)"/.exec(tag)?.[1];
    if (name !== undefined) fields[name] ??= (value ?? "").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
  }
  return fields;
}

/** The links mailed to donors of a church, newest first. */
export async function mailedLinks({ deps, vault }: App, church: ChurchId): Promise<readonly string[]> {
  return deps.db.inChurch(church, async (tx) => {
    const rows = await tx.orm
      .select()
      .from(messages)
      .where(and(eq(messages.churchId, church), eq(messages.kind, "portal_link")))
      .orderBy(desc(messages.id));
    return Promise.all(
      rows.map(async (row) => {
        const at = { table: "messages", column: "params", row: row.id };
        const params = await vault.open(tx, church, at, row.params, row.keyVersion);
        return z.object({ url: z.string() }).parse(JSON.parse(params)).url;
      }),
    );
  });
}

/** Asks for a link, opens the newest one mailed, and comes in: the home page. */
export async function comeIn(app: App, church: { churchId: ChurchId; slug: string }, email: string) {
  const visitor = visitorOf(app);
  await visitor.get(`/portal/${church.slug}`);
  await visitor.send(`/portal/${church.slug}`, { email });
  const [link] = await mailedLinks(app, church.churchId);
  await visitor.get(present(link, "a link was mailed"));
  const home = await visitor.send(`/portal/${church.slug}/enter`);
  return { visitor, home };
}
