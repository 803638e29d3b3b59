import { drawingSVG, qrcode } from "bwip-js/generic";
import { named } from "./named.ts";

/**
 * A QR code as a self-contained SVG, four modules of quiet zone around it (ISO/IEC 18004), on white in both colour
 * schemes. Error correction M, as the Pix manual for initiation asks. Throws on a text of more than 2,331 bytes.
 */
export function qrSvg(text: string, label: string): string {
  const look = { bcid: "qrcode", text, eclevel: "M", scale: 4, padding: 4, backgroundcolor: "ffffff" };
  const svg = qrcode(look, drawingSVG());
  return named(svg, label, 'shape-rendering="crispEdges"');
}
