import type { DrawingContext, RenderOptions } from "bwip-js/generic";
import { png } from "./png.ts";

/**
 * Where bwip-js draws a symbol as a PNG, for mail, which shows no SVG. Bars come as thick upright lines and squares
 * as polygons with upright and level sides, so whole pixels are all there is.
 */
export function drawingPng(): DrawingContext<{ png: Uint8Array; width: number; height: number }> {
  let pads = { left: 0, top: 0, right: 0, bottom: 0 };
  let [width, height] = [0, 0];
  let pixels = new Uint8Array();
  const flip = (x: number, y: number) => {
    const at = y * width + x;
    pixels[at] = pixels[at] === 1 ? 0 : 1;
  };
  return {
    setopts({ paddingleft = 0, paddingtop = 0, paddingright = 0, paddingbottom = 0 }: RenderOptions) {
      pads = { left: paddingleft, top: paddingtop, right: paddingright, bottom: paddingbottom };
    },
    scale: () => null,
    measure: () => ({ width: 0, ascent: 0, descent: 0 }),
    init(inside, tall) {
      width = inside + pads.left + pads.right;
      height = tall + pads.top + pads.bottom;
      pixels = new Uint8Array(width * height);
    },
    line(x0, y0, _x1, y1, thick) {
      const left = pads.left + Math.round(x0 - thick / 2);
      const [top, bottom] = [Math.min(y0, y1) + pads.top, Math.max(y0, y1) + pads.top];
      for (let y = Math.round(top); y < Math.round(bottom); y++) {
        pixels.fill(1, y * width + left, y * width + left + Math.round(thick));
      }
    },
    // Even-odd: all to the right of each upright side changes colour, and changes back at the opposite one.
    polygon(points) {
      points.forEach(([x, y], at) => {
        const [nextX, nextY] = points[(at + 1) % points.length] ?? [x, y];
        if (nextX !== x) return;
        for (let row = Math.min(y, nextY); row < Math.max(y, nextY); row++) {
          for (let column = x + pads.left; column < width; column++) flip(column, row + pads.top);
        }
      });
    },
    hexagon: () => undefined,
    ellipse: () => undefined,
    fill: () => undefined,
    text: () => undefined,
    end: () => ({
      png: png({ width, height, black: (x, y) => pixels[y * width + x] === 1 }),
      width,
      height,
    }),
  };
}
