import type { CountryMethod, DonorFieldRule } from "../../src/gateway/country-profile.ts";
import { limits, sameName, text } from "../define.ts";
import { email, name, taxId } from "../fields.ts";
import { transfer } from "./banks.ts";
import { card, link, phoneWallets } from "./cards.ts";
import { paypal } from "./wallets.ts";

/*
 * What works from everywhere: wires and coins, after the country's own methods. Limits and times: facts: methods.
 */

/** A wire from anywhere, to the church's own account: confirmed from its bank statement. */
const wire = transfer({
  type: "wire",
  label: text(
    "Transferencia bancaria, también internacional",
    "Bank transfer, also from abroad",
    "Transferência bancária, também internacional",
  ),
  hint: text(
    "Te damos la cuenta de la iglesia y una referencia; desde otro país tarda de uno a cinco días hábiles y un banco intermediario puede descontar una comisión.",
    "You get the church's account and a reference; from abroad it takes one to five business days, and a bank on the way may take a fee.",
    "Você recebe a conta da igreja e uma referência; de outro país demora de um a cinco dias úteis e um banco intermediário pode descontar uma tarifa.",
  ),
  gateways: ["transfer"],
  confirms: "days",
});

const coin = (said: Pick<CountryMethod, "type" | "label" | "hint" | "confirms">): CountryMethod => ({
  ...said,
  kind: "crypto",
  gateways: ["btcpay"],
  presentations: ["hosted", "instructions"],
  donorFields: [email, name],
  recurs: "reminder",
});

/** What works from everywhere, after the country's own methods: wires and the church's own coin server. */
export const everywhere: readonly CountryMethod[] = [
  wire,
  coin({
    type: "bitcoin",
    label: sameName("Bitcoin"),
    hint: text(
      "Se confirma en la red en unos 10 a 60 minutos. El monto en bitcoin vale solo hasta que venza la ficha.",
      "The network confirms it in about 10 to 60 minutes. The amount in bitcoin holds only until the invoice expires.",
      "A rede confirma em cerca de 10 a 60 minutos. O valor em bitcoin vale só até a fatura vencer.",
    ),
    confirms: "hours",
  }),
  coin({
    type: "lightning",
    label: sameName("Bitcoin Lightning"),
    hint: text(
      "Escanea el código con tu billetera Lightning; llega en segundos.",
      "Scan the code with your Lightning wallet; it arrives in seconds.",
      "Escaneie o código com a sua carteira Lightning; chega em segundos.",
    ),
    confirms: "seconds",
  }),
];

/** Stablecoins settle to dollars at Stripe, for entities of the United States only (facts: methods §3.3). */
export const stablecoin: CountryMethod = {
  ...coin({
    type: "crypto_stablecoin",
    label: text("Moneda digital estable (USDC)", "Stablecoin (USDC)", "Moeda digital estável (USDC)"),
    hint: text(
      "Das desde tu billetera de monedas digitales; tu iglesia recibe dólares.",
      "You give from your coin wallet; your church receives dollars.",
      "Você doa da sua carteira de criptomoedas; a sua igreja recebe dólares.",
    ),
    confirms: "minutes",
  }),
  gateways: ["stripe"],
  ...limits("USD", 50n, 1_000_000n),
};

const payer: readonly DonorFieldRule[] = [email, name, taxId];

/** Where the dollar is the country's own money, Stripe and PayPal reach across the border (facts: methods §11). */
export const inDollars: readonly CountryMethod[] = [
  card(["stripe"], payer),
  ...phoneWallets(payer),
  paypal,
  link,
  ...everywhere,
];
