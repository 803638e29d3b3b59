import type { es } from "./es.ts";

type Widened<T> = { readonly [K in keyof T]: T[K] extends string ? string : Widened<T[K]> };

/** The shape every language fills: the keys of the Spanish master list. */
export type Words = Widened<typeof es>;
