import { drawingSVG, qrcode } from "bwip-js/generic";
import { named } from "./named.ts";
import { drawingPng } from "./raster.ts";

/**
 * A QR code as a self-contained SVG, four modules of quiet zone around it (ISO/IEC 18004), on white in both colour
 * schemes. Error correction M, as the Pix manual for initiation asks. Throws on a text of more than 2,331 bytes.
 */
export function qrSvg(text: string, label: string): string {
  return named(qrcode(look(text), drawingSVG()), label, 'shape-rendering="crispEdges"');
}

/** The same for mail: a PNG, its size in pixels beside it. */
export const qrPng = (text: string) => qrcode(look(text), drawingPng());

const look = (text: string) =>
  ({ bcid: "qrcode", text, eclevel: "M", scale: 4, padding: 4, backgroundcolor: "ffffff" }) as const;
