import { packedFonts } from "./generated/fonts.ts";

export type DocumentFonts = { readonly regular: ArrayBuffer; readonly bold: ArrayBuffer };

let unpacked: Promise<DocumentFonts> | undefined;

/** The fonts of printed documents as TrueType bytes; unpacked once per process (plain data, safe to share). */
export function documentFonts(): Promise<DocumentFonts> {
  unpacked ??= Promise.all([unpack(packedFonts.regular), unpack(packedFonts.bold)]).then(
    ([regular, bold]) => ({
      regular,
      bold,
    }),
  );
  return unpacked;
}

function unpack(base64: string): Promise<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).arrayBuffer();
}
