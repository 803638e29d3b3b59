/** The table of CRC-32 (polynomial 0xEDB88320, reflected), as in zip and PNG. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

/**
 * CRC-32/ISO-HDLC of the bytes as an unsigned number: `123456789` gives 3421780262 (facts: methods §7). Written out
 * because `node:zlib`'s own is not on every runtime the service runs on. It catches errors; it protects nothing.
 */
export function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ (table[(value ^ byte) & 0xff] ?? 0);
  return (value ^ 0xffffffff) >>> 0;
}
