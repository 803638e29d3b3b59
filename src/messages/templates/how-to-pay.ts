import { equals, type Money } from "../../kernel/money.ts";
import { exhaustive } from "../../kernel/result.ts";
import { barcodePng } from "../../symbols/barcode.ts";
import { qrPng } from "../../symbols/qr-code.ts";
import { type Block, button, facts, paragraph } from "./blocks.ts";
import type { PayAction } from "./params.ts";
import type { Tongue } from "./tongue.ts";

export type ToPay = {
  readonly amount: Money;
  readonly action?: PayAction | null | undefined;
  readonly method?: string | undefined;
  /** The gift's number, where there is one already. */
  readonly donation?: string | null | undefined;
  readonly url?: string | null | undefined;
  readonly expires_at?: string | null | undefined;
};

/** Whether the mail itself carries what is needed to pay; else all it has is a link. */
export const isSelfContained = (action: PayAction | null | undefined): boolean =>
  action?.type === "display_voucher" ||
  action?.type === "display_qr" ||
  action?.type === "display_bank_transfer";

/** What the donor needs to pay: number, code or account, until when, and the link to the gift's page. */
export function howToPay(tongue: Tongue, given: ToPay): readonly Block[] {
  const { words } = tongue;
  const action = given.action ?? { type: "none" as const };
  const expires = ("expires_at" in action ? action.expires_at : undefined) ?? given.expires_at;
  const told = (...rows: readonly (readonly [string, string | null | undefined])[]) =>
    facts(
      [words.label.method, given.method],
      ...rows,
      [words.label.pay_before, expires && tongue.instant(expires)],
      [words.label.number, given.donation],
    );
  switch (action.type) {
    case "display_voucher":
      return [
        { type: "code", label: words.label.reference_number, text: action.reference },
        ...barcode(tongue, action),
        ...told([words.label.payee, action.payee]),
        paragraph(words.pay.exact),
        ...button(words.pay.button, given.url),
      ];
    case "display_qr":
      return [
        ...qr(tongue, action.payload, given.amount),
        { type: "code", label: words.label.copy_code, text: action.payload },
        ...told(),
        ...button(words.pay.button, given.url),
      ];
    case "display_bank_transfer": {
      // Part of it may have arrived.
      const rest = action.amount && !equals(action.amount, given.amount) ? action.amount : undefined;
      return [
        ...(action.qr_payload ? qr(tongue, action.qr_payload, rest ?? given.amount) : []),
        ...account(tongue, action),
        ...told(
          ...(["bic", "aba", "sort_code", "branch"] as const).map(
            (kind) => [words.label[kind], action[kind]] as const,
          ),
          [words.label.bank, action.bank],
          [words.label.beneficiary, action.beneficiary],
          [words.label.reference, action.reference],
          [words.label.amount, rest && tongue.money(rest)],
        ),
        paragraph(words.pay.exact),
        ...button(words.pay.button, given.url),
      ];
    }
    case "redirect":
    case "use_sdk":
    case "none":
      return [...told(), ...button(words.pay.button_now, given.url ?? tongue.manageUrl)];
    default:
      return exhaustive(action);
  }
}

type Voucher = Extract<PayAction, { type: "display_voucher" }>;

function barcode(tongue: Tongue, { barcode, barcode_format, reference }: Voucher): readonly Block[] {
  if (!barcode || !barcode_format) return [];
  const { png, width, height } = barcodePng({ format: barcode_format, text: barcode });
  const alt = tongue.fill(tongue.words.pay.barcode, { number: reference });
  return [{ type: "picture", cid: "barcode", png, alt, width, height }];
}

function qr(tongue: Tongue, payload: string, amount: Money): readonly Block[] {
  const alt = tongue.fill(tongue.words.pay.qr, { amount: tongue.money(amount) });
  return [{ type: "picture", cid: "qr", png: qrPng(payload).png, alt, width: 240, height: 240 }];
}

function account(
  tongue: Tongue,
  action: Extract<PayAction, { type: "display_bank_transfer" }>,
): readonly Block[] {
  return (["clabe", "account", "iban", "phone"] as const).flatMap((kind) => {
    const text = action[kind];
    if (text === undefined) return [];
    const parted = kind === "phone" ? {} : { groupsOf: kind === "clabe" ? 3 : 4 };
    return [{ type: "code", label: tongue.words.label[kind], text, ...parted }];
  });
}
