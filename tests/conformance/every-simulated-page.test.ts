import { describe, expect, test } from "vitest";
import { gateways } from "../../adapters/index.ts";
import { liveAt } from "./lives-at-gateways.ts";
import type { World } from "./recorded-calls.ts";

/**
 * The pages a simulator sends donors to, walked by somebody who presses everything: each form of each page, by each of
 * its buttons, filled in sensibly, emptily and absurdly, on a gift that waits and on one that is long over. A page may
 * refuse and say why; it never breaks down.
 */
const simulated = [...gateways].filter(([, { simulate }]) => simulate).map(([id]) => id);
const spoilt = ["", "zz", "leave", "fail", "4000000000000002", "9".repeat(30)];
/** So many pages of one gateway are walked: every method and presentation, and the mandates. */
const most = 40;

type Fields = readonly (readonly [name: string, value: string])[];

const attribute = (tag: string, name: string): string | undefined =>
  new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]?.replaceAll("&amp;", "&");

/** Every way each form of the page can be sent: as it stands by each button, and with each field spoilt. */
function* formsIn(html: string, at: string): Generator<{ readonly url: string; readonly fields: Fields }> {
  for (const [, opening = "", inside = ""] of html.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)) {
    const url = new URL(attribute(opening, "action") ?? at, at).href;
    const named = (tag: string) => {
      const name = attribute(tag, "name");
      return name === undefined ? [] : [[name, attribute(tag, "value") ?? ""] as const];
    };
    const fields = [...inside.matchAll(/<input[^>]*>/g)].flatMap(([tag]) => named(tag));
    for (const [select] of inside.matchAll(/<select[\s\S]*?<\/select>/g)) {
      const name = attribute(select, "name");
      const value = attribute(/<option[^>]*>/.exec(select)?.[0] ?? "", "value") ?? "";
      if (name !== undefined) fields.push([name, value]);
    }
    const buttons = [...inside.matchAll(/<button[^>]*>/g)].map(([tag]) => named(tag));
    for (const button of [...buttons, []]) {
      yield { url, fields: [...fields, ...button] };
      for (const [spoiltName] of fields) {
        for (const value of spoilt) {
          const changed = fields.map(([name, usual]) => [name, name === spoiltName ? value : usual] as const);
          yield { url, fields: [...changed, ...button] };
        }
      }
    }
  }
}

async function walk({ simulator }: World, page: string): Promise<readonly string[]> {
  const faults: string[] = [];
  const ask = async (url: string, fields?: Fields): Promise<string> => {
    const body = new URLSearchParams(fields?.map(([name, value]) => [name, value]));
    const asked = new Request(url, fields ? { method: "POST", body } : {});
    try {
      const answer = await simulator.pages?.(asked);
      const text = (await answer?.text()) ?? "";
      if (answer && answer.status >= 500) faults.push(`${url} ${body}: ${answer.status}`);
      return text;
    } catch (error) {
      faults.push(`${url} ${body}: ${String(error)}`);
      return "";
    }
  };
  const html = await ask(page);
  const stranger = page.replace(/[\w-]{12,}(?=$|[/?&])/, "nobody");
  for (const { url, fields } of formsIn(html, page)) {
    // Absurdly first: a form that was sent well is closed.
    await ask(url.replace(/[\w-]{12,}(?=$|[/?&])/, "nobody"), fields);
    await ask(url, fields);
  }
  await ask(stranger);
  await ask(page);
  await ask(`${page}/nowhere`);
  return faults;
}

describe.each(simulated)("%s", (id) => {
  test("no page breaks down, whatever is filled in", async () => {
    const faults: string[] = [];
    const walked = new Map<string, number>();
    await liveAt(id, async (name, { world, truth }) => {
      const { action } = Object(truth);
      const url: unknown = action?.url;
      if (!/^(collect|mandate)$/.test(name) || typeof url !== "string" || !url.includes("/sandbox/")) return;
      const before = walked.size;
      if (before >= most || walked.has(url)) return;
      walked.set(url, before);
      faults.push(...(await walk(world, url)));
    });
    if (faults.length > 0) expect.fail(`${faults.length} faults:\n${faults.join("\n")}`);
    const { factory } = gateways.get(id) ?? {};
    const hosted = factory?.manifest.methods.some(({ presentations }) => presentations.includes("hosted"));
    expect(walked.size > 0).toBe(hosted ?? false);
  }, 180_000);
});
