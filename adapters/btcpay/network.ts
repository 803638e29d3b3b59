/**
 * Which chain a store's money lives on. `testnet` stands for every chain without value (testnet, signet, regtest):
 * the operator says it when connecting, and every address the store gives is held against it.
 */
export const networks = ["mainnet", "testnet"] as const;
export type Network = (typeof networks)[number];

/** Longest first: `lnbcrt` begins with `lnbc`. BIP 173/350 (`bc1`, `tb1`, `bcrt1`), BOLT 11 (`ln` + the chain). */
const prefixes: readonly (readonly [RegExp, Network])[] = [
  [/^lnbcrt\d*[munp]?1/i, "testnet"],
  [/^lntbs?\d*[munp]?1/i, "testnet"],
  [/^lnbc\d*[munp]?1/i, "mainnet"],
  [/^bcrt1[a-z0-9]{20,100}$/i, "testnet"],
  [/^tb1[a-z0-9]{20,100}$/i, "testnet"],
  [/^bc1[a-z0-9]{20,100}$/i, "mainnet"],
  [/^[mn2][1-9A-HJ-NP-Za-km-z]{25,39}$/, "testnet"],
  [/^[13][1-9A-HJ-NP-Za-km-z]{25,39}$/, "mainnet"],
];

/** The chain of an address or a Lightning invoice; `undefined` for what is neither. */
export function networkOf(destination: string): Network | undefined {
  return prefixes.find(([shape]) => shape.test(destination))?.[1];
}
