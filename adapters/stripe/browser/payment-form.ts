/**
 * Stripe's hosted fields on our page (docs.stripe.com: Payment Element, Express Checkout Element, confirmPayment).
 * Card and bank numbers are typed into Stripe's iframe and never reach this script.
 */
type StripeElement = {
  mount(target: HTMLElement): void;
  on(event: "ready" | "loaderror" | "confirm" | "change", listener: (event: object) => void): void;
};
type StripeElements = {
  create(type: "payment" | "expressCheckout", options?: object): StripeElement;
  submit(): Promise<{ error?: { message?: string } }>;
};
type Confirmed = { error?: { message?: string; type?: string } };
type StripeJs = {
  elements(options: object): StripeElements;
  confirmPayment(options: object): Promise<Confirmed>;
  /** The same where a means of payment is only saved. */
  confirmSetup(options: object): Promise<Confirmed>;
};
type StripeWindow = { Stripe?: (publishableKey: string, options?: object) => StripeJs };

const found = document.querySelector<HTMLFormElement>("form[data-sdk]");
if (found) load(found);

function load(form: HTMLFormElement): void {
  const script = document.createElement("script");
  script.src = form.dataset.sdk ?? "";
  script.onload = () => start(form);
  script.onerror = () => fail(form);
  if (form.dataset.sdk) document.head.append(script);
  else fail(form);
}

const part = (form: HTMLFormElement, name: string) => form.querySelector<HTMLElement>(`[data-sdk-${name}]`);

function fail(form: HTMLFormElement): void {
  part(form, "loading")?.setAttribute("hidden", "");
  say(form, form.dataset.failed ?? "");
}

function say(form: HTMLFormElement, text: string): void {
  const line = part(form, "error");
  if (!line) return;
  line.textContent = text;
  line.hidden = text === "";
}

function start(form: HTMLFormElement): void {
  const make = (window as StripeWindow).Stripe;
  const { clientToken, publishableKey, locale, method } = form.dataset;
  const button = part(form, "pay");
  const fields = part(form, "fields");
  const express = part(form, "express");
  if (!make || !fields || !express || !(button instanceof HTMLButtonElement) || !publishableKey) {
    fail(form);
    return;
  }
  const stripe = make(publishableKey, { locale: locale?.slice(0, 2) });
  const saving = clientToken?.startsWith("seti_") ?? false;
  const confirm = (options: object) =>
    saving ? stripe.confirmSetup(options) : stripe.confirmPayment(options);
  const style = getComputedStyle(document.documentElement);
  const elements = stripe.elements({
    clientSecret: clientToken,
    appearance: {
      variables: { colorPrimary: style.getPropertyValue("--brand").trim(), borderRadius: "9px" },
    },
  });
  const label = button.textContent;
  let paying = false;
  const pay = async (): Promise<void> => {
    if (paying) return;
    paying = true;
    button.disabled = true;
    button.textContent = form.dataset.paying ?? label;
    say(form, "");
    const checked = await elements.submit();
    const done: Confirmed = checked.error
      ? checked
      : await confirm({ elements, confirmParams: { return_url: form.dataset.return } });
    // Without an error Stripe is already taking the donor to the return address.
    if (!done.error) return;
    say(form, await reason(form, done.error));
    paying = false;
    button.disabled = false;
    button.textContent = label;
  };
  const wallets: Record<string, object> = {
    apple_pay: { applePay: "always", googlePay: "never", link: "never" },
    google_pay: { applePay: "never", googlePay: "always", link: "never" },
    link: { applePay: "never", googlePay: "never", link: "auto" },
  };
  const wallet = wallets[method ?? ""];
  if (wallet) {
    const buttons = elements.create("expressCheckout", { paymentMethods: wallet });
    buttons.on("confirm", () => void pay());
    buttons.mount(express);
  }
  const payment = elements.create("payment", { layout: "tabs" });
  payment.on("ready", () => {
    part(form, "loading")?.setAttribute("hidden", "");
    button.disabled = false;
  });
  payment.on("loaderror", () => fail(form));
  payment.mount(fields);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void pay();
  });
}

/** Our own sentence about a bank's no, in the donor's language; the library's own for a slip in the fields. */
async function reason(form: HTMLFormElement, error: { message?: string; type?: string }): Promise<string> {
  const given = error.message ?? form.dataset.check ?? "";
  if (error.type === "validation_error" || !form.dataset.decline) return given;
  try {
    const answer = await fetch(form.dataset.decline);
    const news = answer.ok ? ((await answer.json()) as { decline?: string | null }) : {};
    return news.decline ?? given;
  } catch {
    return given;
  }
}

export {};
