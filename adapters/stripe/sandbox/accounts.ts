/** A gateway account as its key tells it: the same text after `sk_test_` or `pk_test_` is the same account. */
export type Account = {
  readonly id: string;
  readonly country: AccountCountry;
  /** What it settles in. */
  readonly currency: AccountCurrency;
};

/** Where this simulator opens accounts, and what each settles in. */
export const accountCurrencies = {
  mx: "mxn",
  us: "usd",
  br: "brl",
  ca: "cad",
  gb: "gbp",
  es: "eur",
  pt: "eur",
  de: "eur",
} as const;
export type AccountCountry = keyof typeof accountCurrencies;
export type AccountCurrency = (typeof accountCurrencies)[AccountCountry];

export const isAccountCountry = (text: unknown): text is AccountCountry =>
  typeof text === "string" && Object.hasOwn(accountCurrencies, text);

type Caller =
  | { readonly kind: "secret" | "publishable"; readonly account: Account }
  | { readonly kind: "live" }
  | { readonly kind: "malformed" };

const known = new Map<string, Caller>();
const shape = /^(sk|rk|pk)_(test|live)_([A-Za-z0-9_]{1,200})$/;

/** Who calls with this key. Country `mx` from `sk_test_mx_…`; one we do not know is a United States account. */
export function callerOf(key: string): Caller {
  const seen = known.get(key);
  if (seen) return seen;
  const caller = read(key);
  if (known.size > 1000) known.clear();
  known.set(key, caller);
  return caller;
}

function read(key: string): Caller {
  const [, kind, mode, name] = shape.exec(key) ?? [];
  if (!kind || !name) return { kind: "malformed" };
  if (mode === "live") return { kind: "live" };
  const prefix = name.slice(0, name.indexOf("_"));
  const country = isAccountCountry(prefix) ? prefix : "us";
  const account: Account = {
    id: `acct_${stableText(name)}`,
    country,
    currency: accountCurrencies[country],
  };
  return { kind: kind === "pk" ? "publishable" : "secret", account };
}

/** Sixteen characters that are always the same for the same name (FNV-1a, four times over). */
function stableText(name: string): string {
  let out = "1";
  for (let round = 0; round < 4; round++) {
    let hash = 0x811c9dc5 ^ round;
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
    out += hash.toString(36).padStart(7, "0").slice(-4);
  }
  return out.slice(0, 16);
}
