import type { ChurchSettings } from "../churches/church-settings.ts";
import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import type { MandateCadence } from "../gateway/mandate.ts";
import type { MethodType, Presentation } from "../gateway/methods.ts";
import type {
  ChurchId,
  DonationId,
  DonorId,
  FundId,
  GatewayAccountId,
  LegalEntityId,
  RecurringGiftId,
} from "../kernel/ids.ts";
import { add, type Money, subtract, zero } from "../kernel/money.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { chooseRoute, type Route } from "../routing/choose-route.ts";
import { moneyElsewhere } from "./attempt-history.ts";
import type { AttemptState } from "./attempt-state.ts";
import type { Gift } from "./gift.ts";
import { loadGift } from "./load-gift.ts";
import { type NextAttempt, startNextAttempt } from "./next-attempt.ts";
import { type GiftWords, openGift } from "./open-gift.ts";
import { coverOf, newGift, noRoute } from "./plan-gift.ts";
import { sharesFor } from "./shares-for.ts";
import { customerRefOf } from "./store.ts";

/** One period's gift of a standing promise, as it is to be collected. */
export type StandingOrder = {
  readonly churchId: ChurchId;
  readonly recurringGiftId: RecurringGiftId;
  readonly legalEntityId: LegalEntityId;
  readonly donorId: DonorId;
  readonly mode: "test" | "live";
  readonly country: string;
  readonly method: MethodType;
  readonly presentation: Presentation;
  readonly amount: Money;
  /** Each fund's share; in the same proportion where the amount is less than their sum. */
  readonly shares: readonly { readonly fundId: FundId; readonly amount: Money }[];
  readonly coverFees: boolean;
  readonly anonymous: boolean;
  readonly locale: string;
  readonly returnUrl: string | undefined;
  /** The permission it is pulled under; absent: any account that takes the method, and the donor acts. */
  readonly mandate:
    | {
        readonly accountId: GatewayAccountId;
        readonly cadence: MandateCadence;
        /** The most one charge may be, and what each must be where the rail fixed it. */
        readonly ceiling: Money | undefined;
        readonly fixed: Money | undefined;
      }
    | undefined;
};

/** What was decided before anything is written. */
export type StandingPlan = {
  readonly order: StandingOrder;
  readonly settings: ChurchSettings;
  readonly route: Route;
  readonly cover: Money;
};

/** By which account a period's gift is collected, and what is charged for it. Nothing is written. */
export async function planStanding(deps: Deps, order: StandingOrder): Promise<Result<StandingPlan, Problem>> {
  const settings = await deps.settings.read(order.churchId);
  const first = settings ? decide(deps, order, settings) : undefined;
  if (first?.ok) return first;
  const fresh = await deps.settings.readFresh(order.churchId);
  if (!fresh) return err({ code: "church_unknown", detail: "there is no such church" });
  return decide(deps, order, fresh);
}

function decide(deps: Deps, order: StandingOrder, settings: ChurchSettings): Result<StandingPlan, Problem> {
  const country = deps.countries.get(order.country);
  if (!country) return err({ code: "invalid_request", detail: `no country ${order.country} is served here` });
  const { mandate } = order;
  const accounts = settings.accounts.filter(
    (account) =>
      account.legalEntityId === order.legalEntityId && (!mandate || account.id === mandate.accountId),
  );
  const query = {
    country,
    method: order.method,
    mode: order.mode,
    accounts,
    manifests: deps.payments.manifests,
    ...(mandate ? { pulls: mandate.cadence } : { presentation: order.presentation }),
  };
  const chosen = chooseRoute({ ...query, amount: order.amount });
  const [route] = chosen.routes;
  const { locale, mode, country: code } = order;
  const asked = { method: { type: order.method }, locale, mode, country: code };
  if (!route) return err(noRoute(chosen.rejections, asked));
  const cover = coverWithin(order, route);
  // The limits hold for what is charged.
  const final = chooseRoute({ ...query, amount: add(order.amount, cover) });
  const [whole] = final.routes;
  return whole ? ok({ order, settings, route: whole, cover }) : err(noRoute(final.rejections, asked));
}

/** What is added for the fee: as fixed with the permission, and never more than was permitted. */
function coverWithin(order: StandingOrder, route: Route): Money {
  const { amount, mandate } = order;
  if (mandate?.fixed && mandate.fixed.minor >= amount.minor) return subtract(mandate.fixed, amount);
  const cover = coverOf(order, route);
  const tooMuch = mandate?.ceiling && add(amount, cover).minor > mandate.ceiling.minor;
  return tooMuch ? zero(amount.currency) : cover;
}

/** Transaction A of a period's first try, in the caller's: donation, shares and attempt. The caller holds the occurrence. */
export async function openStandingGift(
  deps: Pick<Deps, "vault">,
  tx: Tx,
  plan: StandingPlan,
  id: DonationId,
  words: GiftWords,
  now: Date,
): Promise<NextAttempt & { readonly deliveries: number }> {
  const { order, route, settings, cover } = plan;
  const shares = sharesFor(order.shares, order.amount, settings.funds);
  const gift = newGift(
    {
      ...order,
      cover,
      charged: add(order.amount, cover),
      shares,
      account: route.account,
      presentation: order.presentation,
    },
    id,
    now,
  );
  const deliveries = await openGift(deps, tx, gift, words);
  return { gift, customerRef: await rememberedAs(tx, gift, route), deliveries };
}

const rememberedAs = (tx: Tx, { donation, attempt }: Gift, { capability }: Pick<Route, "capability">) =>
  capability.remembersDonor
    ? customerRefOf(tx, donation.churchId, attempt.gatewayAccountId, donation.donorId)
    : Promise.resolve(undefined);

/** Ended without money, provably: only after these may a donation be tried again. */
const ended: ReadonlySet<AttemptState> = new Set(["declined", "refused", "voided", "expired"]);

/** A further try, or why there is none: `moving` may still bring its money, or a person must look. */
export type Further =
  | { readonly kind: "started"; readonly next: NextAttempt }
  | { readonly kind: "paid" | "moving"; readonly gift: Gift };

/**
 * Transaction A of another try of the same donation, under the lock of its current attempt. Money that is on its way,
 * or may be, or has come by any earlier attempt, leaves no room for one.
 */
export async function openFurtherAttempt(
  tx: Tx,
  church: ChurchId,
  donation: DonationId,
  plan: StandingPlan,
  now: Date,
): Promise<Further | undefined> {
  const gift = await loadGift(tx, church, { donationId: donation }, true);
  if (!gift) return undefined;
  if (gift.attempt.state === "captured") return { kind: "paid", gift };
  const { route, order } = plan;
  const elsewhere = gift.donation.legalEntityId !== route.account.legalEntityId;
  if (!ended.has(gift.attempt.state) || elsewhere || (await moneyElsewhere(tx, gift))) {
    return { kind: "moving", gift };
  }
  const way = { ...route, presentation: order.presentation, method: order.method };
  return { kind: "started", next: await startNextAttempt(tx, gift, way, now) };
}
