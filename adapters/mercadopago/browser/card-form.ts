/**
 * Mercado Pago's Secure Fields on our page (github.com/mercadopago/sdk-js: docs/fields.md, docs/core-methods.md). Card
 * number, date and code are typed into its frames; what comes out of them is a token, with which the form is sent.
 */
type Refusals = { errorMessages: readonly object[] };
type Field = {
  mount(container: string): Field;
  update(properties: object): Field;
  on(event: "ready" | "error", listener: () => void): Field;
  on(event: "validityChange", listener: (told: Refusals) => void): Field;
  on(event: "binChange", listener: (told: { bin: string | null }) => void): Field;
};
type Issuer = { id: string | number; name: string };
type PaymentMethod = {
  id: string;
  additional_info_needed: readonly string[];
  issuer: Issuer;
  settings: readonly { security_code: object; card_number: object }[];
};
type Library = {
  fields: {
    create(type: "cardNumber" | "expirationDate" | "securityCode", options: object): Field;
    createCardToken(holder: Record<string, string>): Promise<{ id: string } | undefined>;
  };
  getIdentificationTypes(): Promise<readonly { id: string; name: string }[]>;
  getPaymentMethods(asked: { bin: string }): Promise<{ results: readonly PaymentMethod[] }>;
  getIssuers(asked: { paymentMethodId: string; bin: string }): Promise<readonly Issuer[]>;
};
type LibraryWindow = { MercadoPago?: new (publicKey: string, options: object) => Library };

/** Frames that have not told that they are ready by then never will. */
const patienceMs = 20_000;
const locales = ["es-AR", "es-CL", "es-CO", "es-MX", "es-UY", "es-PE", "pt-BR", "en-US"];

function load(form: HTMLFormElement): void {
  const script = document.createElement("script");
  script.src = form.dataset.card ?? "";
  script.onload = () => start(form);
  script.onerror = () => fail(form);
  document.head.append(script);
}

const one = <T extends HTMLElement>(form: HTMLFormElement, selector: string) =>
  form.querySelector<T>(selector);

function fail(form: HTMLFormElement): void {
  one(form, "[data-loading]")?.setAttribute("hidden", "");
  say(form, form.dataset.failed ?? "");
}

function say(form: HTMLFormElement, text: string): void {
  const line = one(form, "[data-error]");
  if (!line) return;
  line.textContent = text;
  line.hidden = text === "";
}

function start(form: HTMLFormElement): void {
  const Made = (window as LibraryWindow).MercadoPago;
  const button = one<HTMLButtonElement>(form, "[data-pay]");
  const { publicKey, locale = "", country = "" } = form.dataset;
  if (!Made || !button || !publicKey) {
    fail(form);
    return;
  }
  const here = `es-${country.toUpperCase()}`;
  const library = new Made(publicKey, {
    locale:
      [locale, locale.startsWith("es") ? here : "pt-BR"].find((each) => locales.includes(each)) ?? "en-US",
    // Both would run scripts of the library's in our page, which its content security policy forbids.
    advancedFraudPrevention: false,
    trackingDisabled: true,
  });
  const card = mount(form, library, button);
  void askDocument(form, library);
  const label = button.textContent;
  const busy = (isBusy: boolean) => {
    button.disabled = isBusy;
    button.textContent = isBusy ? (form.dataset.paying ?? label) : label;
  };
  const pay = async (): Promise<void> => {
    busy(true);
    say(form, "");
    const token = await library.fields.createCardToken(holderIn(form)).catch(() => undefined);
    const method = await card.method;
    const sent = one<HTMLInputElement>(form, "[name=card_token]");
    if (token && method && sent) {
      const issuer = one<HTMLSelectElement>(form, "#card-issuer")?.value || String(method.issuer.id);
      sent.value = `${token.id}:${method.id}:${issuer}:challenge`;
      form.submit();
      return;
    }
    say(form, form.dataset.check ?? "");
    busy(false);
  };
  form.addEventListener("submit", (event) => {
    if (event.submitter instanceof HTMLButtonElement && event.submitter.name === "step") return;
    event.preventDefault();
    if (!button.disabled) void pay();
  });
  window.addEventListener("pageshow", (event) => event.persisted && busy(false));
}

/** The brand the number typed so far begins like, once the library has told. */
type Card = { method: Promise<PaymentMethod | undefined> };

/** Shows the frames, and follows which brand the number begins like. */
function mount(form: HTMLFormElement, library: Library, button: HTMLButtonElement): Card {
  const card: Card = { method: Promise.resolve(undefined) };
  const waiting = new Set(["card-number", "card-expires", "card-code"]);
  const patience = setTimeout(() => fail(form), patienceMs);
  const field = (
    type: Parameters<Library["fields"]["create"]>[0],
    id: string,
    placeholder: string,
  ): Field => {
    const place = one(form, `#${id}`);
    const made = library.fields.create(type, {
      placeholder,
      srLabel: place?.dataset.label,
      ariaRequired: true,
      style: { color: "#1d1b18", fontSize: "16px", height: "100%" },
      ...(type === "cardNumber" ? { enableLuhnValidation: true } : {}),
    });
    made.on("validityChange", ({ errorMessages }) =>
      place?.toggleAttribute("data-invalid", errorMessages.length > 0),
    );
    made.on("error", () => fail(form));
    made.on("ready", () => {
      waiting.delete(id);
      if (waiting.size > 0) return;
      clearTimeout(patience);
      one(form, "[data-loading]")?.setAttribute("hidden", "");
      say(form, "");
      button.disabled = false;
    });
    return made.mount(id);
  };
  const number = field("cardNumber", "card-number", "0000 0000 0000 0000");
  field("expirationDate", "card-expires", "11/30");
  const code = field("securityCode", "card-code", "123");
  let typed: string | null = null;
  const follow = async (bin: string): Promise<PaymentMethod | undefined> => {
    const { results } = await library.getPaymentMethods({ bin }).catch(() => ({ results: [] }));
    const [method] = results;
    const [settings] = method?.settings ?? [];
    if (!method || !settings) return method;
    number.update({ settings: settings.card_number });
    code.update({ settings: settings.security_code });
    if (method.additional_info_needed.includes("issuer_id")) {
      const issuers = await library.getIssuers({ paymentMethodId: method.id, bin }).catch(() => []);
      // Another number may have been typed meanwhile.
      if (typed === bin) showIssuers(form, issuers);
    }
    return method;
  };
  number.on("binChange", ({ bin }) => {
    typed = bin;
    showIssuers(form, []);
    card.method = bin ? follow(bin) : Promise.resolve(undefined);
  });
  return card;
}

/** Asked for only where several banks issue cards that begin alike. */
function showIssuers(form: HTMLFormElement, issuers: readonly Issuer[]): void {
  const select = one<HTMLSelectElement>(form, "#card-issuer");
  if (!select?.parentElement) return;
  select.replaceChildren(...issuers.map(({ id, name }) => new Option(name, String(id))));
  select.parentElement.hidden = issuers.length < 2;
}

const bare = (text: string) => text.replace(/[^0-9A-Za-z]/g, "").toUpperCase();

/** The holder's document, where the country has any (Mexico has none): the donor's own to begin with. */
async function askDocument(form: HTMLFormElement, library: Library): Promise<void> {
  const select = one<HTMLSelectElement>(form, "#card-document-type");
  const types = await library.getIdentificationTypes().catch(() => []);
  if (!select?.parentElement || types.length === 0) return;
  select.replaceChildren(...types.map(({ id, name }) => new Option(name, id)));
  const given = bare(one<HTMLInputElement>(form, "[name=tax_id_type]")?.value ?? "");
  const known = types.find(({ id }) => bare(id) === given);
  if (known) select.value = known.id;
  select.parentElement.hidden = false;
}

function holderIn(form: HTMLFormElement): Record<string, string> {
  const value = (id: string) => one<HTMLInputElement | HTMLSelectElement>(form, `#${id}`)?.value.trim() ?? "";
  const number = bare(value("card-document"));
  const type = value("card-document-type");
  return {
    cardholderName: value("card-holder"),
    ...(type && number ? { identificationType: type, identificationNumber: number } : {}),
  };
}

/**
 * The donor's bank asks in a frame, as Mercado Pago's pages describe: `creq` is posted into it, and it tells when the
 * question is over. What became of the payment follows a little later.
 */
function challenge(form: HTMLFormElement): void {
  const told = new URLSearchParams(form.dataset.clientToken);
  const fields = one(form, "[data-sdk-fields]");
  const frame = document.createElement("iframe");
  frame.name = "challenge";
  frame.title = document.title;
  frame.height = "500";
  fields?.append(frame);
  const question = document.createElement("form");
  const creq = Object.assign(document.createElement("input"), {
    type: "hidden",
    name: "creq",
    value: told.get("creq") ?? "",
  });
  Object.assign(question, {
    method: "post",
    action: told.get("url") ?? "",
    target: frame.name,
    hidden: true,
  });
  question.append(creq);
  document.body.append(question);
  one(form, "[data-sdk-loading]")?.setAttribute("hidden", "");
  one(form, "[data-sdk-pay]")?.setAttribute("hidden", "");
  // Whoever says so: all that follows is that the gift is asked about.
  window.addEventListener("message", ({ data }) => data?.status === "COMPLETE" && void settle(form));
  setTimeout(() => void settle(form), bankWaitsMs);
  question.submit();
}

/** "The user has about 5 minutes to complete it." */
const bankWaitsMs = 300_000;
const answersAwaited = 15;
const betweenMs = 2000;

/** Asks how the gift stands until it has moved on, then goes to its page. */
async function settle(form: HTMLFormElement): Promise<void> {
  say(form, "");
  for (let i = 0; i < answersAwaited; i++) {
    const answer = await fetch(form.dataset.decline ?? "").catch(() => undefined);
    const news = answer?.ok ? ((await answer.json()) as { status?: string }) : {};
    if (news.status && news.status !== "requires_action") break;
    await new Promise((resolve) => setTimeout(resolve, betweenMs));
  }
  location.assign(form.dataset.return ?? location.href);
}

const found = document.querySelector<HTMLFormElement>("form[data-card]");
if (found) load(found);
const asked = document.querySelector<HTMLFormElement>("form[data-sdk]");
if (asked) challenge(asked);

export {};
