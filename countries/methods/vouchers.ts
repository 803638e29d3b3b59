import type { CountryMethod, DonorFieldRule } from "../../src/gateway/country-profile.ts";
import { text } from "../define.ts";
import { emailForVoucher, nameOnVoucher, taxIdForGateway } from "../fields.ts";

/*
 * Slips the donor pays in cash somewhere. Limits and times: facts: methods.
 */

type Voucher = Pick<CountryMethod, "type" | "label" | "hint" | "gateways" | "confirms"> &
  Partial<Pick<CountryMethod, "minimum" | "maximum">>;

/** What Mercado Pago and its like want to know of who pays a slip. */
export const cashVoucherFields = [nameOnVoucher, emailForVoucher, taxIdForGateway];

/** A slip the donor pays in cash somewhere. It cannot pull: a standing promise sends a new slip each time. */
export const voucher = (
  said: Voucher,
  donorFields: readonly DonorFieldRule[] = [nameOnVoucher, emailForVoucher],
): CountryMethod => ({
  kind: "voucher",
  ...said,
  presentations: ["instructions"],
  donorFields,
  recurs: "reminder",
});

/** A slip paid in cash at the tills of a network; `at` says where they are, when the brand alone does not. */
export const cashAt = (
  type: CountryMethod["type"],
  brand: string,
  gateways: CountryMethod["gateways"],
  donorFields: readonly DonorFieldRule[],
  at = text(`cualquier punto ${brand}`, `any ${brand} point`, `qualquer ponto ${brand}`),
): CountryMethod =>
  voucher(
    {
      type,
      label: text(`Efectivo en ${brand}`, `Cash at ${brand}`, `Dinheiro na rede ${brand}`),
      hint: text(
        `Te damos una ficha para pagar en efectivo en ${at.es}; suele acreditarse el mismo día o al siguiente día hábil.`,
        `You get a voucher to pay in cash at ${at.en}; it usually counts the same day or the next business day.`,
        `Você recebe uma guia para pagar em dinheiro em ${at.pt}; costuma ser confirmada no mesmo dia ou no próximo dia útil.`,
      ),
      gateways,
      confirms: "next_business_day",
    },
    donorFields,
  );
