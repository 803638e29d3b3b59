import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  isReference,
  readTransferPaymentId,
  referenceFor,
  transferPaymentId,
} from "../../src/gateway/transfer-reference.ts";
import { checkCreditorReference } from "../../src/kernel/bank-numbers/creditor-reference.ts";
import { newId, toId } from "../../src/kernel/ids.ts";

const attempts = fc.uuid().map((uuid) => toId("attempt", uuid));
const forms = ["creditor", "short", "numeric"] as const;

describe.each(forms)("the %s reference", (form) => {
  test("is made from the attempt alone and passes its own check", () => {
    fc.assert(
      fc.property(attempts, (attempt) => {
        const reference = referenceFor(attempt, form);
        expect(referenceFor(attempt, form)).toBe(reference);
        expect(isReference(reference, form)).toBe(true);
      }),
    );
  });

  test("one character mistyped is always noticed (in ISO 11649 a digit for a digit, a letter for a letter)", () => {
    const others = form === "numeric" ? "0123456789" : "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const isDigit = (c: string) => /\d/.test(c);
    fc.assert(
      fc.property(attempts, fc.nat(), fc.nat(), (attempt, at, other) => {
        const reference = referenceFor(attempt, form);
        const place = at % reference.length;
        const c = others.charAt(other % others.length);
        const was = reference.charAt(place);
        fc.pre(c !== was && (form !== "creditor" || isDigit(c) === isDigit(was)));
        expect(isReference(`${reference.slice(0, place)}${c}${reference.slice(place + 1)}`, form)).toBe(
          false,
        );
      }),
    );
  });

  test("holds nothing that is mistaken for something else", () => {
    for (let n = 0; n < 500; n++) {
      const own = referenceFor(newId("attempt"), form).replace(/^RF\d\d/, "");
      expect(own).toMatch(form === "numeric" ? /^\d{7}$/ : /^[^01IO]+$/);
    }
  });
});

test("a creditor reference is one by ISO 11649", () => {
  fc.assert(fc.property(attempts, (attempt) => checkCreditorReference(referenceFor(attempt, "creditor")).ok));
});

test("two digits of the seven exchanged are noticed almost always", () => {
  let missed = 0;
  let tried = 0;
  for (let n = 0; n < 2_000; n++) {
    const reference = referenceFor(newId("attempt"), "numeric");
    for (let at = 1; at < 6; at++) {
      const turned = `${reference.slice(0, at)}${reference.charAt(at + 1)}${reference.charAt(at)}${reference.slice(at + 2)}`;
      if (turned === reference) continue;
      tried += 1;
      if (isReference(turned, "numeric")) missed += 1;
    }
  }
  expect(missed / tried).toBeLessThan(0.03);
});

test("attempts made in one moment are told apart: the payment ids of 20 000 are all different", () => {
  const ids = Array.from({ length: 20_000 }, () => transferPaymentId(newId("attempt"), "numeric"));
  expect(new Set(ids).size).toBe(ids.length);
  const creditor = Array.from({ length: 20_000 }, () => referenceFor(newId("attempt"), "creditor"));
  expect(new Set(creditor).size).toBe(creditor.length);
});

test("a payment id is read back into its parts, and no other gateway's is", () => {
  const attempt = newId("attempt");
  expect(readTransferPaymentId(transferPaymentId(attempt, "short"))).toEqual({
    reference: referenceFor(attempt, "short"),
    attempt,
  });
  for (const id of ["pi_123", "123.456", ".", "", "a.att_1"])
    expect(readTransferPaymentId(id)).toBeUndefined();
});
