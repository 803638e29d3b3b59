/*
 * One field of the stand-in for Secure Fields, alone in its frame. The number's frame gathers the others and asks the
 * simulator for the token, with the public key, as the real frames ask `POST /v1/card_tokens`.
 */
import { luhnHolds } from "../../../../src/kernel/check-digits.ts";

type Wrong = { message: string; cause: string };

const query = new URLSearchParams(location.search);
const input = document.querySelector("input");
const type = query.get("type") ?? "";
const tell = (event: string, detail: object = {}) =>
  parent.postMessage({ kind: "event", event, detail }, location.origin);
const digits = (text: string) => text.replace(/\D/g, "");
let length = 3;
let bin: string | null = null;

/** Sixteen digits, MM/YY or MM/YYYY, and as many digits of the code as the brand has. */
function wrong(value: string): Wrong[] {
  const plain = digits(value);
  if (type === "cardNumber") {
    if (plain.length < 13 || plain.length > 19) return [{ message: "", cause: "invalid_length" }];
    return luhnHolds(plain)
      ? []
      : [{ message: "card number rejected on Luhn Validation.", cause: "invalid_value" }];
  }
  if (type === "securityCode")
    return plain.length === length ? [] : [{ message: "", cause: "invalid_length" }];
  return /^(0?[1-9]|1[0-2])\/(\d{2}|\d{4})$/.test(value) ? [] : [{ message: "", cause: "invalid_value" }];
}

input?.addEventListener("input", () => {
  tell("change");
  if (type !== "cardNumber") return;
  const begins = digits(input.value).slice(0, 8);
  const now = begins.length === 8 ? begins : null;
  if (now !== bin) tell("binChange", { bin: now });
  bin = now;
});
input?.addEventListener("focus", () => tell("focus"));
input?.addEventListener("blur", () => {
  tell("blur");
  check();
});

function check(): readonly Wrong[] {
  const errorMessages = wrong(input?.value.trim() ?? "");
  tell("validityChange", { errorMessages });
  return errorMessages;
}

window.addEventListener("message", ({ origin, data, ports }) => {
  if (origin !== location.origin) return;
  if (data?.kind === "update") length = data.properties.settings?.length ?? length;
  const [port] = ports;
  if (data?.kind === "check") port?.postMessage(check());
  if (data?.kind === "token" && port) void token(data.holder).then((answer) => port.postMessage(answer));
});

async function token(holder: Record<string, string>): Promise<object> {
  const typed = (name: string) => frameOf(name)?.document.querySelector("input")?.value.trim() ?? "";
  const [month = "", year = ""] = typed("expirationDate").split("/");
  const { identificationType, identificationNumber } = holder;
  const answer = await fetch(`/sandbox/mercadopago/v1/card_tokens?public_key=${query.get("key")}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      card_number: digits(typed("cardNumber")),
      security_code: typed("securityCode"),
      expiration_month: Number(month),
      expiration_year: year.length === 2 ? 2000 + Number(year) : Number(year),
      cardholder: {
        name: holder.cardholderName,
        ...(identificationType
          ? { identification: { type: identificationType, number: identificationNumber } }
          : {}),
      },
    }),
  });
  const told: unknown = await answer.json();
  return answer.ok ? { token: told } : { errors: Object(told).cause ?? [told] };
}

/** A frame beside this one, by the field's name. */
function frameOf(name: string): Window | undefined {
  return [...Array(parent.frames.length).keys()]
    .map((at) => parent.frames[at])
    .find((each) => each?.name === name);
}

tell("ready");
