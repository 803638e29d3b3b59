import { assert } from "../assert.ts";
import { weightedFromRight } from "../check-digits.ts";
import { type Money, money } from "../money.ts";
import { err, ok, type Result } from "../result.ts";
import { plain, written } from "../written-number.ts";

/**
 * What a boleto's number says. `bank` slips have a 44-digit barcode and a line of 47 digits to type; `collection` slips
 * (utilities, taxes), which begin with 8, a line of 48 (facts: methods §6.3).
 */
export type Boleto = {
  readonly kind: "bank" | "collection";
  readonly barcode: string;
  readonly line: string;
  /** Absent where the payer fills it in, and where a collection slip carries a quantity instead. */
  readonly amount?: Money;
  /** Days since the base date, 1000 to 9999 (`boleto-due-date`); absent where the slip has no date. */
  readonly dueFactor?: number;
};

/** Reads either form. `Err` where a length or a check digit is wrong. */
export function readBoleto(text: string): Result<Boleto, string> {
  const digits = plain(text);
  const barcode = /^\d+$/.test(digits) ? barcodeOf(digits) : undefined;
  const isRight =
    barcode !== undefined &&
    generalDigit(barcode) === barcode[digitPlace(barcode)] &&
    (digits.length === 44 || lineOf(barcode) === digits);
  return isRight
    ? ok(described(barcode))
    : err("must be a boleto's barcode of 44 digits or its line of 47 or 48");
}

/** The 44-digit barcode where the number is right, in whichever of its forms it came. */
export function checkBoleto(text: string): Result<string, string> {
  const read = readBoleto(text);
  return read.ok ? ok(read.value.barcode) : read;
}

/** The line as it is printed: `23791.23454 67890.123457 67890.123457 4 16770000005000`. */
export const formatBoleto = (line: string): string =>
  (line.length === 48
    ? written("###########-# ###########-# ###########-# ###########-#")
    : written("#####.##### #####.###### #####.###### # ##############"))(line);

/**
 * The barcode of a bank slip. `amount` is in centavos, below 100 million reais; `dueFactor` is four digits, 0 for no
 * date; `free` is the bank's own 25 digits. Parts of another shape are a bug of the caller's.
 */
export function bankBarcode(slip: {
  readonly bank: string;
  readonly dueFactor: number;
  readonly amount: bigint;
  readonly free: string;
}): string {
  const factor = String(slip.dueFactor).padStart(4, "0");
  const rest = `${slip.bank}9${factor}${String(slip.amount).padStart(10, "0")}${slip.free}`;
  assert(/^\d{43}$/.test(rest) && /^\d{3}$/.test(slip.bank), "a boleto's parts have their lengths");
  return `${rest.slice(0, 4)}${modulo11(rest, "1")}${rest.slice(4)}`;
}

/** The line that is typed for a barcode: 47 digits, or 48 for a collection slip. */
export function lineOf(barcode: string): string {
  if (isCollection(barcode)) {
    const blocks = barcode.match(/\d{11}/g) ?? [];
    return blocks.map((block) => block + collectionDigit(barcode, block)).join("");
  }
  const fields = [barcode.slice(0, 4) + barcode.slice(19, 24), barcode.slice(24, 34), barcode.slice(34, 44)];
  return fields.map((field) => field + modulo10(field)).join("") + barcode.slice(4, 19);
}

function barcodeOf(digits: string): string | undefined {
  switch (digits.length) {
    case 44:
      return digits;
    case 47: {
      const free = digits.slice(4, 9) + digits.slice(10, 20) + digits.slice(21, 31);
      return isCollection(digits) ? undefined : digits.slice(0, 4) + digits.slice(32) + free;
    }
    case 48:
      return isCollection(digits) ? digits.replace(/(\d{11})\d/g, "$1") : undefined;
    default:
      return undefined;
  }
}

const isCollection = (digits: string): boolean => digits.startsWith("8");

/** Where the check digit over the whole barcode stands. */
const digitPlace = (barcode: string): number => (isCollection(barcode) ? 3 : 4);

function generalDigit(barcode: string): string | undefined {
  const place = digitPlace(barcode);
  const rest = barcode.slice(0, place) + barcode.slice(place + 1);
  return isCollection(barcode) ? collectionDigit(barcode, rest) : modulo11(rest, "1");
}

/** The third digit of a collection slip says what it counts, and by which rule its check digits are made. */
function collectionDigit(barcode: string, digits: string): string | undefined {
  if (/^8\d[67]/.test(barcode)) return modulo10(digits);
  return /^8\d[89]/.test(barcode) ? modulo11(digits, "0") : undefined;
}

function described(barcode: string): Boleto {
  const kind = isCollection(barcode) ? "collection" : "bank";
  const hasAmount = kind === "bank" ? barcode[3] === "9" : /^8\d[68]/.test(barcode);
  const minor = hasAmount ? BigInt(kind === "bank" ? barcode.slice(9, 19) : barcode.slice(4, 15)) : 0n;
  const dueFactor = kind === "bank" ? Number(barcode.slice(5, 9)) : 0;
  return {
    kind,
    barcode,
    line: lineOf(barcode),
    ...(minor > 0n && { amount: money(minor, "BRL") }),
    ...(dueFactor >= 1000 && { dueFactor }),
  };
}

/** Weights 2 and 1 from the right, the digits of each product summed, up to the next ten. */
function modulo10(digits: string): string {
  const sum = [...digits].reverse().reduce((total, c, i) => {
    const product = Number(c) * (i % 2 === 0 ? 2 : 1);
    return total + (product > 9 ? product - 9 : product);
  }, 0);
  return String((10 - (sum % 10)) % 10);
}

/** Weights 2 to 9 from the right, eleven minus the rest; what would be 0, 10 or 11 is written `odd`. */
function modulo11(digits: string, odd: "0" | "1"): string {
  const digit = 11 - (weightedFromRight(digits, [2, 3, 4, 5, 6, 7, 8, 9]) % 11);
  return digit > 9 ? odd : String(digit);
}
