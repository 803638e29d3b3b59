import { XMLParser, XMLValidator } from "fast-xml-parser";
import { z } from "zod";
import { err, ok, type Result } from "../kernel/result.ts";

/**
 * The parts of camt.052, .053 and .054 (ISO 20022, versions 02 to 08 and on) that are read. Elements that repeat are
 * always lists; a leaf may carry attributes.
 */
const lists = new Set([
  "Stmt",
  "Rpt",
  "Ntfctn",
  "Ntry",
  "NtryDtls",
  "TxDtls",
  "Ustrd",
  "Strd",
  "AddtlRmtInf",
]);

/** Amounts, dates and names stay text; entities are ours to decode, and documents that define any are refused. */
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  trimValues: true,
  maxNestedTags: 64,
  isArray: (name, _path, _leaf, isAttribute) => !isAttribute && lists.has(name),
});

const leaf = z
  .union([z.string(), z.looseObject({ "#text": z.string() }).transform((node) => node["#text"])])
  .transform(decoded);
/** An element that may be absent or empty. */
const part = <T extends z.ZodType>(schema: T) =>
  z.preprocess((node) => (node === "" ? undefined : node), schema.optional());
const every = <T extends z.ZodType>(schema: T) =>
  z.preprocess((nodes) => (Array.isArray(nodes) ? nodes.filter((node) => node !== "") : []), z.array(schema));
const text = part(leaf);

const amount = z.object({ "#text": z.string(), "@Ccy": z.string() });
const day = z.object({ Dt: text, DtTm: text });
const account = z.object({ Id: part(z.object({ IBAN: text, Othr: part(z.object({ Id: text })) })) });
/** From version 08 on the name is one level deeper. */
const party = z.object({ Nm: text, Pty: part(z.object({ Nm: text })) });

const details = z.object({
  Refs: part(
    z.object({ AcctSvcrRef: text, InstrId: text, EndToEndId: text, TxId: text, PmtInfId: text, MsgId: text }),
  ),
  Amt: part(amount),
  AmtDtls: part(z.object({ TxAmt: part(z.object({ Amt: part(amount) })) })),
  CdtDbtInd: text,
  RltdPties: part(
    z.object({
      Dbtr: part(party),
      DbtrAcct: part(account),
      UltmtDbtr: part(party),
      Cdtr: part(party),
      CdtrAcct: part(account),
    }),
  ),
  RmtInf: part(
    z.object({
      Ustrd: every(leaf),
      Strd: every(z.object({ CdtrRefInf: part(z.object({ Ref: text })), AddtlRmtInf: every(leaf) })),
    }),
  ),
  AddtlTxInf: text,
});

const entry = z.object({
  NtryRef: text,
  Amt: amount,
  CdtDbtInd: leaf.pipe(z.enum(["CRDT", "DBIT"])),
  RvslInd: text,
  // A code of its own until version 07, inside one from 08 on.
  Sts: z.union([z.object({ Cd: leaf }).transform((status) => status.Cd), leaf]),
  BookgDt: part(day),
  ValDt: part(day),
  AcctSvcrRef: text,
  NtryDtls: every(z.object({ TxDtls: every(details) })),
  AddtlNtryInf: text,
});

const report = z.object({ Acct: account, Ntry: every(entry) });
const reports = z.array(report).min(1);
const header = z.looseObject({ MsgId: leaf });

const camtDocument = z.object({
  Document: z.object({
    BkToCstmrStmt: z.object({ GrpHdr: header, Stmt: reports }).optional(),
    BkToCstmrAcctRpt: z.object({ GrpHdr: header, Rpt: reports }).optional(),
    BkToCstmrDbtCdtNtfctn: z.object({ GrpHdr: header, Ntfctn: reports }).optional(),
  }),
});

export type CamtReport = z.output<typeof report>;
export type CamtEntry = z.output<typeof entry>;
export type CamtDetails = z.output<typeof details>;
export type CamtMessage = {
  readonly format: "camt.052" | "camt.053" | "camt.054";
  readonly reports: readonly CamtReport[];
};

/** Reads one message. `Err` says, for whoever exported the file, what is wrong with it. */
export function readCamtXml(xml: string): Result<CamtMessage, string> {
  // No bank's file has one; what they are good for is entities that grow without end or read other files.
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) return err("it defines a document type of its own, which is not read");
  const wellFormed = XMLValidator.validate(xml);
  if (wellFormed !== true) return err(`it is not well-formed XML (line ${wellFormed.err.line})`);
  const tree = parsed(xml);
  if (tree === undefined) return err("it is nested too deep");
  const read = camtDocument.safeParse(tree);
  if (!read.success) {
    const [issue] = read.error.issues;
    return err(
      `it is no complete camt.052, .053 or .054: ${issue?.path.join("/") ?? "?"}: ${issue?.message}`,
    );
  }
  const { BkToCstmrStmt, BkToCstmrAcctRpt, BkToCstmrDbtCdtNtfctn } = read.data.Document;
  if (BkToCstmrStmt) return ok({ format: "camt.053", reports: BkToCstmrStmt.Stmt });
  if (BkToCstmrAcctRpt) return ok({ format: "camt.052", reports: BkToCstmrAcctRpt.Rpt });
  if (BkToCstmrDbtCdtNtfctn) return ok({ format: "camt.054", reports: BkToCstmrDbtCdtNtfctn.Ntfctn });
  return err("it is XML, but not a statement (camt.053), a report (camt.052) or a notification (camt.054)");
}

function parsed(xml: string): unknown {
  try {
    return parser.parse(xml);
  } catch {
    return undefined;
  }
}

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The five entities of XML itself, and characters by number. */
function decoded(written: string): string {
  return written.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return named[name] ?? whole;
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return point > 0x1f && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff)
      ? String.fromCodePoint(point)
      : " ";
  });
}
