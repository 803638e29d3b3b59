import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
import { expect, test } from "vitest";
import { type Acknowledgment, acknowledgmentPdf } from "../../src/receipts/acknowledgment.ts";
import { pdfText } from "../support/pdf.ts";

const given: Acknowledgment = {
  language: "es-MX",
  church: "Iglesia Luz",
  title: "Comprobante",
  amount: "$500.00 MXN",
  rows: [["Recibido de", "Ana Pérez"]],
  statements: ["No es deducible."],
  testMark: undefined,
  issued: "20 de noviembre de 2026",
  issuedAt: new Date("2026-11-20T12:00:00Z"),
  subject: "Donativo",
};

test("a test is marked as one, and real money is not", async () => {
  expect(await pdfText(await acknowledgmentPdf({ ...given, testMark: "PRUEBA" }))).toMatch(/^PRUEBA/);
  expect(await pdfText(await acknowledgmentPdf(given))).toMatch(/^Iglesia Luz/);
});

test("a gift shared among more funds than a page holds goes on to the next one, and loses none", async () => {
  const rows = Array.from({ length: 40 }, (_, n) => [`Fondo ${n}`, `$${n}.00 MXN`] as const);
  const bytes = await acknowledgmentPdf({ ...given, rows });
  expect((await getDocument({ data: bytes.slice(), verbosity: 0 }).promise).numPages).toBeGreaterThan(1);
  const [first, second] = [await pdfText(bytes.slice()), await pdfText(bytes.slice(), 2)];
  for (let n = 0; n < rows.length; n++) expect(`${first}\n${second}`).toContain(`$${n}.00 MXN`);
});
