import { z } from "@hono/zod-openapi";
import { inLanguage } from "../gateway/country-profile.ts";
import { methodTypes } from "../gateway/methods.ts";
import type { Decline, DonorAction } from "../gateway/payment.ts";
import { transferQr } from "../gateway/transfer-qr.ts";
import { moneyJson } from "../kernel/money.ts";
import { exhaustive } from "../kernel/result.ts";
import { qrSvg } from "../symbols/qr-code.ts";
import { declineWords, nextStepWords } from "./decline-words.ts";
import { type DonationView, donationStatuses } from "./donation-view.ts";

/**
 * A donation on the outside (CONTRACT): the API's answer, the stored idempotent answer and the announced event
 * are this one shape. It carries no donor's name or address; ask for the donor by id.
 */
const money = z.object({ amount: z.int(), currency: z.string() });
const instant = z.iso.datetime();

export const nextActionSchema = z
  .discriminatedUnion("type", [
    z.object({ type: z.literal("none") }),
    z.object({ type: z.literal("redirect"), url: z.url() }),
    z.object({
      type: z.literal("display_voucher"),
      reference: z.string(),
      /** The text of the barcode, and how it is drawn; null where tills only type. */
      barcode: z.string().nullable(),
      barcode_format: z.enum(["code128", "itf"]).nullable(),
      number: z.string(),
      /** Whom the cashier looks up first, where there is such a number. */
      payee: z.string().nullable(),
      url: z.url().nullable(),
      expires_at: instant,
      instructions: z.string(),
    }),
    z.object({
      type: z.literal("display_qr"),
      /** The text of the QR code; the donor may also copy it into their bank's app. */
      payload: z.string(),
      copy_code: z.string(),
      image_svg: z.string(),
      url: z.url().nullable(),
      expires_at: instant,
    }),
    z.object({
      type: z.literal("display_bank_transfer"),
      clabe: z.string().optional(),
      account: z.string().optional(),
      iban: z.string().optional(),
      phone: z.string().optional(),
      bic: z.string().optional(),
      aba: z.string().optional(),
      sort_code: z.string().optional(),
      branch: z.string().optional(),
      bank: z.string(),
      beneficiary: z.string(),
      reference: z.string().nullable(),
      amount: money,
      expires_at: instant.nullable(),
      url: z.url().nullable(),
      /** The same as a code for the donor's bank's app, where its banks know one: euros to an IBAN (EPC069-12). */
      qr_payload: z.string().optional(),
      image_svg: z.string().optional(),
    }),
    z.object({
      type: z.literal("use_sdk"),
      gateway: z.string(),
      client_token: z.string(),
      publishable_key: z.string(),
    }),
  ])
  .openapi("NextAction");

export const donationSchema = z
  .object({
    id: z.string(),
    object: z.literal("donation"),
    status: z.enum(donationStatuses),
    mode: z.enum(["test", "live"]),
    amount: z.int().openapi({ description: "What the funds receive, in minor units of `currency`" }),
    currency: z.string(),
    country: z.string(),
    payment_method: z.object({ type: z.enum(methodTypes) }),
    fee_cover: money,
    charged: money,
    cover_fees: z.boolean(),
    donor: z.string().openapi({ description: "Id of the donor" }),
    recurring_gift: z
      .string()
      .nullable()
      .openapi({ description: "Id of the recurring gift this is one period of; null for a single gift" }),
    legal_entity: z.string(),
    anonymous: z.boolean(),
    allocations: z.array(z.object({ fund: z.string(), fund_code: z.string(), amount: z.int() })),
    next_action: nextActionSchema,
    decline: z
      .object({
        code: z.string(),
        next_step: z.string(),
        message: z.string().openapi({ description: "Why and what to do now, in the donor's language" }),
      })
      .nullable(),
    refunded_amount: z.int(),
    disputed: z.boolean(),
    fee: money.nullable(),
    gateway: z.string(),
    gateway_payment_id: z.string().nullable(),
    attempt: z.string(),
    locale: z.string(),
    return_url: z.string().nullable(),
    expires_at: instant.nullable(),
    captured_at: instant.nullable(),
    created_at: instant,
  })
  .openapi("Donation");

export type DonationJson = z.infer<typeof donationSchema>;

export function donationJson(view: DonationView): DonationJson {
  return {
    id: view.id,
    object: "donation",
    status: view.status,
    mode: view.mode,
    amount: moneyJson(view.amount).amount,
    currency: view.amount.currency,
    country: view.country,
    payment_method: { type: view.method },
    fee_cover: moneyJson(view.feeCover),
    charged: moneyJson(view.charged),
    cover_fees: view.feeCover.minor > 0n,
    donor: view.donorId,
    recurring_gift: view.recurringGiftId ?? null,
    legal_entity: view.legalEntityId,
    anonymous: view.anonymous,
    allocations: view.allocations.map((a) => ({
      fund: a.fundId,
      fund_code: a.fund,
      amount: moneyJson(a.amount).amount,
    })),
    next_action: view.action ? nextAction(view.action, view.attempt.gateway) : { type: "none" },
    decline: view.decline ? declineJson(view.decline, view.locale) : null,
    refunded_amount: moneyJson(view.refunded).amount,
    disputed: view.disputed,
    fee: view.fee ? moneyJson(view.fee) : null,
    gateway: view.attempt.gateway,
    gateway_payment_id: view.attempt.gatewayPaymentId ?? null,
    attempt: view.attempt.id,
    locale: view.locale,
    return_url: view.returnUrl ?? null,
    expires_at: view.expiresAt?.toISOString() ?? null,
    captured_at: view.capturedAt?.toISOString() ?? null,
    created_at: view.createdAt.toISOString(),
  };
}

const declineJson = ({ reason, retry }: Decline, locale: string) => ({
  code: reason,
  next_step: retry,
  message: `${inLanguage(declineWords[reason], locale)} ${inLanguage(nextStepWords[retry], locale)}`,
});

function transferCode(action: Extract<DonorAction, { type: "display_bank_transfer" }>) {
  const payload = transferQr(action);
  return payload === undefined ? {} : { qr_payload: payload, image_svg: qrSvg(payload, "QR") };
}

/** What the donor does next, as the outside reads it. */
export function nextAction(action: DonorAction, gateway: string): z.infer<typeof nextActionSchema> {
  switch (action.type) {
    case "redirect":
      return { type: "redirect", url: action.url };
    case "display_voucher":
      return {
        type: "display_voucher",
        reference: action.reference,
        barcode: action.barcode?.text ?? null,
        barcode_format: action.barcode?.format ?? null,
        number: action.reference,
        payee: action.payee ?? null,
        url: action.url ?? null,
        expires_at: action.expiresAt.toISOString(),
        instructions: "Show the barcode or read the number to the cashier, and pay the exact amount in cash.",
      };
    case "display_qr":
      return {
        type: "display_qr",
        payload: action.payload,
        copy_code: action.payload,
        image_svg: qrSvg(action.payload, "QR"),
        url: action.url ?? null,
        expires_at: action.expiresAt.toISOString(),
      };
    case "display_bank_transfer":
      return {
        type: "display_bank_transfer",
        [action.account.kind]: action.account.number,
        ...(action.route ? { [action.route.kind]: action.route.number } : {}),
        bank: action.bank,
        beneficiary: action.beneficiary,
        reference: action.reference ?? null,
        amount: moneyJson(action.amountRemaining),
        expires_at: action.expiresAt?.toISOString() ?? null,
        url: action.url ?? null,
        ...transferCode(action),
      };
    case "use_sdk":
      return {
        type: "use_sdk",
        gateway,
        client_token: action.clientToken,
        publishable_key: action.publishableKey,
      };
    default:
      return exhaustive(action);
  }
}
