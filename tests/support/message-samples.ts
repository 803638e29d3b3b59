import { countries } from "../../countries/index.ts";
import type { Params } from "../../src/messages/enqueue.ts";
import type { MessageKind } from "../../src/messages/kinds.ts";

/** A reader of each tongue we speak, with the church they give to. */
export const readers = {
  "es-MX": { country: "mx", church: "Iglesia Vida Nueva", donor: "María José Hernández", currency: "MXN" },
  "es-CO": { country: "co", church: "Comunidad El Camino", donor: "Andrés Restrepo", currency: "COP" },
  "es-AR": { country: "ar", church: "Iglesia del Encuentro", donor: "Lucía Fernández", currency: "ARS" },
  "pt-BR": { country: "br", church: "Igreja da Esperança", donor: "João Batista", currency: "BRL" },
  "en-US": { country: "us", church: "Grace Community Church", donor: "Emily Carter", currency: "USD" },
} as const;
export type Reader = keyof typeof readers;
export const readerTags = ["es-MX", "es-CO", "es-AR", "pt-BR", "en-US"] as const satisfies readonly Reader[];

export type Sample = { readonly kind: MessageKind; readonly name: string; readonly params: Params };

const frequency: Readonly<Record<Reader, readonly [string, string]>> = {
  "es-MX": ["cada mes, el primer domingo", "cada quincena, el día 15 y el último del mes"],
  "es-CO": ["cada mes, el primer domingo", "cada quincena, el día 15 y el último del mes"],
  "es-AR": ["cada mes, el primer domingo", "cada quincena, el día 15 y el último del mes"],
  "pt-BR": ["todo mês, no primeiro domingo", "duas vezes por mês, no dia 15 e no último dia"],
  "en-US": ["every month, on the first Sunday", "twice a month, on the 15th and the last day"],
};

const voucherMethod = { mx: "oxxo", co: "efecty", ar: "rapipago", br: "boleto", us: "card" } as const;
const funds: Readonly<Record<string, readonly [string, string]>> = {
  es: ["Diezmo", "Misiones"],
  pt: ["Dízimo", "Missões"],
  en: ["Tithe", "Missions"],
};
const url = "https://give.example.org/give/vida-nueva/gifts/don_01JD2Q8Z7K?t=Q2xhdmU&lang=es";
const pix =
  "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***63041D3D";

/** Each kind, and each face it has, with everything it can show. */
export function samplesFor(reader: Reader): readonly Sample[] {
  const { country, currency } = readers[reader];
  // A gift of the size people give there: pesos of Colombia and Argentina are small.
  const money = (amount: number) => ({
    amount: currency === "COP" || currency === "ARS" ? amount * 100 : amount,
    currency,
  });
  const [tithe = "", missions = ""] = funds[reader.slice(0, 2)] ?? [];
  const [monthly, quincena] = frequency[reader];
  const voucher = {
    type: "display_voucher",
    reference:
      country === "br" ? "23793.38128 60083.013528 56000.063307 7 89840000050000" : "9300 0262 2806 78",
    barcode: country === "br" ? "23797898400000500003381260083013525600006330" : "93000262280678",
    barcode_format: country === "br" ? "itf" : "code128",
    payee: country === "co" ? "113760" : null,
    expires_at: "2026-12-06T05:59:00.000Z",
  };
  const transfer = {
    type: "display_bank_transfer",
    clabe: "646180110400000007",
    bank: "STP",
    beneficiary: readers[reader].church,
    reference: "7183920",
    amount: money(50_000),
    expires_at: null,
  };
  const nextDates = ["2026-12-06", "2027-01-03", "2027-02-07", "2027-03-07"];
  const display = "Visa •••• 4242";
  const reminder = {
    recurring_gift: "rcg_01JD2Q8Z7K",
    occurrence: "occ_01JD2Q8Z7K",
    donation: "don_01JD2Q8Z7K",
    amount: money(50_000),
    due_on: "2026-12-06",
    method: voucherMethod[country],
    action: voucher,
    url,
    expires_at: "2026-12-09T05:59:00.000Z",
  };
  const failed = { amount: money(50_000), due_on: "2026-12-06", url };
  const sample = (kind: MessageKind, params: Params, name: string = kind): Sample => ({ kind, name, params });
  return [
    sample("thank_you", {
      donation: "don_01JD2Q8Z7K",
      amount: money(50_000),
      funds: [
        { name: tithe, amount: money(30_000) },
        { name: missions, amount: money(20_000) },
      ],
      recurring_gift: "rcg_01JD2Q8Z7K",
      next_due_on: "2026-12-06",
      url,
    }),
    sample("voucher_waiting", {
      donation: "don_01JD2Q8Z7K",
      amount: money(50_000),
      method: voucherMethod[country],
      action: voucher,
      url,
      expires_at: "2026-12-06T05:59:00.000Z",
    }),
    sample(
      "voucher_waiting",
      { amount: money(50_000), method: "spei", action: transfer, url, expires_at: null },
      "voucher_waiting-transfer",
    ),
    sample(
      "voucher_waiting",
      {
        amount: money(50_000),
        method: "pix",
        action: { type: "display_qr", payload: pix, copy_code: pix, expires_at: "2026-12-06T05:59:00.000Z" },
        url,
      },
      "voucher_waiting-qr",
    ),
    sample("reminder", reminder),
    sample("reminder", { ...reminder, action: { type: "redirect", url } }, "reminder-link"),
    sample("reminder_nudge", { ...reminder, days_left: 1 }, "reminder_nudge-ahead"),
    sample("reminder_nudge", { ...reminder, days_left: -2 }, "reminder_nudge-behind"),
    sample("upcoming_charge", {
      amount: money(60_000),
      previous_amount: money(50_000),
      due_on: "2026-12-06",
      display,
      why: "amount_changed",
    }),
    sample(
      "upcoming_charge",
      { amount: money(60_000), due_on: "2026-12-06", display, why: "yearly" },
      "upcoming_charge-yearly",
    ),
    sample("payment_failed", { ...failed, reason: "card_expired", ask: "new_method", until: "2026-12-13" }),
    sample(
      "payment_failed",
      { ...failed, reason: "insufficient_funds", next_try_on: "2026-12-08", ask: "none" },
      "payment_failed-next-try",
    ),
    sample(
      "payment_failed",
      { ...failed, reason: "call_issuer", next_try_on: "2026-12-08", ask: "new_method" },
      "payment_failed-either",
    ),
    sample(
      "payment_failed",
      { ...failed, reason: "authentication_required", ask: "authenticate" },
      "payment_failed-authenticate",
    ),
    sample("payment_failed", { ...failed, reason: "expired", ask: "none" }, "payment_failed-no-more"),
    sample("card_expiring", { display, expires_on: "2026-12", days: 30, gifts: 1 }),
    sample("card_expiring", { display, expires_on: "2026-12", days: 7, gifts: 3 }, "card_expiring-last"),
    ...(["donor", "bank", "church", "gateway"] as const).map((by) =>
      sample("mandate_ended", { by, display, method: "card", amount: money(50_000) }, `mandate_ended-${by}`),
    ),
    sample("recurring_started", {
      amount: money(50_000),
      frequency_text: monthly,
      collection: "automatic",
      next_dates: nextDates,
      display,
      agreement_text: null,
    }),
    sample(
      "recurring_started",
      { amount: money(50_000), frequency_text: quincena, collection: "reminder", next_dates: nextDates },
      "recurring_started-reminder",
    ),
    ...(["donor", "church"] as const).map((by) =>
      sample(
        "recurring_changed",
        {
          before: {
            amount: money(50_000),
            frequency_text: monthly,
            method: "card",
            display,
            funds: [{ name: tithe, amount: money(50_000) }],
          },
          after: {
            amount: money(60_000),
            frequency_text: quincena,
            method: "card",
            display: "Mastercard •••• 5100",
            funds: [
              { name: tithe, amount: money(40_000) },
              { name: missions, amount: money(20_000) },
            ],
          },
          next_dates: nextDates,
          by,
        },
        `recurring_changed-${by}`,
      ),
    ),
    sample("recurring_paused", { resumes_on: "2027-03-07" }),
    sample("recurring_resuming", { resumes_on: "2027-03-07", amount: money(50_000) }),
    sample("recurring_ending", { due_on: "2027-03-07", amount: money(50_000) }),
    sample("recurring_canceled", { by: "donor", reason: null }, "recurring_canceled-donor"),
    sample("recurring_canceled", { by: "church", reason: null }, "recurring_canceled-church"),
    sample("recurring_canceled", { by: "job" }, "recurring_canceled-other"),
    sample("recurring_dormant", { amount: money(50_000), restart_url: url }),
    sample("receipt_ready", { url, amount: money(50_000) }),
    sample("refund_to_claim", { donation: "don_01JD2Q8Z7K", amount: money(50_000), url }),
    sample("dispute", {
      donation: "don_01JD2Q8Z7K",
      amount: money(50_000),
      reason: "fraudulent",
      due_at: "2026-12-06T05:59:00.000Z",
    }),
    sample("portal_link", { url: `${url}&enter=1`, expires_at: "2026-12-06T05:59:00.000Z" }),
  ];
}

/** The reader's side of a message: who gives to whom, and where. */
export function sceneOf(reader: Reader) {
  const { country, church, donor } = readers[reader];
  const profile = countries.get(country);
  return {
    locale: reader,
    church: {
      name: church,
      timeZone: profile?.timeZone ?? "UTC",
      brand: { color: "#c2410c", logoUrl: undefined },
    },
    profile,
    donor: { name: donor },
    manageUrl: "https://give.example.org/portal/vida-nueva",
  };
}
