import PDFDocument from "pdfkit";
import { type DocumentFonts, documentFonts } from "./fonts.ts";

/** An acknowledgment as its reader sees it: every text already in the donor's language, amounts with ISO code. */
export type Acknowledgment = {
  /** BCP 47, for screen readers. */
  readonly language: string;
  readonly church: string;
  readonly title: string;
  /** The amount of the gift, large. */
  readonly amount: string;
  /** What was received, from whom, when, for what: label and value, in order. */
  readonly rows: readonly (readonly [label: string, value: string])[];
  /** The country's own wording, and what must be said beside it. */
  readonly statements: readonly string[];
  /** Printed across the top when no real money moved. */
  readonly testMark: string | undefined;
  readonly issued: string;
  readonly issuedAt: Date;
  readonly subject: string;
};

const ink = "#2a211b";
const soft = "#63574d";
const line = "#d9cfc2";
const brand = "#1d5c4d";
const margin = 64;
/** PDF/UA-1, and a first font of ours instead of Helvetica: pdfkit 0.20 takes both, its published types neither. */
const accessible = (fonts: DocumentFonts): object => ({ subset: "PDF/UA", font: fonts.regular });
const labelWidth = 150;

/**
 * The acknowledgment as a tagged PDF (PDF/UA-1 structure: heading, table with headers, paragraphs) with embedded
 * fonts, on Letter paper. It is never a tax receipt: those are a later, separate document.
 */
export async function acknowledgmentPdf(page: Acknowledgment): Promise<Uint8Array<ArrayBuffer>> {
  const fonts = await documentFonts();
  const doc = new PDFDocument({
    size: "LETTER",
    margin,
    pdfVersion: "1.7",
    ...accessible(fonts),
    tagged: true,
    lang: page.language,
    displayTitle: true,
    info: {
      Title: `${page.title} · ${page.church}`,
      Author: page.church,
      Subject: page.subject,
      Creator: "Ofrenda",
      CreationDate: page.issuedAt,
      ModDate: page.issuedAt,
    },
  });
  const written = collect(doc);
  write(doc, page, fonts);
  doc.end();
  return written;
}

function collect(doc: PDFKit.PDFDocument): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    doc.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    doc.on("error", reject);
    doc.on("end", () => {
      const whole = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
      let at = 0;
      for (const chunk of chunks) {
        whole.set(chunk, at);
        at += chunk.length;
      }
      resolve(whole);
    });
  });
}

function write(doc: PDFKit.PDFDocument, page: Acknowledgment, fonts: DocumentFonts): void {
  doc.registerFont("regular", fonts.regular);
  doc.registerFont("bold", fonts.bold);
  const whole = doc.struct("Document");
  doc.addStructure(whole);
  const say = (tag: string, draw: () => void) => whole.add(doc.struct(tag, {}, draw));
  if (page.testMark) {
    const mark = page.testMark;
    say("P", () => doc.font("bold").fontSize(11).fillColor("#9b2c1f").text(mark));
  }
  say("P", () => doc.font("bold").fontSize(12).fillColor(brand).text(page.church));
  doc.moveDown(0.4);
  say("H1", () => doc.font("bold").fontSize(21).fillColor(ink).text(page.title));
  doc.moveDown(0.8);
  say("P", () => doc.font("bold").fontSize(28).fillColor(brand).text(page.amount));
  doc.moveDown(0.6);
  const table = doc.struct("Table");
  whole.add(table);
  for (const row of page.rows) table.add(tableRow(doc, row));
  table.end();
  doc.moveDown(1);
  doc.x = margin;
  for (const statement of page.statements) {
    say("P", () => doc.font("regular").fontSize(10.5).fillColor(ink).text(statement, { lineGap: 2 }));
    doc.moveDown(0.6);
  }
  doc.moveDown(0.6);
  say("P", () => doc.font("regular").fontSize(9).fillColor(soft).text(page.issued));
  whole.end();
}

/** One line of the table: a header cell and its value, with a rule above that readers skip. */
function tableRow(doc: PDFKit.PDFDocument, [label, value]: Acknowledgment["rows"][number]) {
  const row = doc.struct("TR");
  const width = doc.page.width - 2 * margin;
  const height =
    Math.max(
      doc.font("regular").fontSize(10).heightOfString(label, { width: labelWidth }),
      doc
        .font("bold")
        .fontSize(11)
        .heightOfString(value, { width: width - labelWidth }),
    ) + 17;
  if (doc.y + height > doc.page.height - margin) doc.addPage();
  const top = doc.y;
  const rule = () =>
    doc
      .moveTo(margin, top)
      .lineTo(margin + width, top)
      .lineWidth(0.7)
      .stroke(line);
  doc.markContent("Artifact", { type: "Layout" });
  rule();
  doc.endMarkedContent();
  row.add(
    doc.struct("TH", {}, () =>
      doc
        .font("regular")
        .fontSize(10)
        .fillColor(soft)
        .text(label, margin, top + 7, { width: labelWidth }),
    ),
  );
  row.add(
    doc.struct("TD", {}, () =>
      doc
        .font("bold")
        .fontSize(11)
        .fillColor(ink)
        .text(value, margin + labelWidth, top + 6, { width: width - labelWidth }),
    ),
  );
  row.end();
  doc.x = margin;
  doc.y = top + height;
  return row;
}
