/**
 * The body of a new transaction is sealed leaf by leaf: AES-256-CBC, the private key's 32 bytes as key, and ePayco's
 * one fixed vector (epayco-sdk-node, `encryptBody`). TLS is what protects it on the way; a fixed vector hides little,
 * but the server reads nothing else. The same body is the same bytes, so a repeat is the same request.
 */
const vector = new TextEncoder().encode("0000000000000000");

export type Sealable = string | number | boolean | Fields;
type Fields = { readonly [field: string]: Sealable };

/**
 * Seals bodies for one account. `alike` is what every body of the account says, and nothing of any donor's: it is sealed
 * once and kept, for each leaf costs as much as the rest of the translation. `publicKey` stays readable, as the server
 * must know whose key opens the rest.
 */
export function sealer(privateKey: string, alike: Fields): (own: Fields) => Promise<object> {
  let kept: { readonly key: CryptoKey; readonly fields: object } | undefined;
  const begin = async () => {
    const key = await keyOf(privateKey, "encrypt");
    const fields = {
      ...(await sealFields(alike, key)),
      i: btoa(String.fromCharCode(...vector)),
      // Which official client is speaking; the server wants one it knows.
      language: await sealText("node", key),
    };
    return { key, fields };
  };
  return async (own) => {
    kept ??= await begin();
    return { ...kept.fields, ...(await sealFields(own, kept.key)) };
  };
}

async function sealFields(fields: Fields, key: CryptoKey): Promise<Record<string, unknown>> {
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
