import { toSVG } from "bwip-js/generic";

/**
 * `text` as a Code 128 symbol with its quiet zones, as SVG that stretches to any width: scanners need a white
 * ground and sharp edges, so neither follows the page's colours. The label is for screen readers.
 */
export function barcodeSvg(text: string, label: string): string {
  const svg = toSVG({ bcid: "code128", text, height: 14, paddingwidth: 10, backgroundcolor: "ffffff" });
  const name = label.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  const attributes = `role="img" aria-label="${name}" preserveAspectRatio="none" shape-rendering="crispEdges"`;
  return svg.replace("<svg ", `<svg ${attributes} `);
}
