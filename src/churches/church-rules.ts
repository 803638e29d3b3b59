import { z } from "zod";
import type { FieldError, Problem } from "../kernel/problem.ts";

/** What a church's pages look like; stored as `{color, logo_url}`. */
export type Brand = { readonly color?: string | undefined; readonly logoUrl?: string | undefined };

const slugShape = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const uuidShape = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const zoneShape = /^(?:UTC|[A-Za-z_]+(?:\/[A-Za-z0-9_+-]+)+)$/;

/** Why the text cannot be the last part of a church's address, `/give/{slug}`; `undefined` when it can. */
export function slugFault(slug: string): string | undefined {
  if (slug.length < 3 || slug.length > 48) return "must have 3 to 48 characters";
  if (!slugShape.test(slug))
    return "must be lower-case letters and digits, with single hyphens between words";
  // A slug is a look-up value beside ids and hashes: it must not be mistaken for one.
  if (uuidShape.test(slug)) return "must not look like an id";
  return undefined;
}

/** Why the text is not a zone of the IANA time zone database, such as America/Mexico_City. */
export function timeZoneFault(zone: string): string | undefined {
  const fault = "must be an IANA time zone such as America/Mexico_City";
  if (!zoneShape.test(zone)) return fault;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return undefined;
  } catch {
    return fault;
  }
}

/** The canonical BCP 47 spelling (`es-mx` → `es-MX`); `undefined` when it is no language tag. */
export function canonicalLocale(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

export const localeFault = (tag: string): string | undefined =>
  canonicalLocale(tag) === undefined ? "must be a language tag such as es-MX" : undefined;

const colorShape = /^#[0-9a-fA-F]{6}$/;

/** What is wrong with a brand, field by field; `at` is where it lies in the request. */
export function brandFaults(brand: Brand, at: string): readonly FieldError[] {
  return faultList([
    [`${at}/color`, brand.color !== undefined && !colorShape.test(brand.color) && "must be #rrggbb"],
    [
      `${at}/logo_url`,
      brand.logoUrl !== undefined && !isHttpsUrl(brand.logoUrl) && "must be an https address",
    ],
  ]);
}

function isHttpsUrl(text: string): boolean {
  return text.length <= 500 && URL.canParse(text) && new URL(text).protocol === "https:";
}

const storedBrand = z.object({ color: z.string().optional(), logo_url: z.string().optional() });

/** The brand as stored; what cannot be read is no brand. */
export function readBrand(stored: unknown): Brand {
  const { data } = storedBrand.safeParse(stored);
  return { color: data?.color, logoUrl: data?.logo_url };
}

export const writeBrand = ({ color, logoUrl }: Brand) => ({ color, logo_url: logoUrl });

/** A church's own limits on asking again, by the limit's name; what they may be is the dunning table's to say. */
export type Dunning = Readonly<Record<string, number>>;

const storedDunning = z.record(z.string(), z.int().min(0));

/** The limits as stored; what cannot be read lowers nothing. */
export const readDunning = (stored: unknown): Dunning => storedDunning.safeParse(stored).data ?? {};

/** Hours of the church's night in which nobody is written to: times of its own zone, `HH:MM`, over midnight. */
export type QuietHours = { readonly from: string; readonly until: string };

const usualQuietHours: QuietHours = { from: "21:00", until: "08:00" };

/** Earliest and latest: a night's sleep is left alone at least, and a quarter of each day is left to write in. */
const quietBounds = { from: ["18:00", "23:00"], until: ["06:00", "12:00"] } as const;

const timeShape = /^([01]\d|2[0-3]):[0-5]\d$/;

/** What is wrong with quiet hours, field by field; `at` is where they lie in the request. */
export function quietHoursFaults(quiet: QuietHours, at: string): readonly FieldError[] {
  return (["from", "until"] as const).flatMap((end) => {
    const [least, most] = quietBounds[end];
    // Times as text sort as times.
    if (timeShape.test(quiet[end]) && quiet[end] >= least && quiet[end] <= most) return [];
    return [{ pointer: `${at}/${end}`, detail: `must be a time from ${least} to ${most}` }];
  });
}

const storedQuietHours = z.object({ from: z.string(), until: z.string() });

/** The hours as stored; what cannot be read is as usual. */
export const readQuietHours = (stored: unknown): QuietHours =>
  storedQuietHours.safeParse(stored).data ?? usualQuietHours;

/** Keeps the pairs that name a fault. */
export function faultList(
  checked: readonly (readonly [string, string | false | undefined])[],
): readonly FieldError[] {
  return checked.flatMap(([pointer, detail]) => (detail ? [{ pointer, detail }] : []));
}

/** One problem for all the faults; `undefined` where there are none. */
export function faultProblem(faults: readonly FieldError[]): Problem | undefined {
  const [first] = faults;
  return first && { code: "invalid_request", detail: `${first.pointer} ${first.detail}`, errors: faults };
}
