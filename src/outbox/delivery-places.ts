import type { ChurchId, DeliveryId } from "../kernel/ids.ts";
import type { DueDelivery } from "./delivery-store.ts";

/** Deliveries under way at once, in all and for one church. */
export type PlaceBounds = { readonly total: number; readonly perChurch: number };

/** Who is being sent to now; keeps both bounds. */
export type DeliveryPlaces = {
  /** Whether this delivery could start now. */
  free(due: DueDelivery): boolean;
  holds(id: DeliveryId): boolean;
  taken(): number;
  /** Holds a place until `work` settles. */
  take(due: DueDelivery, work: Promise<void>): void;
  /** Settles when a place becomes free, or after `lookAgainMs` milliseconds. */
  oneIsFree(lookAgainMs: number): Promise<void>;
};

export function deliveryPlaces(bounds: PlaceBounds): DeliveryPlaces {
  const underWay = new Map<DeliveryId, Promise<void>>();
  const byChurch = new Map<ChurchId, number>();
  const ofChurch = (church: ChurchId): number => byChurch.get(church) ?? 0;
  return {
    free: (due) => underWay.size < bounds.total && ofChurch(due.church) < bounds.perChurch,
    holds: (id) => underWay.has(id),
    taken: () => underWay.size,
    take(due, work) {
      byChurch.set(due.church, ofChurch(due.church) + 1);
      const freed = work.finally(() => {
        underWay.delete(due.id);
        byChurch.set(due.church, ofChurch(due.church) - 1);
      });
      underWay.set(due.id, freed);
    },
    async oneIsFree(lookAgainMs) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const pause = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, lookAgainMs);
      });
      await Promise.race([...underWay.values(), pause]).finally(() => clearTimeout(timer));
    },
  };
}
