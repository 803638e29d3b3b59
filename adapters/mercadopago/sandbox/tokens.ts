import type { z } from "zod";
import { luhnHolds } from "../../../src/kernel/check-digits.ts";
import { after, days } from "../../../src/kernel/clock.ts";
import type { Site } from "../sites.ts";
import { hashIn } from "./accounts.ts";
import { type SimToken, tokenDocument } from "./documents.ts";
import { isDocument } from "./identity.ts";
import { bad } from "./refusal.ts";
import type { createCardToken, createYapeToken } from "./requests.ts";
import type { Scene } from "./state.ts";

/** How a test payment ends, by the name on the card (Mercado Pago Developers, test cards). */
const endings: Readonly<Record<string, readonly [status: string, detail: string]>> = {
  APRO: ["approved", "accredited"],
  CONT: ["in_process", "pending_contingency"],
  REVI: ["in_process", "pending_review_manual"],
  OTHE: ["rejected", "cc_rejected_other_reason"],
  CALL: ["rejected", "cc_rejected_call_for_authorize"],
  FUND: ["rejected", "cc_rejected_insufficient_amount"],
  SECU: ["rejected", "cc_rejected_bad_filled_security_code"],
  EXPI: ["rejected", "cc_rejected_bad_filled_date"],
  FORM: ["rejected", "cc_rejected_bad_filled_other"],
  CARD: ["rejected", "cc_rejected_bad_filled_card_number"],
  INST: ["rejected", "cc_rejected_invalid_installments"],
  DUPL: ["rejected", "cc_rejected_duplicated_payment"],
  LOCK: ["rejected", "cc_rejected_card_disabled"],
  CTNA: ["rejected", "cc_rejected_card_type_not_allowed"],
  ATTE: ["rejected", "cc_rejected_max_attempts"],
  BLAC: ["rejected", "cc_rejected_blacklist"],
};

/** The names a tester may write on a card. */
export const holderNames: readonly string[] = Object.keys(endings);

/** Any documented word of a rejection may stand for the name as well, so that each can be played. */
export function endingFor(holder: string): readonly [status: string, detail: string] {
  const name = holder.trim();
  return (
    endings[name.toUpperCase()] ??
    (/^(cc_)?rejected_\w+$/.test(name) ? ["rejected", name] : ["approved", "accredited"])
  );
}

/**
 * A token that needs no browser: the name on the card written as a token's 32 hexadecimal digits. Unlike a real one
 * it may be used again.
 */
export function testToken(holder: string): string {
  const hex = [...new TextEncoder().encode(holder)]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  return hex.slice(0, 32).padEnd(32, "0");
}

function holderIn(token: string): string | undefined {
  const bytes = (token.match(/../g) ?? [])
    .map((pair) => Number.parseInt(pair, 16))
    .filter((byte) => byte !== 0);
  const name = String.fromCharCode(...bytes);
  return endings[name] ? name : undefined;
}

const hexToken = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const brands: readonly (readonly [RegExp, string])[] = [
  [/^3[47]/, "amex"],
  [/^4/, "visa"],
  [/^50(67|90)/, "elo"],
  [/^5[0-5]|^2/, "master"],
];

/** The brand a number begins like. */
export const brandOf = (number: string): string | undefined =>
  brands.find(([shape]) => shape.test(number))?.[1];

export const codeLength = (brand: string | undefined): number => (brand === "amex" ? 4 : 3);

/** `POST /v1/card_tokens`, as a donor's browser asks with the public key. */
export async function makeCardToken(
  scene: Pick<Scene, "documents" | "now">,
  { publicKey, site }: { readonly publicKey: string; readonly site: Site },
  asked: z.output<typeof createCardToken>,
): Promise<object> {
  const brand = brandOf(asked.card_number);
  if (!luhnHolds(asked.card_number)) throw bad("E301", "Invalid card_number_validation");
  if (asked.security_code.length !== codeLength(brand)) throw bad("E302", "Invalid security_code_validation");
  const { identification } = asked.cardholder;
  if (identification && !isDocument(site, identification.type, identification.number)) {
    throw bad(324, "Invalid cardholder.identification.number");
  }
  const lapse = Date.UTC(asked.expiration_year, asked.expiration_month, 1);
  if (lapse <= scene.now.getTime()) throw bad(325, "Invalid cardExpirationMonth");
  const token: SimToken = {
    hash: hashIn(publicKey),
    holder: asked.cardholder.name,
    firstSix: asked.card_number.slice(0, 6),
    lastFour: asked.card_number.slice(-4),
    method: brand ?? "master",
    expiresAt: after(scene.now, days(7)).toISOString(),
    used: false,
  };
  return keep(scene, publicKey, token);
}

/** Yape's test telephones (facts: payment-methods); the code is always 123456. */
const yapePhones: Readonly<Record<string, string>> = {
  "111111111": "APRO",
  "111111112": "CALL",
  "111111113": "cc_amount_rate_limit_exceeded",
  "111111116": "ATTE",
};

export async function makeYapeToken(
  scene: Pick<Scene, "documents" | "now">,
  publicKey: string,
  asked: z.output<typeof createYapeToken>,
): Promise<object> {
  const holder = yapePhones[asked.phoneNumber];
  if (!holder || asked.otp !== "123456") throw bad(1, "Params Error: invalid otp or phone number");
  const expiresAt = after(scene.now, days(1)).toISOString();
  const token = {
    hash: hashIn(publicKey),
    holder,
    firstSix: "",
    lastFour: "",
    method: "yape",
    expiresAt,
    used: false,
  };
  return keep(scene, publicKey, token);
}

async function keep(scene: Pick<Scene, "documents">, publicKey: string, token: SimToken): Promise<object> {
  const id = hexToken();
  await scene.documents.put("token", id, token, []);
  return {
    id,
    public_key: publicKey,
    status: "active",
    live_mode: false,
    date_due: token.expiresAt,
    first_six_digits: token.firstSix,
    last_four_digits: token.lastFour,
    cardholder: { name: token.holder },
  };
}

/** The test cards whose bank asks for 3-D Secure (Mercado Pago Developers, How to integrate 3DS with Checkout API). */
export const asksBank = ({ firstSix, lastFour }: SimToken): boolean =>
  ["548392 4623", "536195 7557"].includes(`${firstSix} ${lastFour}`);

/** The token a payment is made with, spent by it: of this seller, unused, not older than it may be. */
export async function spendToken(scene: Scene, id: string): Promise<SimToken> {
  const found = await scene.documents.get("token", id);
  if (!found) {
    const holder = holderIn(id);
    if (!holder) throw bad(2006, "Card Token not found");
    const hash = hashIn(scene.seller.publicKey);
    const expiresAt = after(scene.now, days(1)).toISOString();
    return { hash, holder, firstSix: "503143", lastFour: "6351", method: "master", expiresAt, used: false };
  }
  const token = tokenDocument.parse(found);
  if (token.hash !== hashIn(scene.seller.publicKey)) throw bad(2006, "Card Token not found");
  if (token.used || token.expiresAt <= scene.now.toISOString()) throw bad(3003, "Invalid card_token_id");
  await scene.documents.put("token", id, { ...token, used: true }, []);
  return token;
}
