import { z } from "zod";
import { settings } from "../src/config.ts";

const start = "<!-- settings: made by `npm run docs` from src/config.ts -->";
const end = "<!-- /settings -->";

const described = z.object({
  properties: z.record(
    z.string(),
    z.looseObject({
      description: z.string(),
      default: z.union([z.string(), z.number()]).optional(),
      enum: z.array(z.string()).optional(),
    }),
  ),
});

/** The README with its table of settings as `src/config.ts` describes them. Throws when the two marks are not there. */
export function withSettingsTable(readme: string): string {
  const from = readme.indexOf(start);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error("README.md has no marks for the table of settings");
  return `${readme.slice(0, from)}${start}\n${settingsTable()}\n${readme.slice(to)}`;
}

function settingsTable(): string {
  const { properties } = described.parse(z.toJSONSchema(settings, { io: "input" }));
  const rows = Object.entries(properties).map(([name, setting]) => {
    const fallback = setting.default === undefined ? "" : `\`${setting.default}\``;
    const choices = setting.enum ? ` (${setting.enum.map((choice) => `\`${choice}\``).join(", ")})` : "";
    return `| \`${name}\` | ${fallback} | ${setting.description}${choices} |`;
  });
  return ["| setting | default | what it does |", "|---|---|---|", ...rows].join("\n");
}
