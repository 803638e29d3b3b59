import type { CountryProfile } from "../src/gateway/country-profile.ts";
import { ar } from "./ar.ts";
import { bo } from "./bo.ts";
import { br } from "./br.ts";
import { ca } from "./ca.ts";
import { cl } from "./cl.ts";
import { co } from "./co.ts";
import { cr } from "./cr.ts";
import { de } from "./de.ts";
import { dominicanRepublic } from "./do.ts";
import { ec } from "./ec.ts";
import { es } from "./es.ts";
import { gb } from "./gb.ts";
import { gt } from "./gt.ts";
import { mx } from "./mx.ts";
import { pa } from "./pa.ts";
import { pe } from "./pe.ts";
import { pt } from "./pt.ts";
import { py } from "./py.ts";
import { us } from "./us.ts";
import { uy } from "./uy.ts";

/** Every country, by ISO 3166-1 alpha-2 code in lower case. Adding one is a file beside and a line here. */
export const countries: ReadonlyMap<string, CountryProfile> = new Map(
  [mx, co, br, ar, us, cl, pe, uy, py, bo, ec, cr, gt, dominicanRepublic, pa, ca, es, pt, gb, de].map(
    (country) => [country.code, country],
  ),
);
