/** The reflected polynomial of CRC-32/ISO-HDLC (the one of zip, PNG and Ethernet), one entry per byte. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++)
    remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  return remainder;
});

/**
 * CRC-32/ISO-HDLC of ASCII text, as an unsigned 32-bit number. Written out because `node:zlib`'s own is not on
 * every runtime the service runs on. It catches typing errors; it protects nothing.
 */
export function crc32(ascii: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < ascii.length; i++) {
    crc = (table[(crc ^ ascii.charCodeAt(i)) & 0xff] ?? 0) ^ (crc >>> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
