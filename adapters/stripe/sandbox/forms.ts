import { badParameter } from "./refusal.ts";

/** A form as Stripe reads it: text leaves, nested by brackets. */
export type Form = { [name: string]: FormValue };
export type FormValue = string | FormValue[] | Form;

const maxParameters = 1000;
const maxDepth = 10;

/**
 * `a[b][c]=1&d[]=2&e[0][f]=3` as nested objects and lists, the way Stripe's API takes form bodies and query
 * strings. Text that Stripe could not read (bad percent encoding, a name that is both a value and a hash)
 * is refused with 400.
 */
export function parseForm(text: string): Form {
  const root = emptyForm();
  if (text === "") return root;
  const pairs = text.split("&");
  if (pairs.length > maxParameters) throw badParameter("Too many parameters.", "");
  for (const pair of pairs) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    place(root, pathOf(name), equals < 0 ? "" : decode(pair.slice(equals + 1)), name);
  }
  return listsIn(root);
}

const emptyForm = (): Form => Object.create(null);

function decode(text: string): string {
  if (!text.includes("%") && !text.includes("+")) return text;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw badParameter(
      "Invalid form encoding: a percent sign is not followed by two hexadecimal digits.",
      "",
    );
  }
}

/** `a[b][]` as `["a", "b", ""]`. */
function pathOf(name: string): string[] {
  const open = name.indexOf("[");
  if (open < 0) return [name];
  if (open === 0 || !name.endsWith("]")) throw badParameter(`Invalid parameter name: ${name}`, name);
  const path = [name.slice(0, open), ...name.slice(open + 1, -1).split("][")];
  if (path.length > maxDepth) throw badParameter(`Parameter nested too deeply: ${name}`, name);
  return path;
}

function place(root: Form, path: readonly string[], value: string, name: string): void {
  let level = root;
  for (let i = 0; i < path.length - 1; i++) {
    const step = path[i] === "" ? nextIndex(level) : (path[i] ?? "");
    const inner = level[step];
    if (inner === undefined) {
      const made = emptyForm();
      level[step] = made;
      level = made;
    } else if (typeof inner === "string" || Array.isArray(inner)) {
      throw badParameter(`Invalid parameter: ${name} is given both as a value and as a hash.`, name);
    } else level = inner;
  }
  const last = path.at(-1) ?? "";
  const slot = last === "" ? nextIndex(level) : last;
  if (typeof level[slot] === "object") {
    throw badParameter(`Invalid parameter: ${name} is given both as a value and as a hash.`, name);
  }
  level[slot] = value;
}

const nextIndex = (level: Form): string => String(Object.keys(level).length);

/** Hashes whose names are 0, 1, 2 … are lists. */
function listsIn(form: Form): Form {
  for (const name of Object.keys(form)) {
    const value = form[name];
    if (value !== undefined && typeof value === "object" && !Array.isArray(value)) {
      form[name] = listOrForm(listsIn(value));
    }
  }
  return form;
}

function listOrForm(form: Form): FormValue {
  const names = Object.keys(form);
  if (names.length === 0 || !names.every((name, i) => name === String(i))) return form;
  return Object.values(form);
}
