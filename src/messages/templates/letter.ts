import type { Draft } from "./blocks.ts";

/** A whole message, ready to be drawn as HTML or as text. */
export type Letter = Draft & {
  /** BCP 47. */
  readonly lang: string;
  readonly church: string;
  readonly logoUrl: string | undefined;
  /** `#rrggbb`, and white reads on it. */
  readonly color: string;
  readonly greeting: string;
  /** The last line, and who signs it; nobody signs what the service tells the church. */
  readonly closing: string;
  readonly signature: string | undefined;
  readonly footer: Footer;
};

export type Footer = {
  readonly why: string | undefined;
  readonly links: readonly { readonly text: string; readonly url: string }[];
};
