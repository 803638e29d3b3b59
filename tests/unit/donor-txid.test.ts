import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { donorTxidOf, kindOf, readDonorTxid, readTxid, txidOf } from "../../adapters/pix/ids.ts";
import { newId, toId } from "../../src/kernel/ids.ts";

const donor = fc.uuid({ version: 7 }).map((uuid) => toId("donor", uuid));

describe("the txid of a donor's own code", () => {
  test("fits a static code and is read back to the same donor, whatever a bank does to its letters", () => {
    fc.assert(
      fc.property(donor, (id) => {
        const txid = donorTxidOf(id);
        expect(txid).toMatch(/^[0-9A-Z]{25}$/);
        expect(readDonorTxid(txid)).toBe(id);
        expect(readDonorTxid(txid.toLowerCase())).toBe(id);
        expect(readTxid(txid)).toBeUndefined();
      }),
    );
  });

  test("is never read out of what is not one", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9A-Za-z]{1,35}$/), (text) => {
        const read = readDonorTxid(text);
        if (read !== undefined) expect(donorTxidOf(read)).toBe(text.toUpperCase());
      }),
    );
    for (const other of ["", "DIZIMO", "Z".repeat(25), "0".repeat(25), "***"]) {
      expect(readDonorTxid(other)).toBeUndefined();
    }
  });
});

test("a Pix by itself is told from a claim of ours by its id alone", () => {
  const attempt = newId("attempt");
  for (const kind of ["cob", "cobv", "cobr"] as const) expect(kindOf(txidOf(attempt, kind))).toBe(kind);
  expect(kindOf("E9999900420261120150012345678901")).toBe("pix");
});
