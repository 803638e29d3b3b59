import type { Brand } from "../churches/church-rules.ts";
import { readableBrandColor } from "../kernel/readable-color.ts";
import type { MessageKind } from "./kinds.ts";
import type { InlineImage } from "./mailer.ts";
import type { Block, Draft } from "./templates/blocks.ts";
import { letterHtml } from "./templates/html.ts";
import type { Letter } from "./templates/letter.ts";
import { draftOf } from "./templates/templates.ts";
import { letterText } from "./templates/text.ts";
import { type Place, type Tongue, tongueFor } from "./templates/tongue.ts";

export type ToCompose = {
  readonly kind: MessageKind;
  /** BCP 47. */
  readonly locale: string;
  /** As `enqueue` kept them. */
  readonly params: unknown;
  readonly church: { readonly name: string; readonly timeZone: string; readonly brand: Brand };
  /** Of the church's country, for the names of methods. */
  readonly profile: Place["profile"];
  readonly donor?: { readonly name?: string | null | undefined } | undefined;
  /** Where the donor asks for a link into the portal; it holds no secret. */
  readonly manageUrl: string;
  /** Where reminders are left; absent in what cannot be left. */
  readonly unsubscribeUrl?: string | undefined;
};

/** One message in all its forms. */
export type Composed = {
  readonly subject: string;
  readonly preheader: string;
  readonly text: string;
  readonly html: string;
  /** What a text message to a phone says: one sentence, and the link where there is one. */
  readonly short: string;
  /** The pictures `html` names by `cid:`. */
  readonly inline: readonly InlineImage[];
};

/**
 * Writes a message in its reader's language, with the church's name, logo and colour. Pure. Throws when the
 * parameters are not what the kind shows, which is a bug of whoever wrote them.
 */
export function compose(message: ToCompose): Composed {
  const { church, profile, manageUrl } = message;
  const name = oneLine(church.name);
  const tongue = tongueFor(message.locale, { church: name, timeZone: church.timeZone, profile, manageUrl });
  const draft = draftOf[message.kind](tongue, message.params);
  const letter: Letter = {
    ...draft,
    lang: message.locale,
    church: name,
    logoUrl: church.brand.logoUrl,
    color: readableBrandColor(church.brand.color) ?? houseColor,
    ...manners(tongue, draft, message),
  };
  return {
    subject: letter.subject,
    preheader: letter.preheader,
    text: letterText(letter),
    html: letterHtml(letter),
    short: shortText(letter),
    inline: letter.blocks.filter(isPicture).map(({ cid, png, alt }) => ({ cid, png, alt })),
  };
}

/** The green of the pages, for churches without a colour of their own. */
const houseColor = "#1d5c4d";

/** How it begins and ends. */
function manners(
  { words, fill }: Tongue,
  draft: Draft,
  { donor, manageUrl, unsubscribeUrl }: ToCompose,
): Pick<Letter, "greeting" | "closing" | "signature" | "footer"> {
  const name = oneLine(donor?.name ?? "").slice(0, 80);
  if (draft.toChurch) {
    return {
      greeting: words.greeting_plain,
      closing: fill(words.closing_church),
      signature: undefined,
      footer: { why: undefined, links: [] },
    };
  }
  return {
    greeting: name === "" ? words.greeting_plain : fill(words.greeting, { name }),
    closing: words.closing,
    signature: fill("{{church}}"),
    footer: {
      why: fill(words.why_you),
      links: [
        { text: words.manage, url: manageUrl },
        ...(unsubscribeUrl === undefined ? [] : [{ text: words.leave, url: unsubscribeUrl }]),
      ],
    },
  };
}

function shortText({ church, preheader, blocks }: Letter): string {
  const link = blocks.find((block) => block.type === "button")?.url;
  const sentence = `${church}: ${preheader}`;
  return link === undefined ? sentence : `${sentence} ${link}`;
}

const isPicture = (block: Block): block is Extract<Block, { type: "picture" }> => block.type === "picture";

/** A name as it may stand in a subject: no line break can begin a header of its own. */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
