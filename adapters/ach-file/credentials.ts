import { z } from "zod";
import type { GatewayCredentials } from "../../src/gateway/adapter.ts";
import { checkAbaRouting } from "../../src/kernel/bank-numbers/aba-routing.ts";
import { plain } from "../../src/kernel/written-number.ts";

/** Who originates, as the bank's origination agreement writes it. */
export type Originator = {
  /** The routing number of the bank the file goes to, and its name. */
  readonly destination: string;
  readonly destinationName: string;
  /** Ten characters: a routing number with a blank before it, or what the bank assigned. */
  readonly origin: string;
  readonly originName: string;
  /** What donors see on their statement, and the ten characters the bank knows the church by (often 1 and the EIN). */
  readonly companyName: string;
  readonly companyId: string;
  /** The routing number of the bank that originates; the same bank in most agreements. */
  readonly odfi: string;
  /** What it is for, as donors see it. */
  readonly purpose: string;
};

const words = (what: string, most: number) =>
  z
    .string()
    .trim()
    .min(1, `${what} is missing`)
    .max(most, `${what} has at most ${most} characters`)
    .regex(/^[ -~]+$/, `${what} takes unaccented letters and digits only`);

const routing = z.string().refine((text) => checkAbaRouting(text).ok, "must be a routing number of 9 digits");

/** The agreement, field by field, flat like all credentials. Nothing in it is secret; it is kept like what is. */
export const credentials = z.object({
  destination: routing,
  destination_name: words("the bank's name", 23),
  origin: z.string().regex(/^[0-9A-Z ]{9,10}$/i, "must have 9 or 10 characters, as the bank assigned it"),
  origin_name: words("the sender's name", 23),
  company_name: words("the church's short name", 16),
  company_id: z.string().regex(/^[0-9A-Z]{10}$/i, "must have 10 characters, as the bank assigned it"),
  odfi: routing,
  purpose: words("the purpose", 10).default("DONATION"),
});

/** The originator, from credentials that have been checked. */
export function originatorOf(stored: GatewayCredentials): Originator {
  const given = credentials.parse(stored);
  return {
    destination: plain(given.destination),
    destinationName: given.destination_name,
    origin: given.origin.toUpperCase().padStart(10),
    originName: given.origin_name,
    companyName: given.company_name,
    companyId: given.company_id.toUpperCase(),
    odfi: plain(given.odfi),
    purpose: given.purpose,
  };
}
