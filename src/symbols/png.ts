import { crc32 } from "../kernel/crc32.ts";

/** A drawing in black and white: `black` says it of the pixel at column x, row y. */
export type Bitmap = {
  readonly width: number;
  readonly height: number;
  readonly black: (x: number, y: number) => boolean;
};

/**
 * A PNG of one bit to a pixel (PNG specification, third edition). Rows are stored without compression: a symbol is a
 * few kilobytes, and a compressor that runs everywhere is not at hand without waiting.
 */
export function png({ width, height, black }: Bitmap): Uint8Array {
  const stride = 1 + Math.ceil(width / 8);
  // Each row begins with its filter, none; a set bit is white.
  const rows = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * stride + 1 + (x >> 3);
      if (!black(x, y)) rows[at] = (rows[at] ?? 0) | (0x80 >> (x & 7));
    }
  }
  const header = [...big32(width), ...big32(height), 1, 0, 0, 0, 0];
  return joined([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", Uint8Array.from(header)),
    chunk("IDAT", stored(rows)),
    chunk("IEND", new Uint8Array()),
  ]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = joined([new TextEncoder().encode(type), data]);
  return joined([big32(data.length), body, big32(crc32(body))]);
}

/** A zlib stream (RFC 1950) of stored blocks (RFC 1951 §3.2.4), each of at most 65,535 bytes. */
function stored(data: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x78, 0x01)];
  for (let at = 0; at < data.length; at += 0xffff) {
    const block = data.subarray(at, at + 0xffff);
    const last = at + block.length === data.length ? 1 : 0;
    const [low, high] = [block.length & 0xff, block.length >> 8];
    parts.push(Uint8Array.of(last, low, high, ~low, ~high), block);
  }
  return joined([...parts, big32(adler32(data))]);
}

function adler32(data: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const byte of data) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return b * 0x10000 + a;
}

const big32 = (value: number): Uint8Array =>
  Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
