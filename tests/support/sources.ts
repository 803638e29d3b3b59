import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** A file of ours by its path from the root, with `/` on every system. */
export type Source = { readonly path: string; readonly text: string };

/** `from` takes something of `to`: a path of ours, or a package or `node:` module by its name. */
export type Import = { readonly from: string; readonly to: string; readonly typeOnly: boolean };

/** Text files below the folders (or files) named, generated ones left out. */
export function sourcesIn(...places: readonly string[]): readonly Source[] {
  return places.flatMap((place) => {
    const files = /\.\w+$/.test(place)
      ? [join(root, place)]
      : readdirSync(join(root, place), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name));
    return files
      .map((file) => ({ file, path: relative(root, file).replaceAll(sep, "/") }))
      .filter(
        ({ path }) => /\.(tsx?|js|css|md|sql|json|toml|ya?ml)$/.test(path) && !path.includes("/generated/"),
      )
      .map(({ file, path }) => ({ path, text: readFileSync(file, "utf8") }));
  });
}

export const isCode = ({ path }: Source): boolean => /\.tsx?$/.test(path);

/** The text without its comments: rules about code do not bind sentences about it. */
export const codeOf = ({ text }: Source): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "$1");

const statement = /^\s*(?:import|export)\s+(type\s+)?(?:([^;"]*?)\s+from\s+)?"([^"]+)"/gm;
const dynamic = /\bimport\(\s*"([^"]+)"\s*\)/g;

/** Every import of the files, re-exports and dynamic ones included. */
export function importsOf(sources: readonly Source[]): readonly Import[] {
  return sources.filter(isCode).flatMap((source) => {
    const code = codeOf(source);
    const fixed = [...code.matchAll(statement)].map(([, type, names = "", to = ""]) => ({
      from: source.path,
      to: targetOf(source.path, to),
      typeOnly: type !== undefined || onlyTypes(names),
    }));
    const late = [...code.matchAll(dynamic)].map(([, to = ""]) => ({
      from: source.path,
      to: targetOf(source.path, to),
      typeOnly: false,
    }));
    return [...fixed, ...late];
  });
}

function onlyTypes(names: string): boolean {
  const inside = /^\{([\s\S]*)\}$/.exec(names.trim())?.[1];
  if (inside === undefined) return false;
  const each = inside
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return each.length > 0 && each.every((name) => name.startsWith("type "));
}

const targetOf = (from: string, to: string): string =>
  to.startsWith(".") ? posix.join(posix.dirname(from), to) : to;

/** Which part of the house a path is in: `src/giving`, `src/app.ts`, `adapters/stripe`, `countries`, or a package. */
export function partOf(path: string): string {
  const [first = "", second = "", ...deeper] = path.split("/");
  if (first === "countries") return first;
  if (first === "src" || first === "adapters") return deeper.length > 0 ? `${first}/${second}` : path;
  return path;
}
