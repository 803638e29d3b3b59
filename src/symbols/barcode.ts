import { code128, type DrawingContext, drawingSVG, interleaved2of5 } from "bwip-js/generic";
import { named } from "./named.ts";
import { drawingPng } from "./raster.ts";

/** What a till reads: Code 128 for most vouchers, interleaved 2 of 5 for a boleto. */
export type Barcode = { readonly format: "code128" | "itf"; readonly text: string };

/**
 * A barcode with its quiet zones, two CSS pixels to a module so that even a plain screen draws every bar whole.
 * Scanners need a white ground and sharp edges, so neither follows the page's colours; a symbol too long for the
 * screen is drawn narrower. The label is for screen readers.
 */
export function barcodeSvg({ format, text }: Barcode, label: string): string {
  const svg = drawn({ format, text }, drawingSVG());
  const width = /viewBox="0 0 (\d+) /.exec(svg)?.[1] ?? "330";
  return named(svg, label, `width="${width}" preserveAspectRatio="none" shape-rendering="crispEdges"`);
}

/** The same for mail: a PNG, its size in pixels beside it. */
export const barcodePng = (barcode: Barcode) => drawn(barcode, drawingPng());

function drawn<T>({ format, text }: Barcode, drawing: DrawingContext<T>): T {
  const look = { text, height: 14, scale: 2, paddingwidth: 10, backgroundcolor: "ffffff" };
  return format === "itf"
    ? interleaved2of5({ ...look, bcid: "interleaved2of5" }, drawing)
    : code128({ ...look, bcid: "code128" }, drawing);
}
