import { type Money, negate } from "../kernel/money.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { moneyFrom } from "./decimal.ts";
import { readInformation } from "./mt940-information.ts";
import {
  distinct,
  isDay,
  meaningful,
  type ParsedLine,
  type ParsedStatement,
  type StatementFile,
} from "./statement-file.ts";

/** One field of the message: `:61:` and what follows it, continuation lines included. */
type Field = { readonly tag: string; readonly value: string };

/**
 * Reads SWIFT MT940, in the dialects banks write it: with or without the envelope's blocks, blank lines, missing
 * statement ends, several `:86:` to a movement, amounts without decimals. Balances are not checked: days are often
 * sent in part, and what counts here are the movements.
 */
export function readMt940(text: string): Result<StatementFile, string> {
  const drafts: Draft[] = [];
  for (const field of fieldsOf(text)) {
    if (field.tag === "20")
      drafts.push({ account: undefined, currency: undefined, lines: [], closed: false });
    const draft = drafts.at(-1);
    const read = draft ? readField(draft, field) : ok(undefined);
    if (!read.ok) return read;
  }
  if (drafts.length === 0) return err("it has no statement: MT940 begins each with :20:");
  const statements = drafts.map(
    ({ account, lines }): ParsedStatement => ({ account, lines: lines.map(lineOf) }),
  );
  return ok({ format: "mt940", statements });
}

function readField(draft: Draft, { tag, value }: Field): Result<undefined, string> {
  if (tag === "25") draft.account ??= (value.split("\n")[0] ?? "").trim() || undefined;
  else if (tag === "60F" || tag === "60M") draft.currency ??= /^[CD]\d{6}([A-Z]{3})/.exec(value)?.[1];
  else if (tag.startsWith("62")) draft.closed = true;
  else if (tag === "86" && !draft.closed) draft.lines.at(-1)?.information.push(value);
  else if (tag === "61") {
    const read = readMovement(value, draft.currency);
    if (!read.ok) return read;
    draft.lines.push(read.value);
  }
  return ok(undefined);
}

type Draft = {
  account: string | undefined;
  currency: string | undefined;
  lines: Movement[];
  /** After the closing balance a `:86:` is about the statement, not about a movement. */
  closed: boolean;
};

type Movement = Pick<ParsedLine, "bookedOn" | "valueOn" | "amount" | "reversal" | "bankReference"> & {
  readonly words: readonly string[];
  readonly information: string[];
};

function fieldsOf(text: string): readonly Field[] {
  const fields: { tag: string; value: string }[] = [];
  for (const raw of text.replace(/\r\n?/g, "\n").split("\n")) {
    // The envelope: {1:F01…}{2:…}{4: before the fields, -} after them.
    const line = raw.replace(/^\{1:.*\{4:/, "").trimEnd();
    const start = /^:(\d{2}[A-Z]?|NS):(.*)$/.exec(line);
    const last = fields.at(-1);
    if (start) fields.push({ tag: start[1] ?? "", value: start[2] ?? "" });
    else if (last && line !== "" && !/^-\}?$/.test(line)) last.value += `\n${line}`;
  }
  return fields;
}

/**
 * Value date, entry date, mark (C, D, and R before it for a reversal), the third letter of the currency, amount, type,
 * reference of the account's owner (16), `//` bank reference, and words on what is left of the line and on the next.
 */
const movementShape =
  /^(\d{6})(\d{4})?(R?[CD])([A-Z])?[\n ]?(\d[\d,]{0,14})(?:([A-Z][A-Z0-9 ]{3})((?:(?!\/\/)[^\n]){0,16})(?:\/\/([^\n]{0,34}))?\s*([\s\S]*))?$/;

function readMovement(value: string, currency: string | undefined): Result<Movement, string> {
  const shape = movementShape.exec(value);
  const quoted = `":61:${value.slice(0, 40)}"`;
  if (!shape) return err(`${quoted} is no movement`);
  const [, valueDate = "", entryDate, mark = "", , digits = "", , reference = "", bank, rest = ""] = shape;
  if (currency === undefined)
    return err(`${quoted} stands before an opening balance: its currency is unknown`);
  const amount = moneyFrom(digits, ",", currency);
  if (!amount) return err(`${quoted}: "${digits}" is no amount in ${currency}`);
  const valueOn = dayOf(valueDate);
  const bookedOn = valueOn && entryDate !== undefined ? nearest(entryDate, valueOn) : valueOn;
  if (valueOn === undefined || bookedOn === undefined)
    return err(`${quoted}: the date is not in the calendar`);
  return ok({
    bookedOn,
    valueOn,
    amount: signed(amount, mark),
    reversal: mark.startsWith("R"),
    bankReference: meaningful(bank),
    words: [reference, bank, rest].flatMap((words) => meaningful(words) ?? []),
    information: [],
  });
}

/** A credit taken back is a debit, and the other way round. */
function signed(amount: Money, mark: string): Money {
  return mark === "D" || mark === "RC" ? negate(amount) : amount;
}

function lineOf(movement: Movement): ParsedLine {
  const { words, information, ...line } = movement;
  const said = readInformation(information);
  return {
    ...line,
    endToEndId: said.endToEndId,
    texts: distinct([...said.texts, ...words]),
    counterparty: { name: said.name, account: said.account },
  };
}

/** Two digits of a year: statements are of this century. */
function dayOf(text: string): string | undefined {
  const day = `20${text.slice(0, 2)}-${text.slice(2, 4)}-${text.slice(4, 6)}`;
  return isDay(day) ? day : undefined;
}

/** The entry date has no year: the one that brings it nearest to the value date. */
function nearest(entryDate: string, valueOn: string): string | undefined {
  const year = Number(valueOn.slice(0, 4));
  const days = [year - 1, year, year + 1]
    .map((each) => `${each}-${entryDate.slice(0, 2)}-${entryDate.slice(2)}`)
    .filter(isDay);
  const apart = (day: string) => Math.abs(Date.parse(day) - Date.parse(valueOn));
  return days.reduce<string | undefined>((a, b) => (a && apart(a) <= apart(b) ? a : b), undefined);
}
