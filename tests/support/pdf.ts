import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";

/** The text of one page of a document, line by line. */
export async function pdfText(bytes: Uint8Array, page = 1): Promise<string> {
  const document = await getDocument({ data: bytes, verbosity: 0 }).promise;
  const content = await (await document.getPage(page)).getTextContent();
  const text = content.items
    .map((item) => ("str" in item ? `${item.str}${item.hasEOL ? "\n" : ""}` : ""))
    .join("");
  await document.destroy();
  return text;
}
