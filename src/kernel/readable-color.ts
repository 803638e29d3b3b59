/**
 * A church's colour as pages and messages may use it: darkened in steps until white text on it reads at 4.5:1 (WCAG 2.2,
 * 1.4.3). `undefined` when the text is not `#rrggbb`.
 */
export function readableBrandColor(hex: unknown): string | undefined {
  const found = typeof hex === "string" ? /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex) : null;
  if (!found) return undefined;
  let channels = found.slice(1).map((pair) => Number.parseInt(pair, 16));
  while (contrastWithWhite(channels) < 4.5) channels = channels.map((value) => Math.floor(value * 0.92));
  return `#${channels.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

function contrastWithWhite(channels: readonly number[]): number {
  const [r = 0, g = 0, b = 0] = channels.map((value) => {
    const share = value / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05);
}
