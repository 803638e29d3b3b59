import { getLegalEntity } from "../../churches/legal-entities.ts";
import type { Deps } from "../../deps.ts";
import type { DonationView } from "../../giving/donation-view.ts";
import { givenNameOf } from "../../giving/read-donation.ts";
import { amountText, dateText, instantText } from "../../kernel/format.ts";
import { equals, isPositive } from "../../kernel/money.ts";
import { type Acknowledgment, acknowledgmentPdf } from "../../receipts/acknowledgment.ts";
import type { FoundChurch } from "./find-church.ts";
import type { Visit } from "./page-visit.ts";

/** Gathers what the acknowledgment of one received gift says, in the visitor's language, and prints it. */
export async function acknowledgmentFor(
  deps: Pick<Deps, "db" | "vault" | "clock" | "settings">,
  { church, country, view }: FoundChurch & { readonly view: DonationView },
  visit: Visit,
): Promise<Uint8Array<ArrayBuffer>> {
  const [entity, settings, name] = await Promise.all([
    getLegalEntity(deps.db, church.id, view.legalEntityId),
    deps.settings.read(church.id),
    givenNameOf(deps, church.id, view.id),
  ]);
  const { t } = visit.frame;
  const said = (amount: DonationView["amount"]) => amountText(amount, visit.locale);
  const fundName = (code: string) => settings?.funds.find((fund) => fund.code === code)?.name ?? code;
  const funds = view.allocations.map((part) =>
    view.allocations.length > 1 ? `${fundName(part.fund)}: ${said(part.amount)}` : fundName(part.fund),
  );
  const document = country.entityDocument;
  const now = deps.clock.now();
  const rows: Acknowledgment["rows"] = [
    [t("receipt.organisation"), [entity?.name ?? church.name, entity?.address].filter(Boolean).join("\n")],
    ...(entity?.taxId
      ? [
          [
            `${t("receipt.tax_id")} (${document.label[visit.language]})`,
            document.format(entity.taxId),
          ] as const,
        ]
      : []),
    [t("receipt.donor"), name ?? t("receipt.anonymous")],
    [t("receipt.amount"), said(view.amount)],
    ...(isPositive(view.feeCover) ? [[t("receipt.cover"), said(view.feeCover)] as const] : []),
    [t("receipt.date"), dateText(view.capturedAt ?? view.createdAt, visit.locale, church.timeZone)],
    [t("receipt.funds"), funds.join("\n")],
    [
      t("receipt.method"),
      country.methods.find((method) => method.type === view.method)?.label[visit.language] ?? view.method,
    ],
    [t("receipt.gift"), view.id],
    ...(isPositive(view.refunded) ? [[t("receipt.refunded"), said(view.refunded)] as const] : []),
  ];
  return acknowledgmentPdf({
    language: visit.locale,
    church: church.name,
    title: country.acknowledgment.title[visit.language],
    amount: said(view.amount),
    rows,
    statements: [
      ...(equals(view.refunded, view.charged) ? [t("receipt.refunded_all")] : []),
      country.acknowledgment.statement[visit.language],
    ],
    testMark: view.mode === "test" ? t("receipt.test") : undefined,
    issued: t("receipt.issued", { date: instantText(now, visit.locale, church.timeZone) }),
    issuedAt: now,
    subject: t("receipt.subject"),
  });
}
