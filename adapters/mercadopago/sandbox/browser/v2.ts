/**
 * A stand-in for MercadoPago.js v2 on the service's own address, in TEST MODE only: the calls our page makes, with
 * each field drawn in an iframe (`field.ts`). The frames make the token among themselves, as the real ones do.
 */
type Listener = (told: object) => void;
type Told = { kind?: string; event?: string; detail?: object };

const base = "/sandbox/mercadopago";

class Field {
  readonly #listeners = new Map<string, Listener[]>();
  readonly #source: string;
  readonly #type: string;
  frame: HTMLIFrameElement | undefined;

  constructor(type: string, source: string) {
    this.#type = type;
    this.#source = source;
    window.addEventListener("message", (message) => this.#hear(message));
  }

  on(event: string, listener: Listener): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    return this;
  }

  mount(container: string): this {
    const frame = document.createElement("iframe");
    frame.name = this.#type;
    frame.title = `${this.#type} (TEST MODE)`;
    frame.src = this.#source;
    document.getElementById(container)?.append(frame);
    this.frame = frame;
    return this;
  }

  update(properties: object): this {
    this.frame?.contentWindow?.postMessage({ kind: "update", properties }, location.origin);
    return this;
  }

  #hear({ origin, source, data }: MessageEvent<Told>): void {
    if (origin !== location.origin || source !== this.frame?.contentWindow || data.kind !== "event") return;
    const told = { field: this.#type, ...data.detail };
    for (const listener of this.#listeners.get(data.event ?? "") ?? []) listener(told);
  }
}

class MercadoPago {
  readonly #key: string;
  readonly #fields = new Map<string, Field>();
  readonly fields: object;

  constructor(publicKey: string) {
    if (!publicKey) throw new Error("public_key is required");
    this.#key = publicKey;
    this.fields = {
      create: (type: string, options: { placeholder?: string; srLabel?: string } = {}) => {
        const query = new URLSearchParams({
          type,
          key: publicKey,
          placeholder: options.placeholder ?? "",
          label: options.srLabel ?? type,
        });
        const field = new Field(type, `${base}/field?${query}`);
        this.#fields.set(type, field);
        return field;
      },
      createCardToken: (holder: object) => this.#token(holder),
    };
  }

  getIdentificationTypes = () => this.#ask("identification_types", {});
  getPaymentMethods = ({ bin }: { bin: string }) => this.#ask("payment_methods/search", { bins: bin });
  getIssuers = ({ paymentMethodId, bin }: { paymentMethodId: string; bin: string }) =>
    this.#ask("payment_methods/card_issuers", { payment_method_id: paymentMethodId, bin });
  getInstallments = ({ amount, bin }: { amount: string; bin: string }) =>
    this.#ask("payment_methods/installments", { amount, bin });

  async #ask(path: string, asked: Record<string, string>): Promise<unknown> {
    const query = new URLSearchParams({ ...asked, public_key: this.#key });
    const answer = await fetch(`${base}/v1/${path}?${query}`);
    const told: unknown = await answer.json();
    if (!answer.ok) throw told;
    return told;
  }

  /** As the real ones: what is wrong with a field is said before anything is asked. */
  async #token(holder: object): Promise<unknown> {
    const checks = [...this.#fields.values()].map((field) =>
      ask<readonly object[]>(field, { kind: "check" }),
    );
    const wrong = (await Promise.all(checks)).flat();
    if (wrong.length > 0) throw wrong;
    const number = this.#fields.get("cardNumber");
    const answer =
      number && (await ask<{ token?: object; errors?: object }>(number, { kind: "token", holder }));
    if (!answer?.token) throw answer?.errors;
    return answer.token;
  }
}

/** Asks a frame, and waits for what it says. */
function ask<T>(field: Field, question: object): Promise<T> {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = ({ data }) => resolve(data as T);
    field.frame?.contentWindow?.postMessage(question, location.origin, [channel.port2]);
  });
}

Object.assign(window, { MercadoPago });

export {};
