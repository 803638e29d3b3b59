import { present } from "../../../src/kernel/assert.ts";
import { digits } from "./state.ts";

/** Modulo 10 as boletos count: weights 2 and 1 from the right, digits of each product summed. */
function modulo10(text: string): number {
  const sum = [...text].reverse().reduce((total, c, i) => {
    const product = Number(c) * (i % 2 === 0 ? 2 : 1);
    return total + Math.floor(product / 10) + (product % 10);
  }, 0);
  return (10 - (sum % 10)) % 10;
}

/** Modulo 11, weights 2 to 9 from the right; 0, 10 and 11 become 1. */
function modulo11(text: string): number {
  const sum = [...text].reverse().reduce((total, c, i) => total + Number(c) * (2 + (i % 8)), 0);
  const check = 11 - (sum % 11);
  return check > 9 ? 1 : check;
}

const dayMs = 86_400_000;
/** Days counted since 1997-10-07 restarted at 1000 on 2025-02-22. */
const factorOf = (due: Date): string =>
  String(1000 + Math.floor((due.getTime() - Date.UTC(2025, 1, 22)) / dayMs))
    .padStart(4, "0")
    .slice(-4);

/** A boleto of Bradesco's: 44 digits printed as bars, 47 typed in (facts: methods §6.3). */
export function boleto(minor: bigint, due: Date): { readonly barcode: string; readonly line: string } {
  const free = digits(25);
  const tail = factorOf(due) + String(minor).padStart(10, "0");
  const check = modulo11(`2379${tail}${free}`);
  const fields = [`2379${free.slice(0, 5)}`, free.slice(5, 15), free.slice(15)];
  const line = fields.map((field) => field + modulo10(field)).join("") + check + tail;
  return { barcode: `2379${check}${tail}${free}`, line };
}

/** CRC-16/CCITT-FALSE in four capital hexadecimal digits. */
function crc16(text: string): string {
  let crc = 0xffff;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
    crc &= 0xffff;
  }
  return crc.toString(16).toUpperCase().padStart(4, "0");
}

const field = (id: string, value: string): string => id + String(value.length).padStart(2, "0") + value;

/** A dynamic BR Code of the gateway's (facts: methods §6.2). */
export function pixCode(id: number, amount: string): string {
  const account = field("00", "br.gov.bcb.pix") + field("25", `qr.mercadopago.com/instore/p/v2/${id}`);
  const code =
    field("00", "01") +
    field("01", "12") +
    field("26", account) +
    "520400005303986" +
    field("54", amount) +
    field("58", "BR") +
    field("59", "IGREJA SIMULADA") +
    field("60", "SAO PAULO") +
    field("62", field("05", `mpqrinter${id}`.slice(0, 25)));
  return `${code}6304${crc16(`${code}6304`)}`;
}

/** A CLABE at Mercado Pago W (722): bank 3, plaza 3, account 11, check digit (facts: methods §6.4). */
export function clabe(): string {
  const body = `722969${digits(11)}`;
  const weights = [3, 7, 1];
  const sum = [...body].reduce((total, c, i) => {
    const weight = present(weights[i % 3], "three weights");
    return total + ((Number(c) * weight) % 10);
  }, 0);
  return body + ((10 - (sum % 10)) % 10);
}
