import type { MethodType } from "../../src/gateway/methods.ts";
import type { Decline } from "../../src/gateway/payment.ts";

/** Our methods and ePayco's franchise codes for cash (its Node SDK, `FRANCHISE_MAP`). */
export const networks = { baloto: "BA", gana: "GA", su_red: "SR" } as const;
export type CashNetwork = keyof typeof networks;

export const isCashNetwork = (type: MethodType): type is CashNetwork => Object.hasOwn(networks, type);

/** What a transaction's state means for a voucher that nobody but the donor can act on. */
export type Stage = "open" | "held" | "paid" | "refused" | "lapsed" | "stopped" | "reversed";

/**
 * ePayco's states, as words of the API and as numbers of the confirmation (docs.epayco.com "Páginas de Respuesta y
 * Confirmación"; its SDKs). The words are told in either gender and in any case.
 */
const states: readonly { readonly code: number; readonly words: readonly string[]; readonly stage: Stage }[] =
  [
    { code: 1, words: ["aceptada", "aprobada"], stage: "paid" },
    { code: 2, words: ["rechazada"], stage: "refused" },
    { code: 3, words: ["pendiente"], stage: "open" },
    { code: 4, words: ["fallida"], stage: "refused" },
    { code: 6, words: ["reversada"], stage: "reversed" },
    { code: 7, words: ["retenida"], stage: "held" },
    { code: 8, words: ["iniciada"], stage: "open" },
    { code: 9, words: ["expirada", "caducada"], stage: "lapsed" },
    { code: 10, words: ["abandonada"], stage: "lapsed" },
    { code: 11, words: ["cancelada"], stage: "stopped" },
    { code: 12, words: ["antifraude"], stage: "refused" },
  ];

/** Every word we know, for the tests that walk them all. */
export const knownStates = states.flatMap(({ words, stage }) => words.map((word) => ({ word, stage })));

export function stageOf(word: string): Stage | undefined {
  const plain = word.trim().toLowerCase().replace(/o$/, "a");
  return states.find(({ words }) => words.includes(plain))?.stage;
}

/** Why ePayco or the network turned a voucher down: no bank is asked, so there is little to tell. */
export function declineOf(word: string): Decline {
  switch (word.trim().toLowerCase()) {
    case "antifraude":
      return { reason: "blocked_fraud", retry: "never", rawCode: word };
    case "fallida":
    case "fallido":
      return { reason: "provider_unavailable", retry: "later", rawCode: word };
    default:
      return { reason: "declined_generic", retry: "new_method", rawCode: word };
  }
}

/** How ePayco names documents; a document that is not here cannot be sent. */
const documents: Readonly<Record<string, string>> = { cc: "CC", ce: "CE", nit: "NIT", ti: "TI", pp: "PPN" };

export const documentCode = (type: string): string | undefined =>
  Object.hasOwn(documents, type) ? documents[type] : undefined;
