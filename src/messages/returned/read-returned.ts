import PostalMime, { type Attachment } from "postal-mime";
import { meansDeadAddress, statusIn } from "../enhanced-status.ts";
import { withoutAddresses } from "../mailer.ts";
import type { ReturnKind } from "../states.ts";
import { claimIn, type ReturnClaim } from "./return-address.ts";

/** What a mail server, or a mailbox provider, reports of a mail of ours. */
export type Report = {
  readonly kind: ReturnKind;
  /** The enhanced status code (RFC 3463) such as `5.1.1`; null in a complaint, and where none is given. */
  readonly status: string | null;
  /** The server's words, or the kind of complaint; without addresses. */
  readonly answer: string | null;
};

export type Returned = {
  /** Whose it claims to be, from its own address, its report or the mail it returns; not yet proved. */
  readonly claim: ReturnClaim | undefined;
  /** `undefined`: it reports nothing we act on, as an answer from holidays, or a mail that has arrived. */
  readonly report: Report | undefined;
};

/** Largest mail read, in bytes: reports bring the mail they are about, and ours are small. */
export const returnedMost = 2 * 1024 * 1024;

/**
 * Reads a mail that came back: a delivery status notification (RFC 3464) or a complaint (RFC 5965), both inside
 * `multipart/report` (RFC 6522). Never throws: what cannot be read reports nothing.
 */
export async function readReturned(raw: Uint8Array): Promise<Returned> {
  const mail = await PostalMime.parse(raw, {
    attachmentEncoding: "utf8",
    forceRfc822Attachments: true,
    maxNestingDepth: 16,
  }).catch(() => undefined);
  if (!mail) return { claim: undefined, report: undefined };
  const part = (type: RegExp) => textOf(mail.attachments.find(({ mimeType }) => type.test(mimeType)));
  const status = part(/^message\/(global-)?delivery-status$/);
  const complaint = part(/^message\/feedback-report$/);
  const original = part(/^(message\/(rfc822|global)|text\/rfc822-headers|message\/global-headers)$/);
  // A report comes to the address itself; a complaint comes to the operator's, and quotes it.
  const places = [...mail.headers.map(({ value }) => value), status, complaint, original];
  return {
    claim: claimIn(places.join("\n")),
    report: status === "" ? complaintReport(complaint) : deliveryReport(status),
  };
}

const textOf = (part: Attachment | undefined): string =>
  typeof part?.content === "string" ? part.content : "";

/**
 * One address of ours may stand for a list, of which each member is told of. Where the mail reached one of them the
 * address takes mail; else the mildest holds.
 */
function deliveryReport(text: string): Report | undefined {
  const told = groupsOf(text).filter((fields) => fields.has("action"));
  const bad = told.flatMap((fields) => recipientReport(fields) ?? []);
  if (bad.length < told.length) return undefined;
  return gravity.flatMap((kind) => bad.find((report) => report.kind === kind) ?? [])[0];
}

/** Mildest first. */
const gravity: readonly ReturnKind[] = ["delayed", "failed", "bounced"];

function recipientReport(fields: ReadonlyMap<string, string>): Report | undefined {
  const words = fields.get("diagnostic-code") ?? "";
  const given = statusIn(fields.get("status") ?? "");
  // `x.0.0` says no more than its class: the server's own words may.
  const status = given === undefined || given.endsWith(".0.0") ? (statusIn(words) ?? given) : given;
  const kind = kindOf(fields.get("action")?.toLowerCase(), status);
  return kind && { kind, status: status ?? null, answer: withoutAddresses(words).slice(0, 300) || null };
}

function kindOf(action: string | undefined, status: string | undefined): ReturnKind | undefined {
  if (action === "delayed") return "delayed";
  if (action !== "failed" || status?.startsWith("2")) return undefined;
  // Without a code nothing says that it is for ever.
  return status !== undefined && meansDeadAddress(status) ? "bounced" : "failed";
}

/** Kinds of feedback that say "I do not want this"; others tell of viruses and signatures, or take it back. */
const unwanted = new Set(["abuse", "fraud", "opt-out", "other"]);

function complaintReport(text: string): Report | undefined {
  const type = groupsOf(text)[0]?.get("feedback-type")?.toLowerCase() ?? "";
  return unwanted.has(type) ? { kind: "complained", status: null, answer: type } : undefined;
}

/** Groups of fields with an empty line between them, names in lower case, folded values as one line. */
function groupsOf(text: string): readonly ReadonlyMap<string, string>[] {
  return text
    .replaceAll(/\r\n?/g, "\n")
    .split(/\n\s*\n/)
    .map((group) =>
      group
        .replaceAll(/\n[ \t]+/g, " ")
        .split("\n")
        .flatMap(fieldIn),
    )
    .filter((fields) => fields.length > 0)
    .map((fields) => new Map(fields));
}

function fieldIn(line: string): readonly (readonly [string, string])[] {
  const colon = line.indexOf(":");
  return colon < 1 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]];
}
