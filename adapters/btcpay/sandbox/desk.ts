import type { Localized } from "../../../src/gateway/country-profile.ts";
import type {
  DeskAction,
  DeskField,
  DeskPayment,
  DeskPress,
  SandboxDesk,
} from "../../../src/gateway/sandbox-desk.ts";
import { present } from "../../../src/kernel/assert.ts";
import { isCurrency } from "../../../src/kernel/currency.ts";
import { type Money, money } from "../../../src/kernel/money.ts";
import { err, ok, type Result } from "../../../src/kernel/result.ts";
import { coinText, priceInSats, worthOfSats } from "./coins.ts";
import type { BtcpayControl } from "./control.ts";
import {
  type InvoiceDocument,
  invoiceNamed,
  invoicesUnder,
  type PullDocument,
  pullsUnder,
} from "./documents.ts";
import type { TravelMode } from "./events.ts";
import type { House } from "./house.ts";
import { dueSats } from "./invoices.ts";

/** The wallet's, the chain's and the treasurer's side of BTCPay, for `/sandbox`. */
export function btcpayDesk(house: House, control: BtcpayControl): SandboxDesk {
  return {
    name: "BTCPay Server",
    payments: async () => {
      const invoices = await invoicesUnder(house.store, "all", 60);
      return Promise.all(invoices.map(async (one) => shown(one, await pullsUnder(house.store, one.id))));
    },
    play: async (press) => {
      const invoice = await invoiceNamed(house.store, press.payment);
      if (!invoice) return err("There is no such payment.");
      const done = await play(control, invoice, press);
      await control.flush();
      return done.ok ? ok(undefined) : done;
    },
    delivery: {
      modes: travel.map(([id, label]) => ({ id, label })),
      choose: async (id) => {
        const mode = travel.find(([known]) => known === id)?.[0];
        if (mode) await control.deliverWebhooks(mode);
        await control.flush();
      },
      deliverNow: async () => {
        await control.deliverWebhooks("normal");
        await control.flush();
      },
    },
  };
}

const travel: readonly (readonly [TravelMode, Localized])[] = [
  ["normal", { es: "normales", en: "normal", pt: "normais" }],
  ["duplicated", { es: "tres veces cada uno", en: "three times each", pt: "três vezes cada um" }],
  ["late", { es: "retenidos", en: "held back", pt: "retidos" }],
  [
    "out_of_order",
    { es: "del más nuevo al más viejo", en: "newest first", pt: "do mais novo ao mais antigo" },
  ],
  ["lost", { es: "perdidos", en: "lost", pt: "perdidos" }],
];

async function play(
  control: BtcpayControl,
  invoice: InvoiceDocument,
  { action, fields }: DeskPress,
): Promise<Result<unknown, string>> {
  const [name, pull = ""] = action.split(".");
  switch (name) {
    case "pay":
      return control.pay(invoice.id);
    case "pay_other":
      return control.pay(invoice.id, satsFor(invoice, fields.amount));
    case "confirm":
      return control.confirm(invoice.id);
    case "take_back":
      return control.takeBack(invoice.id);
    case "never_confirm":
      return control.neverConfirm(invoice.id);
    case "expire":
      return control.expire(invoice.id);
    case "claim":
      return control.claim(pull);
    case "pay_out":
      return control.payOut(pull);
    case "archive":
      return control.archive(pull);
    default:
      return err("The wallet knows no such button.");
  }
}

/** An amount of the gift's currency, as a wallet would convert it. */
function satsFor(invoice: InvoiceDocument, text: string | undefined): bigint {
  if (!/^\d{1,15}$/.test(text ?? "")) return 0n;
  return priceInSats(money(BigInt(text ?? "0"), currencyOf(invoice)), BigInt(invoice.rate));
}

const currencyOf = ({ currency }: InvoiceDocument) =>
  present(isCurrency(currency) ? currency : undefined, "an invoice has a currency");

function shown(invoice: InvoiceDocument, pulls: readonly PullDocument[]): DeskPayment {
  const donation = invoice.metadata.donationId;
  const prompt = invoice.prompts[0];
  return {
    id: invoice.id,
    amount: money(BigInt(invoice.minor), currencyOf(invoice)),
    method: prompt?.method ?? "BTC",
    status: [
      `${invoice.status}/${invoice.additionalStatus}`,
      ...pulls.map((pull) => `refund ${pull.archived ? "archived" : (pull.payouts.at(-1)?.state ?? "open")}`),
    ].join(" · "),
    donation: typeof donation === "string" ? donation : undefined,
    createdAt: new Date(invoice.createdTime * 1000),
    facts: [
      { label: { es: "Dirección", en: "Address", pt: "Endereço" }, value: prompt?.destination ?? "" },
      { label: { es: "Falta (BTC)", en: "Due (BTC)", pt: "Falta (BTC)" }, value: coinText(dueSats(invoice)) },
      ...invoice.payments.map(({ id, sats, status }) => ({
        label: { es: "Pago", en: "Payment", pt: "Pagamento" },
        value: `${coinText(BigInt(sats))} BTC ${status} ${id}`,
      })),
    ],
    actions: [...coins(invoice), ...pulls.flatMap(refunds)],
  };
}

const button = (id: string, es: string, en: string, pt: string, field?: DeskField): DeskAction => ({
  id,
  label: { es, en, pt },
  ...(field ? { field } : {}),
});

function coins(invoice: InvoiceDocument): readonly DeskAction[] {
  const lightning = invoice.prompts[0]?.method === "BTC-LN";
  const open = invoice.status === "New";
  const unconfirmed = invoice.payments.some(({ status }) => status === "Processing");
  const payable = lightning ? open : dueSats(invoice) > 0n;
  return [
    ...(payable
      ? [
          open
            ? button("pay", "Pagar lo que falta", "Pay what is due", "Pagar o que falta")
            : button("pay", "Pagar tarde", "Pay late", "Pagar atrasado"),
        ]
      : []),
    ...(lightning
      ? []
      : [
          button(
            "pay_other",
            "Enviar otra cantidad",
            "Send another amount",
            "Enviar outro valor",
            other(invoice),
          ),
        ]),
    ...(unconfirmed
      ? [
          button("confirm", "Confirmar en la cadena", "Confirm on the chain", "Confirmar na rede"),
          button(
            "take_back",
            "Reemplazar la transacción",
            "Replace the transaction",
            "Substituir a transação",
          ),
          button("never_confirm", "Nunca confirmar", "Never confirm", "Nunca confirmar"),
        ]
      : []),
    ...(open ? [button("expire", "Dejar vencer", "Let it expire", "Deixar vencer")] : []),
  ];
}

/** Half of the price: the short payment most visitors will want to try. */
function other(invoice: InvoiceDocument): DeskField {
  const half: Money = worthOfSats(BigInt(invoice.dueSats) / 2n, BigInt(invoice.rate), currencyOf(invoice));
  return { kind: "amount", label: { es: "Cantidad", en: "Amount", pt: "Valor" }, value: half };
}

function refunds(pull: PullDocument): readonly DeskAction[] {
  if (pull.archived) return [];
  const live = pull.payouts.filter(({ state }) => state !== "Cancelled");
  return [
    ...(live.length === 0
      ? [button(`claim.${pull.id}`, "Reclamar la devolución", "Claim the refund", "Resgatar a devolução")]
      : []),
    ...(live.some(({ state }) => state === "AwaitingApproval")
      ? [button(`pay_out.${pull.id}`, "Aprobar y pagar", "Approve and pay", "Aprovar e pagar")]
      : []),
    button(`archive.${pull.id}`, "Cerrar la devolución", "Close the refund", "Encerrar a devolução"),
  ];
}
