import { present } from "../../../src/kernel/assert.ts";
import { type Site, siteOf, sites } from "../sites.ts";

/** A seller of the simulator, all of it read from the access token: nothing has to be remembered of an account. */
export type Seller = {
  readonly userId: string;
  readonly site: Site;
  readonly accessToken: string;
  readonly publicKey: string;
  readonly webhookSecret: string;
};

/** Application ids of simulated sellers begin so; two digits for the site follow. */
const application = "4200";
const shape = /^TEST-4200(\d\d)\d{10}-112126-([0-9a-f]{32})-(\d{9})$/;

/** The seller an access token is of; `undefined` for anything that is no token of this simulator. */
export function sellerOf(accessToken: string): Seller | undefined {
  const [, place, hash, userId] = shape.exec(accessToken) ?? [];
  const site = sites[Number(place ?? Number.NaN)];
  if (!site || !place || !hash || !userId) return undefined;
  return { userId, site, accessToken, publicKey: publicKeyFor(place, hash), webhookSecret: `mpwh_${hash}` };
}

/** The same name in the same country is the same seller. */
export function openSeller(account: { readonly country: string; readonly name: string }): Seller {
  const place = sites.findIndex((site) => site.country === account.country);
  const found = present(siteOf(account.country), `Mercado Pago has no site in ${account.country}`);
  const hash = hexOf(`${found.country} ${account.name}`);
  const userId = String(100_000_000 + (Number.parseInt(hash.slice(0, 8), 16) % 900_000_000));
  const digits = String(Number.parseInt(hash.slice(8, 16), 16))
    .padStart(10, "0")
    .slice(0, 10);
  const token = `TEST-${application}${String(place).padStart(2, "0")}${digits}-112126-${hash}-${userId}`;
  return present(sellerOf(token), "a token made here is known here");
}

/** Begins with the site's two digits, since a browser has nothing else to tell whose page it shows. */
const publicKeyFor = (place: string, hash: string): string =>
  `TEST-${place}${hash.slice(2, 8)}-${hash.slice(8, 12)}-${hash.slice(12, 16)}-${hash.slice(16, 20)}-${hash.slice(20)}`;

const publicKeyShape = /^TEST-(\d\d)[0-9a-f]{6}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The site a public key is of; `undefined` for anything that is no key of this simulator. */
export function siteOfKey(publicKey: string): Site | undefined {
  const [, place] = publicKeyShape.exec(publicKey) ?? [];
  return place === undefined ? undefined : sites[Number(place)];
}

/** Which seller's browser pages a public key belongs to. */
export const hashIn = (publicKey: string): string => publicKey.replace(/^TEST-/, "").replaceAll("-", "");

/** Thirty-two hexadecimal digits that are always the same for the same text (FNV-1a, four times over). */
function hexOf(text: string): string {
  return [1, 2, 3, 4]
    .map((round) => {
      let hash = 0x811c9dc5 ^ round;
      for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
      return hash.toString(16).padStart(8, "0");
    })
    .join("");
}
