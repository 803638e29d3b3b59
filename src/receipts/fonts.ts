import { packedFonts } from "./generated/fonts.ts";

export type DocumentFonts = { readonly regular: ArrayBuffer; readonly bold: ArrayBuffer };

let unpacked: DocumentFonts | undefined;

/**
 * The fonts of printed documents as TrueType bytes; unpacked once per process. Only the finished bytes are kept:
 * on Workers a request may not wait for the streams of another.
 */
export async function documentFonts(): Promise<DocumentFonts> {
  if (unpacked) return unpacked;
  const [regular, bold] = await Promise.all([unpack(packedFonts.regular), unpack(packedFonts.bold)]);
  unpacked = { regular, bold };
  return unpacked;
}

function unpack(base64: string): Promise<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).arrayBuffer();
}
