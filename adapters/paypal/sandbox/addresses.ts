import { baseUrls } from "../client.ts";
import type { House } from "./scene.ts";

/** An address of PayPal's API, as links carry it. */
export const apiUrl = (path: string): string => `${baseUrls.sandbox}${path}`;

/** The donor's pages, under the simulator's own address instead of www.sandbox.paypal.com. */
export const donorPages = (house: Pick<House, "pagesUrl">) => ({
  approve: (orderId: string) => `${house.pagesUrl}/checkoutnow?token=${orderId}`,
  agree: (setupToken: string) => `${house.pagesUrl}/agreements/approve?approval_session_id=${setupToken}`,
});
