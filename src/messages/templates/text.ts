import { exhaustive } from "../../kernel/result.ts";
import type { Block } from "./blocks.ts";
import type { Letter } from "./letter.ts";

/** The message for programs and people who read no HTML: all that the HTML says, in the same order. */
export function letterText(letter: Letter): string {
  const { heading, greeting, blocks, closing, signature, footer } = letter;
  const parts = [
    heading,
    greeting,
    ...blocks.map(blockText),
    signature === undefined ? closing : `${closing}\n${signature}`,
  ];
  const foot = [footer.why, ...footer.links.map(({ text, url }) => `${text}: ${url}`)];
  const end = foot.filter((line) => line !== undefined);
  if (end.length > 0) parts.push(`--\n${end.join("\n")}`);
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function blockText(block: Block): string {
  switch (block.type) {
    case "paragraph":
    case "small":
      return block.text;
    case "figure":
      return block.caption === undefined ? block.text : `${block.text}\n${block.caption}`;
    case "facts":
      return block.rows.map(([label, value]) => `${label}: ${value}`).join("\n");
    case "code":
      return `${block.label}:\n${block.text}`;
    // The code beside it says in letters what the picture draws.
    case "picture":
      return "";
    case "list":
      return [`${block.title}:`, ...block.items.map((item) => `- ${item}`)].join("\n");
    case "button":
      return `${block.text}:\n${block.url}`;
    default:
      return exhaustive(block);
  }
}
