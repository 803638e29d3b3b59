import type { Scene } from "./scene.ts";
import { day } from "./scene.ts";
import type { PaymentIntent } from "./wire.ts";

/** The vouchers that are simulated, by Stripe's type word. */
export const voucherTypes = ["oxxo", "boleto", "multibanco"] as const;
export type VoucherType = (typeof voucherTypes)[number];
export const isVoucherType = (type: string | undefined): type is VoucherType =>
  voucherTypes.some((known) => known === type);

/** Seconds from UTC where a voucher's days are counted: Mexico City and São Paulo keep one time all year. */
const clocks: Readonly<Record<VoucherType, number>> = { oxxo: -6 * 3600, boleto: -3 * 3600, multibanco: 0 };
export const clockOf = (type: VoucherType): number => clocks[type];

/** 23:59:59 on the clock given, `days` calendar days after the day it is there now (`expires_after_days`). */
export function endOfDay(now: number, days: number, clock: number): number {
  const local = now + clock;
  const midnight = local - (local % day);
  return midnight + (days + 1) * day - 1 - clock;
}

/** The voucher of an intent that waits for one, in one shape for all three. */
export function voucherOf(
  intent: PaymentIntent,
): { readonly type: VoucherType; readonly number: string; readonly expiresAt: number } | undefined {
  const {
    oxxo_display_details: oxxo,
    boleto_display_details: boleto,
    multibanco_display_details: multi,
  } = intent.next_action ?? {};
  if (oxxo) return { type: "oxxo", number: oxxo.number ?? "", expiresAt: oxxo.expires_after ?? 0 };
  if (boleto) return { type: "boleto", number: boleto.number ?? "", expiresAt: boleto.expires_at ?? 0 };
  if (!multi) return undefined;
  return {
    type: "multibanco",
    number: `${multi.entity} ${multi.reference}`,
    expiresAt: multi.expires_at ?? 0,
  };
}

type Shown = { readonly action: NonNullable<PaymentIntent["next_action"]>; readonly expiresAt: number };

/** What the donor is shown, as Stripe writes it for each kind. */
export function newVoucher(scene: Scene, intent: PaymentIntent, type: VoucherType): Shown {
  const { ids, hostedPages } = scene.house;
  const url = `${hostedPages}/vouchers/${intent.id}`;
  switch (type) {
    case "oxxo": {
      const days = intent.payment_method_options?.oxxo?.expires_after_days ?? 3;
      const expiresAt = endOfDay(scene.now, days, clockOf(type));
      const details = { expires_after: expiresAt, hosted_voucher_url: url, number: ids.digits(20) };
      return { action: { oxxo_display_details: details, type: "oxxo_display_details" }, expiresAt };
    }
    case "boleto": {
      const days = intent.payment_method_options?.boleto?.expires_after_days ?? 3;
      const expiresAt = endOfDay(scene.now, days, clockOf(type));
      const number = boletoLine(ids.digits(25), expiresAt, intent.amount);
      const details = { expires_at: expiresAt, hosted_voucher_url: url, number, pdf: `${url}/pdf` };
      return { action: { boleto_display_details: details, type: "boleto_display_details" }, expiresAt };
    }
    case "multibanco": {
      const expiresAt = scene.now + 7 * day;
      const details = {
        entity: "11249",
        expires_at: expiresAt,
        hosted_voucher_url: url,
        reference: ids.digits(9),
      };
      return {
        action: { multibanco_display_details: details, type: "multibanco_display_details" },
        expiresAt,
      };
    }
  }
}

/** Days since 7 October 1997, which began again at 1000 on 22 February 2025 (facts: methods §6.3). */
const dueFactor = (expiresAt: number): string =>
  String(1000 + Math.floor((expiresAt - Date.UTC(2025, 1, 22) / 1000) / day)).padStart(4, "0");

/** The 47 digits that are typed, with every check digit right. */
export function boletoLine(free: string, expiresAt: number, cents: number): string {
  const bank = "2379";
  const value = `${dueFactor(expiresAt)}${String(cents).padStart(10, "0")}`;
  const general = modulo11(`${bank}${value}${free}`);
  const field = (digits: string) => `${digits}${modulo10(digits)}`;
  return `${field(bank + free.slice(0, 5))}${field(free.slice(5, 15))}${field(free.slice(15))}${general}${value}`;
}

function modulo10(digits: string): number {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const weighed = Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 2 : 1);
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return (10 - (sum % 10)) % 10;
}

function modulo11(digits: string): number {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) sum += Number(digits[digits.length - 1 - i]) * (2 + (i % 8));
  const rest = 11 - (sum % 11);
  return rest > 9 ? 1 : rest;
}
