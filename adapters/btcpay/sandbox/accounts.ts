import type { SimulatedAccount } from "../../../src/gateway/gateway-module.ts";

/** FNV-1a over the text, for names that must differ and need not be secret: this is a sandbox. */
function mark(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, "0");
}

const storeOf = (name: string): string => `${mark(name)}${mark(`${name}/1`)}${mark(`${name}/2`).slice(0, 4)}`;
const reversed = (text: string): string => [...text].reverse().join("");

/** A store of its own for every name: the key holds the store's id, so nothing has to be remembered. */
export function openAccount(name: string, url: string): SimulatedAccount {
  const store = storeOf(name);
  return {
    credentials: { url, store_id: store, api_key: `${store}${reversed(store)}`, network: "testnet" },
    webhookSecret: secretOf(store),
  };
}

export const secretOf = (store: string): string => `${mark(`secret of ${store}`)}${store}`;

/** The store an `Authorization: token …` opens; `undefined` for a key this server never gave. */
export function storeOfKey(header: string | null): string | undefined {
  const key = /^token ([0-9a-f]{40})$/.exec(header ?? "")?.[1];
  const store = key?.slice(0, 20);
  return store !== undefined && key === `${store}${reversed(store)}` ? store : undefined;
}

/** Twenty-two characters, as BTCPay's ids have. */
export function newId(): string {
  const letters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  return [...crypto.getRandomValues(new Uint8Array(22))]
    .map((byte) => letters[byte % letters.length] ?? "1")
    .join("");
}

export const newHash = (): string =>
  [...crypto.getRandomValues(new Uint8Array(32))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
