/**
 * The body of a new transaction is sealed leaf by leaf: AES-256-CBC, the private key's 32 bytes as key, and ePayco's
 * one fixed vector (epayco-sdk-node, `encryptBody`). TLS is what protects it on the way; a fixed vector hides little,
 * but the server reads nothing else. The same body is the same bytes, so a repeat is the same request.
 */
const vector = new TextEncoder().encode("0000000000000000");

export type Sealable = string | number | boolean | { readonly [field: string]: Sealable };

/** `publicKey` stays readable, as the server must know whose key opens the rest. */
export async function sealBody(
  body: { readonly [field: string]: Sealable },
  privateKey: string,
): Promise<object> {
  const key = await keyOf(privateKey, "encrypt");
  const sealed = await sealFields(body, key);
  return {
    ...sealed,
    i: btoa(String.fromCharCode(...vector)),
    // Which official client is speaking; the server wants one it knows.
    language: await sealText("node", key),
  };
}

async function sealFields(
  fields: { readonly [field: string]: Sealable },
  key: CryptoKey,
): Promise<Record<string, unknown>> {
  const sealed = await Promise.all(
    Object.entries(fields).map(async ([name, value]): Promise<[string, unknown]> => {
      if (name === "publicKey") return [name, value];
      if (typeof value === "object") return [name, await sealFields(value, key)];
      return [name, await sealText(String(value), key)];
    }),
  );
  return Object.fromEntries(sealed);
}

async function sealText(text: string, key: CryptoKey): Promise<string> {
  const algorithm = { name: "AES-CBC", iv: vector };
  const bytes = await crypto.subtle.encrypt(algorithm, key, new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}

/** Opens one leaf; throws where it was sealed with another key, or not at all. For the simulator. */
export async function openLeaf(sealed: string, privateKey: string): Promise<string> {
  const bytes = Uint8Array.from(atob(sealed), (letter) => letter.charCodeAt(0));
  const algorithm = { name: "AES-CBC", iv: vector };
  const opened = await crypto.subtle.decrypt(algorithm, await keyOf(privateKey, "decrypt"), bytes);
  return new TextDecoder("utf-8", { fatal: true }).decode(opened);
}

function keyOf(privateKey: string, use: "encrypt" | "decrypt"): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", new TextEncoder().encode(privateKey), "AES-CBC", false, [use]);
}
