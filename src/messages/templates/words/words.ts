import { en } from "./en.ts";
import { es } from "./es.ts";
import { esAR } from "./es-ar.ts";
import { esCO } from "./es-co.ts";
import { esMX } from "./es-mx.ts";
import { ptBR } from "./pt-br.ts";
import type { Words } from "./shape.ts";

const byTag: Readonly<Record<string, Words>> = { "es-MX": esMX, "es-CO": esCO, "es-AR": esAR };
const byLanguage: Readonly<Record<string, Words>> = { es, pt: ptBR, en };

/** The words for a BCP 47 tag: the country's own where it speaks otherwise, Spanish where we do not speak theirs. */
export const wordsFor = (locale: string): Words => byTag[locale] ?? byLanguage[locale.slice(0, 2)] ?? es;
