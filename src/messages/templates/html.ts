import { exhaustive } from "../../kernel/result.ts";
import type { Block } from "./blocks.ts";
import type { Letter } from "./letter.ts";

/**
 * The message as mail programs take it: one column of at most 560 px, styles inline, tables only for layout and named
 * so for screen readers, nothing below 16 px, and no picture from elsewhere but the church's logo. Programs that
 * follow the dark scheme find it in the style sheet; the rest stay light. All texts are escaped here and only here.
 */
export function letterHtml(letter: Letter): string {
  const { lang, subject, preheader, heading, greeting, blocks, closing, signature, color } = letter;
  const signed = signature === undefined ? "" : `<br><strong>${h(signature)}</strong>`;
  return `<!doctype html>
<html lang="${h(lang)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${h(subject)}</title>
<style>${darkScheme}</style>
</head>
<body class="paper" style="margin:0;padding:0;background:${paper};${font}">
<div style="display:none;max-height:0;overflow:hidden">${h(preheader)}</div>
<table role="presentation" class="paper" width="100%" cellpadding="0" cellspacing="0" style="background:${paper}">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;text-align:left">
<tr><td style="padding:0 8px 16px">${sender(letter)}</td></tr>
<tr><td class="card" style="background:${card};border:1px solid ${line};border-top:5px solid ${color};border-radius:12px;padding:28px 24px 24px">
<h1 class="ink" style="margin:0 0 20px;${font}font-size:26px;line-height:1.25;font-weight:700;color:${ink}">${h(heading)}</h1>
${paragraph(greeting)}
${blocks.map((block) => blockHtml(block, color)).join("\n")}
<p class="ink" style="${text}margin:24px 0 0">${h(closing)}${signed}</p>
</td></tr>
${foot(letter)}
</table>
</td></tr>
</table>
</body>
</html>
`;
}

const [paper, card, ink, soft, line, wash] = [
  "#faf6ef",
  "#fffdf9",
  "#2a211b",
  "#63574d",
  "#d9cfc2",
  "#f5eee3",
];
const font = "font-family:'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;";
const text = `${font}font-size:17px;line-height:1.5;color:${ink};`;
const quiet = `${font}font-size:16px;line-height:1.5;color:${soft};`;
const mono = "font-family:Consolas,Menlo,'Liberation Mono',monospace;";

const darkScheme = [
  ":root{color-scheme:light dark}",
  "@media (prefers-color-scheme:dark){",
  ".paper{background:#1c1815!important}",
  ".card{background:#26211c!important;border-right-color:#463d35!important;border-bottom-color:#463d35!important;border-left-color:#463d35!important}",
  ".wash{background:#332c25!important}",
  ".ink{color:#f4ece2!important}",
  ".soft{color:#c3b6a8!important}",
  ".line{border-color:#463d35!important}",
  "}",
].join("");

const marks: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
/** Harmless in text and in quoted attributes alike. */
const h = (plain: string): string => plain.replaceAll(/[&<>"']/g, (mark) => marks[mark] ?? "");

const paragraph = (plain: string): string => `<p class="ink" style="${text}margin:0 0 16px">${h(plain)}</p>`;

function sender({ church, logoUrl }: Letter): string {
  const name = `<strong class="ink" style="${font}font-size:18px;color:${ink}">${h(church)}</strong>`;
  if (logoUrl === undefined) return name;
  // The name stands beside the logo: many programs show no pictures until asked.
  const logo = `<img src="${h(logoUrl)}" alt="" height="44" style="height:44px;max-width:160px;vertical-align:middle;border:0">`;
  return `${logo}<span style="display:inline-block;width:12px"></span>${name}`;
}

function foot({ footer }: Letter): string {
  if (footer.why === undefined && footer.links.length === 0) return "";
  const links = footer.links.map(
    (link) => `<a class="soft" href="${h(link.url)}" style="color:${soft}">${h(link.text)}</a>`,
  );
  const why = footer.why === undefined ? [] : [h(footer.why)];
  return `<tr><td style="padding:20px 8px 0"><p class="soft" style="${quiet}margin:0">${[...why, ...links].join("<br>\n")}</p></td></tr>`;
}

function blockHtml(block: Block, color: string): string {
  switch (block.type) {
    case "paragraph":
      return paragraph(block.text);
    case "small":
      return `<p class="soft" style="${quiet}margin:0 0 12px">${h(block.text)}</p>`;
    case "figure": {
      const caption =
        block.caption === undefined
          ? ""
          : `<br><span class="soft" style="${quiet}">${h(block.caption)}</span>`;
      return `<p class="wash ink" style="${text}margin:0 0 20px;padding:16px;background:${wash};border-radius:10px;text-align:center"><strong style="font-size:30px;line-height:1.2">${h(block.text)}</strong>${caption}</p>`;
    }
    case "facts": {
      const rows = block.rows.map(([label, value]) => factRow(label, value));
      return `<table class="ink" width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 20px;border-collapse:collapse">\n${rows.join("\n")}\n</table>`;
    }
    case "code":
      return `<p class="soft" style="${quiet}margin:0 0 4px">${h(block.label)}</p>\n${code(block.text, block.groupsOf)}`;
    case "picture":
      return `<p style="margin:0 0 20px;padding:12px;background:#ffffff;border-radius:8px;text-align:center"><img src="cid:${block.cid}" alt="${h(block.alt)}" width="${block.width}" height="${block.height}" style="width:${block.width}px;height:${block.height}px;max-width:100%;border:0"></p>`;
    case "list": {
      const items = block.items.map((item) => `<li style="margin:0 0 4px">${h(item)}</li>`);
      return `<p class="soft" style="${quiet}margin:0 0 4px">${h(block.title)}</p>\n<ul class="ink" style="${text}margin:0 0 20px;padding:0 0 0 22px">${items.join("")}</ul>`;
    }
    case "button":
      return `<p style="margin:8px 0 24px;text-align:center"><a href="${h(block.url)}" style="${font}display:inline-block;font-size:17px;line-height:1.2;font-weight:700;color:#ffffff;background:${color};padding:15px 20px;border-radius:10px;text-decoration:none">${h(block.text)}</a></p>`;
    default:
      return exhaustive(block);
  }
}

const factRow = (label: string, value: string): string => {
  const cell = `border-top:1px solid ${line};padding:9px 0;vertical-align:top;text-align:left;`;
  return `<tr><th scope="row" class="soft line" style="${quiet}${cell}font-weight:400;width:40%;padding-right:12px">${h(label)}</th><td class="ink line" style="${text}${cell}overflow-wrap:anywhere;word-break:break-word">${h(value)}</td></tr>`;
};

/** Short ones large, to be read across a counter; long ones as small as text may be, to be copied. */
function code(plain: string, groupsOf: number | undefined): string {
  const size = plain.length > 40 ? 16 : 22;
  const parts =
    groupsOf === undefined ? [plain] : (plain.match(new RegExp(`.{1,${groupsOf}}`, "gs")) ?? [plain]);
  // Gaps are drawn, not typed: a copied number must be one a bank takes.
  const inside =
    parts.length === 1
      ? h(plain)
      : parts.map((part) => `<span style="padding-right:7px">${h(part)}</span>`).join("");
  return `<p class="wash ink line" style="margin:0 0 20px;padding:12px 14px;background:${wash};border:1px dashed ${soft};border-radius:8px;${mono}font-size:${size}px;line-height:1.4;font-weight:700;color:${ink};word-break:break-all">${inside}</p>`;
}
