/** A message before it is HTML or text: the one composition both are made of. All texts are plain, never markup. */
export type Block =
  | { readonly type: "paragraph"; readonly text: string }
  /** The amount, which is what people look for first. */
  | { readonly type: "figure"; readonly text: string; readonly caption?: string }
  | { readonly type: "facts"; readonly rows: readonly Fact[] }
  /** To be copied or read aloud. `groupsOf` parts it for the eye only: what is copied has no gaps. */
  | { readonly type: "code"; readonly label: string; readonly text: string; readonly groupsOf?: number }
  | {
      readonly type: "picture";
      readonly cid: string;
      readonly png: Uint8Array;
      readonly alt: string;
      readonly width: number;
      readonly height: number;
    }
  | { readonly type: "list"; readonly title: string; readonly items: readonly string[] }
  | { readonly type: "button"; readonly text: string; readonly url: string }
  | { readonly type: "small"; readonly text: string };

export type Fact = readonly [label: string, value: string];

/** What a template says; greeting, signature and footer come from `compose`. */
export type Draft = {
  readonly subject: string;
  /** What a mail program shows beside the subject, and the whole of a text message but its link. */
  readonly preheader: string;
  readonly heading: string;
  readonly blocks: readonly Block[];
  /** To the church, not to someone who gave. */
  readonly toChurch?: true;
};

const known = (rows: readonly (readonly [string, string | null | undefined])[]): readonly Fact[] =>
  rows.filter((row): row is Fact => row[1] !== undefined && row[1] !== null && row[1] !== "");

/** A facts table, or nothing when nothing is known. */
export const facts = (
  ...rows: readonly (readonly [string, string | null | undefined])[]
): readonly Block[] => {
  const told = known(rows);
  return told.length === 0 ? [] : [{ type: "facts", rows: told }];
};

export const paragraph = (text: string): Block => ({ type: "paragraph", text });

/** Paragraphs of what there is to say; what is undefined is left out. */
export const paragraphs = (...texts: readonly (string | undefined)[]): readonly Block[] =>
  texts.filter((text) => text !== undefined).map(paragraph);

/** A button, where there is somewhere to go. */
export const button = (text: string, url: string | null | undefined): readonly Block[] =>
  url ? [{ type: "button", text, url }] : [];
