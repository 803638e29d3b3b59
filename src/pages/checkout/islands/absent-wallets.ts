/** A wallet this device does not have is not offered. */
export function hideAbsentWallets(within: ParentNode): void {
  const apple = (window as { ApplePaySession?: { canMakePayments(): boolean } }).ApplePaySession;
  const here: Record<string, boolean> = {
    apple_pay: apple?.canMakePayments() ?? false,
    google_pay: !apple && "PaymentRequest" in window,
  };
  for (const choice of within.querySelectorAll<HTMLElement>("[data-wallet]")) {
    if (here[choice.dataset.wallet ?? ""] !== false) continue;
    choice.hidden = true;
    const input = choice.querySelector<HTMLInputElement>("input[name=method]");
    if (input?.checked) within.querySelector<HTMLInputElement>("input[name=method]:not([hidden])")?.click();
  }
}
