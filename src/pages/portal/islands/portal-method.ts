import { hideAbsentWallets } from "../../checkout/islands/absent-wallets.ts";

/** The page where a new way to pay is chosen: tells the server that script runs, so that fields can come into the page. */
for (const script of document.querySelectorAll<HTMLInputElement>("input[name=script]")) script.value = "1";
hideAbsentWallets(document);
document.querySelector<HTMLElement>("[data-focus]")?.focus();
