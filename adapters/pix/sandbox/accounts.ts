import type { GatewayCredentials } from "../../../src/gateway/adapter.ts";

/** Who calls, as the client id tells it: everything about an account is made from its name. */
export type Account = {
  readonly id: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly key: string;
  readonly name: string;
  readonly city: string;
  readonly cnpj: string;
  /** SHA-256 fingerprint of the certificate its notices come with. */
  readonly fingerprint: string;
};

/** The provider's identifier in the payment system: part of every id it makes. */
export const ispb = "99999004";
export const host = "pix.example-psp.com.br";
const prefix = "sandbox_";

/** The account of a client id of ours; `undefined` for any other. */
export function accountOf(clientId: string): Account | undefined {
  if (!clientId.startsWith(prefix) || !/^sandbox_[\w-]{1,100}$/.test(clientId)) return undefined;
  const name = clientId.slice(prefix.length);
  const hex = (label: string, length: number) => digest(`${label}:${name}`, length);
  const key = hex("key", 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return {
    id: name,
    clientId,
    clientSecret: `secret_${hex("secret", 32)}`,
    key,
    name: "Igreja Exemplo",
    city: "São Paulo",
    cnpj: "11222333000181",
    fingerprint: hex("certificate", 64),
  };
}

export const clientIdFor = (name: string): string =>
  `${prefix}${name.replaceAll(/[^\w-]/g, "_").slice(0, 100)}`;

/** What an operator would copy from the provider's contract. */
export function credentialsOf(account: Account): GatewayCredentials {
  return {
    base_url: `https://${host}/api/v2`,
    token_url: `https://${host}/oauth/token`,
    client_id: account.clientId,
    client_secret: account.clientSecret,
    pix_key: account.key,
    receiver_name: account.name,
    receiver_city: account.city,
    account_branch: "0001",
    account_number: "1234567",
    account_type: "PAGAMENTO",
  };
}

/** Hexadecimal digits that are always the same for the same text (FNV-1a, once for each eight). */
export function digest(text: string, length: number): string {
  let out = "";
  for (let round = 0; out.length < length; round++) {
    let hash = 0x811c9dc5 ^ Math.imul(round + 1, 0x9e3779b1);
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 0;
    out += (hash >>> 0).toString(16).padStart(8, "0");
  }
  return out.slice(0, length);
}
