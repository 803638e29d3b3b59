/**
 * Inside the stand-in's iframe: the fields where Stripe's test numbers are typed. They go to the simulator with
 * the publishable key and the client secret, as Stripe.js would send them, and nowhere else.
 */
type Intent = {
  id: string;
  status: string;
  next_action: {
    type: string;
    use_stripe_sdk?: { stripe_js?: string };
    redirect_to_url?: { url?: string };
  } | null;
};
type ApiError = { type?: string; code?: string; message?: string };

const query = new URLSearchParams(location.search);
const secret = query.get("secret") ?? "";
const key = query.get("key") ?? "";
const intentId = secret.split("_secret_")[0] ?? "";
const form = document.querySelector("form");
const tell = (message: object) => parent.postMessage(message, location.origin);
const value = (name: string) => form?.querySelector<HTMLInputElement>(`[name=${name}]`)?.value.trim() ?? "";
let wallet: string | undefined;

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-wallet]")) {
  button.addEventListener("click", () => {
    wallet = button.dataset.wallet;
    tell({ kind: "wallet" });
  });
}
for (const button of document.querySelectorAll<HTMLButtonElement>("[data-fill]")) {
  button.addEventListener("click", () => {
    for (const [name, text] of Object.entries(
      JSON.parse(button.dataset.fill ?? "{}") as Record<string, string>,
    )) {
      const input = form?.querySelector<HTMLInputElement>(`[name=${name}]`);
      if (input) input.value = text;
    }
  });
}
form?.addEventListener("submit", (event) => event.preventDefault());

window.addEventListener("message", (event) => {
  if (event.origin !== location.origin || event.data?.kind !== "confirm") return;
  const [port] = event.ports;
  void confirm(String(event.data.returnUrl)).then((answer) => port?.postMessage(answer));
});

async function confirm(returnUrl: string): Promise<object> {
  const method = instrument();
  if (method instanceof Error) return { error: { type: "validation_error", message: method.message } };
  const body = new URLSearchParams({ client_secret: secret, return_url: returnUrl, ...method });
  const kind = intentId.startsWith("seti_") ? "setup_intents" : "payment_intents";
  const answer = await fetch(`/sandbox/stripe/v1/${kind}/${intentId}/confirm`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}` },
    body,
  });
  const told = (await answer.json()) as Intent & { error?: ApiError };
  if (told.error) return { error: told.error };
  const next = told.next_action?.use_stripe_sdk?.stripe_js ?? told.next_action?.redirect_to_url?.url;
  return next ? { redirect: `${next}?return_url=${encodeURIComponent(returnUrl)}` } : {};
}

/** The payment method in Stripe's form spelling, or what is missing. */
function instrument(): Record<string, string> | Error {
  const missing = form?.dataset.missing ?? "";
  const at = (name: string) => `payment_method_data[${name}]`;
  if (wallet === "link") return { [at("type")]: "link", [at("billing_details][email")]: "test@example.com" };
  if (wallet) return card("4242424242424242", "12", "40", "123", wallet);
  const name = value("holder");
  const kind = form?.dataset.kind ?? "card";
  if (kind !== "card") return account(kind, name, missing);
  const [month = "", year = ""] = value("expiry").split(/[/\s-]+/);
  if (!value("number") || !month || !year || !value("cvc")) return new Error(missing);
  return card(value("number").replace(/\D/g, ""), month, year.slice(-2), value("cvc"));
}

/** A debit's account or a telephone; what the page does not ask for is what Stripe's test accounts take. */
function account(kind: string, name: string, missing: string): Record<string, string> | Error {
  const at = (path: string) => `payment_method_data[${path}]`;
  const number = value("account");
  const who = { [at("type")]: kind, [at("billing_details][name")]: name };
  if (kind === "mb_way") {
    if (!number) return new Error(missing);
    return { [at("type")]: kind, [at("billing_details][phone")]: number };
  }
  if (!name || !number) return new Error(missing);
  if (kind === "us_bank_account") {
    const linked = form?.querySelector<HTMLInputElement>("[data-linked]")?.checked;
    const bank: Record<string, string> = linked
      ? { [at("us_bank_account][financial_connections_account")]: `fca_${number}` }
      : {
          [at("us_bank_account][account_number")]: number,
          [at("us_bank_account][routing_number")]: value("routing"),
          [at("us_bank_account][account_holder_type")]: "individual",
        };
    return { ...who, ...bank };
  }
  if (!value("email")) return new Error(missing);
  const donor = { ...who, [at("billing_details][email")]: value("email") };
  if (kind === "sepa_debit") return { ...donor, [at("sepa_debit][iban")]: number };
  if (kind === "acss_debit") {
    return {
      ...donor,
      [at("acss_debit][account_number")]: number,
      [at("acss_debit][institution_number")]: "000",
      [at("acss_debit][transit_number")]: "11000",
    };
  }
  return {
    ...donor,
    [at("billing_details][address][line1")]: "10 Test Street",
    [at("bacs_debit][account_number")]: number,
    [at("bacs_debit][sort_code")]: "108800",
  };
}

function card(
  number: string,
  month: string,
  year: string,
  cvc: string,
  wallet?: string,
): Record<string, string> {
  const at = (name: string) => `payment_method_data[card][${name}]`;
  return {
    "payment_method_data[type]": "card",
    [at("number")]: number,
    [at("exp_month")]: String(Number(month)),
    [at("exp_year")]: String(2000 + Number(year)),
    [at("cvc")]: cvc,
    ...(wallet ? { [at("wallet")]: wallet } : {}),
  };
}

const size = () => tell({ kind: "height", height: document.documentElement.scrollHeight });
new ResizeObserver(size).observe(document.body);
size();
tell({ kind: "ready" });

export {};
