import { code128, drawingSVG } from "bwip-js/generic";

/**
 * `text` as a Code 128 symbol with its quiet zones, two CSS pixels to a module so that even a plain screen draws
 * every bar whole. Scanners need a white ground and sharp edges, so neither follows the page's colours; a symbol
 * too long for the screen is drawn narrower. The label is for screen readers.
 */
export function barcodeSvg(text: string, label: string): string {
  const symbol = { bcid: "code128", text, height: 14, scale: 2, paddingwidth: 10, backgroundcolor: "ffffff" };
  const svg = code128(symbol, drawingSVG());
  const name = label.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  const width = /viewBox="0 0 (\d+) /.exec(svg)?.[1] ?? "330";
  const attributes = `role="img" aria-label="${name}" width="${width}" preserveAspectRatio="none" shape-rendering="crispEdges"`;
  return svg.replace("<svg ", `<svg ${attributes} `);
}
