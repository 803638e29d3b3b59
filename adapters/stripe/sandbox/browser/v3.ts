/**
 * A stand-in for Stripe.js on the service's own address, in TEST MODE only: the few calls the checkout makes,
 * with the fields drawn in an iframe (`elements.ts`) that alone sees what is typed.
 */
type Listener = (event: object) => void;
type Answer = { error?: object; redirect?: string };

const base = "/sandbox/stripe";

class Field {
  readonly #listeners = new Map<string, Listener[]>();
  readonly #source: string;
  readonly #owner: Fields;
  readonly #height: number;

  constructor(owner: Fields, source: string, height: number) {
    this.#owner = owner;
    this.#source = source;
    this.#height = height;
  }

  on(event: string, listener: Listener): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    return this;
  }

  tell(event: string, detail: object): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(detail);
  }

  mount(target: HTMLElement | string): void {
    const place = typeof target === "string" ? document.querySelector(target) : target;
    const frame = document.createElement("iframe");
    frame.title = "Stripe (TEST MODE)";
    frame.height = String(this.#height);
    frame.src = this.#source;
    place?.append(frame);
    this.#owner.frames.set(frame, this);
  }
}

class Fields {
  readonly frames = new Map<HTMLIFrameElement, Field>();
  readonly #query: URLSearchParams;
  /** The frame that holds what the donor will pay with: the last one touched. */
  active: HTMLIFrameElement | undefined;

  constructor(query: URLSearchParams) {
    this.#query = query;
    window.addEventListener("message", (event) => this.#hear(event));
  }

  create(type: string, options: { paymentMethods?: Record<string, string> } = {}): Field {
    const query = new URLSearchParams(this.#query);
    query.set("show", type);
    const wallets = Object.entries(options.paymentMethods ?? {}).filter(([, wish]) => wish !== "never");
    if (type === "expressCheckout") query.set("wallets", wallets.map(([name]) => name).join(" "));
    return new Field(this, `${base}/elements?${query}`, type === "expressCheckout" ? 70 : 260);
  }

  async submit(): Promise<{ error?: object }> {
    return {};
  }

  #hear(event: MessageEvent): void {
    if (event.origin !== location.origin) return;
    const found = [...this.frames].find(([frame]) => frame.contentWindow === event.source);
    const message = event.data as { kind?: string; height?: number };
    if (!found) return;
    const [frame, element] = found;
    if (message.kind === "height" && message.height) frame.height = String(message.height);
    if (message.kind === "ready") element.tell("ready", {});
    if (message.kind === "loaderror") element.tell("loaderror", {});
    if (message.kind === "wallet") {
      this.active = frame;
      element.tell("confirm", {});
    }
  }

  ask(returnUrl: string): Promise<Answer> {
    const frame = this.active ?? [...this.frames.keys()].at(-1);
    this.active = undefined;
    return new Promise((resolve) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = (event) => resolve(event.data as Answer);
      frame?.contentWindow?.postMessage({ kind: "confirm", returnUrl }, location.origin, [channel.port2]);
    });
  }
}

const stripe = (publishableKey: string, options: { locale?: string } = {}) => ({
  elements: ({ clientSecret }: { clientSecret: string }) =>
    new Fields(
      new URLSearchParams({ key: publishableKey, secret: clientSecret, lang: options.locale ?? "en" }),
    ),
  confirmPayment: confirm,
  confirmSetup: confirm,
});

async function confirm(asked: { elements: Fields; confirmParams: { return_url: string } }) {
  const answer = await asked.elements.ask(asked.confirmParams.return_url);
  if (answer.error) return { error: answer.error };
  location.assign(answer.redirect ?? asked.confirmParams.return_url);
  // As with the real one: once the donor is on the way, this never answers.
  return new Promise(() => {});
}

(window as { Stripe?: typeof stripe }).Stripe = stripe;

export {};
