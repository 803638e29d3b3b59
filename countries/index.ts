import type { CountryProfile } from "../src/gateway/country-profile.ts";
import { mx } from "./mx.ts";
import { us } from "./us.ts";

/** Every country, by ISO 3166-1 alpha-2 code in lower case. Adding one is a file beside and a line here. */
export const countries: ReadonlyMap<string, CountryProfile> = new Map(
  [mx, us].map((country) => [country.code, country]),
);
