import { hideAbsentWallets } from "./absent-wallets.ts";

/**
 * Makes the giving form pleasant where there is script; everything it does the server also does without it. All
 * sentences and sums come from the server: there is no arithmetic with money in the browser.
 */
type Quote = {
  submit: string;
  cover: string;
  split: string;
  outside: string[];
  recurs: Record<string, string>;
};

function start(form: HTMLFormElement): void {
  const one = <T extends HTMLElement>(selector: string) => form.querySelector<T>(selector);
  const button = one<HTMLButtonElement>("[data-submit]");
  const typed = one<HTMLInputElement>("#amount-typed");
  const other = one<HTMLInputElement>("#amount-other");
  const label = button?.textContent ?? "";
  let submitText = label;
  let sending = false;
  let wait: ReturnType<typeof setTimeout> | undefined;
  let asking: AbortController | undefined;

  const script = one<HTMLInputElement>("input[name=script]");
  if (script) script.value = "1";
  if (!form.dataset.testMode) hideAbsentWallets(form);
  restoreDonor(form);
  fitFields(form);

  typed?.addEventListener("input", () => {
    if (other && typed.value !== "") other.checked = true;
  });
  form.addEventListener("change", (event) => {
    const target = event.target;
    if (!(target instanceof HTMLInputElement)) return;
    if (target.name === "amount" && typed) {
      if (target.value === "other") typed.focus();
      else typed.value = "";
    }
    if (target.name === "method") fitFields(form);
  });
  for (const kind of ["input", "change"]) {
    form.addEventListener(kind, (event) => {
      const name = event.target instanceof HTMLElement ? event.target.getAttribute("name") : null;
      if (!name || !/^(frequency|amount|amount_other|method|cover_fees|split|part_.*)$/.test(name)) return;
      clearTimeout(wait);
      wait = setTimeout(ask, kind === "input" ? 250 : 0);
    });
  }

  async function ask(): Promise<void> {
    asking?.abort();
    asking = new AbortController();
    const query = new URLSearchParams({ lang: document.documentElement.lang });
    for (const [name, value] of new FormData(form)) {
      if (/^(frequency|amount|amount_other|currency|method|cover_fees|split|part_.*)$/.test(name))
        query.append(name, String(value));
    }
    try {
      const answer = await fetch(`${form.dataset.quote}?${query}`, { signal: asking.signal });
      if (answer.ok) show((await answer.json()) as Quote);
    } catch {
      // Without an answer the form still works: the exact figures are on the next page.
    }
  }

  function show(quote: Quote): void {
    submitText = quote.submit;
    if (button && !sending) button.textContent = submitText;
    const cover = one("[data-cover]");
    if (cover && cover.textContent !== quote.cover) cover.textContent = quote.cover;
    const left = one("[data-split-left]");
    if (left && left.textContent !== quote.split) left.textContent = quote.split;
    for (const line of form.querySelectorAll<HTMLElement>("[data-outside]")) {
      line.hidden = !quote.outside.includes(line.dataset.outside ?? "");
    }
    showRecurring(form, quote);
  }

  form.addEventListener("submit", (event) => {
    if (sending) {
      event.preventDefault();
      return;
    }
    sending = true;
    keepDonor(form);
    if (!button) return;
    button.setAttribute("aria-disabled", "true");
    button.textContent = form.dataset.sending ?? submitText;
  });
  // Coming back with the browser's Back button: the form is alive again, with the same key.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted || !button) return;
    sending = false;
    button.removeAttribute("aria-disabled");
    button.textContent = submitText;
  });
  void ask();
}

/** Says beside each method what it does on each date of the frequency chosen. */
function showRecurring(form: HTMLFormElement, quote: Quote): void {
  for (const line of form.querySelectorAll<HTMLElement>("[data-recurs]")) {
    line.textContent = quote.recurs[line.dataset.recurs ?? ""] ?? form.dataset.onlyOnce ?? "";
  }
}

/** Shows what the chosen method asks for, and marks what it does not insist on. */
function fitFields(form: HTMLFormElement): void {
  const method = form.querySelector<HTMLInputElement>("input[name=method]:checked")?.value;
  if (!method) return;
  for (const field of form.querySelectorAll<HTMLElement>("[data-asked-by]")) {
    const asked = field.dataset.askedBy?.split(" ").includes(method) ?? false;
    const required = field.dataset.requiredBy?.split(" ").includes(method) ?? false;
    field.hidden = !asked;
    const mark = field.querySelector("[data-optional]");
    if (mark) mark.textContent = required ? "" : (form.dataset.optional ?? "");
    field.querySelector("input, select")?.setAttribute("aria-required", String(required));
  }
}

const donorFields = [
  ...["name", "email", "phone", "tax_id", "tax_id_type", "bank"],
  ...["street", "street_number", "district", "city", "region", "postal_code"],
];
const place = `ofrenda:${location.pathname}`;

/** The donor's own words stay in this tab, for "try again"; they never travel in an address. */
function keepDonor(form: HTMLFormElement): void {
  const data = new FormData(form);
  try {
    const kept = Object.fromEntries(donorFields.map((field) => [field, String(data.get(field) ?? "")]));
    sessionStorage.setItem(place, JSON.stringify(kept));
  } catch {
    // Storage is off: the donor types again.
  }
}

function restoreDonor(form: HTMLFormElement): void {
  if (!new URLSearchParams(location.search).has("again")) return;
  try {
    const kept = JSON.parse(sessionStorage.getItem(place) ?? "{}") as Record<string, unknown>;
    for (const field of donorFields) {
      const input = form.querySelector<HTMLInputElement | HTMLSelectElement>(`[name=${field}]`);
      const value = kept[field];
      if (input && input.value === "" && typeof value === "string") input.value = value;
    }
  } catch {
    // Nothing kept, or not ours.
  }
}

const found = document.querySelector<HTMLFormElement>("form[data-give]");
if (found) start(found);
document.querySelector<HTMLElement>("[data-focus]")?.focus();
