import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readReturned } from "../../src/messages/returned/read-returned.ts";
import { claimIn } from "../../src/messages/returned/return-address.ts";
import { bounceMail, complaintMail, holidayMail, type ToldRecipient } from "../support/returned-mail.ts";

const token = `${"0193ab".padEnd(32, "7")}02${"c".repeat(20)}`;
const address = `bounces+${token}@mail.example.org`;
const claim = { message: `msg_${token.slice(0, 32)}`, number: 2, token };
const read = (mail: string) => readReturned(Buffer.from(mail));

describe("what a mail that came back says", () => {
  test.each<readonly [string, ToldRecipient, object | undefined]>([
    ["no such mailbox", { status: "5.1.1" }, { kind: "bounced", status: "5.1.1" }],
    ["a mailbox that was closed", { status: "5.2.1" }, { kind: "bounced", status: "5.2.1" }],
    ["a full mailbox, whatever its server thinks", { status: "5.2.2" }, { kind: "failed", status: "5.2.2" }],
    ["given up after days", { status: "4.4.7" }, { kind: "failed", status: "4.4.7" }],
    ["still being tried", { action: "delayed", status: "4.4.1" }, { kind: "delayed", status: "4.4.1" }],
    ["a code with a comment", { status: "5.1.1 (bad address)" }, { kind: "bounced", status: "5.1.1" }],
    ["words in capitals", { action: "Failed", status: "5.1.10" }, { kind: "bounced", status: "5.1.10" }],
    [
      "a class alone, with the server's words",
      { status: "5.0.0", diagnostic: "552 5.2.2 full" },
      { kind: "failed", status: "5.2.2" },
    ],
    [
      "a class alone, and no code in the words",
      { status: "5.0.0", diagnostic: "550 unknown at 4.5.6.7" },
      { kind: "bounced", status: "5.0.0" },
    ],
    ["no code at all: nothing says for ever", {}, { kind: "failed", status: null }],
    ["arrived", { action: "delivered", status: "2.0.0" }, undefined],
    ["passed on to a server that reports nothing", { action: "relayed", status: "2.0.0" }, undefined],
  ])("%s", async (_, told, report) => {
    const found = await read(bounceMail(address, told));
    expect(found.claim).toEqual(claim);
    if (report) expect(found.report).toMatchObject(report);
    else expect(found.report).toBeUndefined();
  });

  test("an address that stands for several takes mail where one of them does; else the mildest holds", async () => {
    const [dead, full] = [{ status: "5.1.1" }, { status: "5.2.2" }];
    expect((await read(bounceMail(address, dead, { action: "delivered" }))).report).toBeUndefined();
    expect((await read(bounceMail(address, dead, full))).report).toMatchObject({ kind: "failed" });
    expect((await read(bounceMail(address, dead, dead))).report).toMatchObject({ kind: "bounced" });
  });

  test("the server's words are kept over folded lines, and no address in them", async () => {
    const diagnostic = "550 5.1.1 <rosa@example.org>:\r\n    no such user (rosa@example.org)";
    const { report } = await read(bounceMail(address, { status: "5.1.1", diagnostic }));
    expect(report?.answer).toMatch(/^smtp; 550 5\.1\.1 <<address>>:\s+no such user \(?<address>/);
    expect(report?.answer).not.toContain("rosa");
  });

  test.each([
    ["abuse", true],
    ["fraud", true],
    ["not-spam", false],
    ["auth-failure", false],
    ["virus", false],
  ])("a complaint of the kind %s counts: %s", async (type, counts) => {
    const { claim: whose, report } = await read(complaintMail(address, type));
    expect(whose).toEqual(claim);
    expect(report?.kind).toBe(counts ? "complained" : undefined);
  });

  test("an answer from holidays reports nothing, whatever code it talks of", async () => {
    expect(await read(holidayMail(address))).toEqual({ claim, report: undefined });
  });

  test("a report is read as a pipe hands it over, in another encoding, and inside what a scanner wrapped it in", async () => {
    const mail = bounceMail(address, { status: "5.1.1" });
    const [head = "", body = ""] = mail.split(/\r\n\r\n([\s\S]*)/);
    const type = /Content-Type: multipart\/report;.*\r\n\t.*/.exec(head)?.[0] ?? "";
    const encoded = mail.replace(
      /(message\/delivery-status)\r\n\r\n([\s\S]*?)\r\n\r\n--/,
      (_, name: string, fields: string) =>
        `${name}\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(fields).toString("base64")}\r\n\r\n--`,
    );
    const wrapped = [
      head.replace(type, "Content-Type: multipart/mixed; boundary=outer"),
      `\r\n--outer\r\n${type}\r\n\r\n${body}`,
      "--outer\r\nContent-Type: text/plain\r\n\r\nScanned.\r\n--outer--",
    ].join("\r\n");
    const piped = `From MAILER-DAEMON Sat Nov 21 10:00:00 2026\n${mail.replaceAll("\r\n", "\n")}`;
    for (const form of [piped, encoded, wrapped]) {
      expect(form).not.toBe(mail);
      expect(await read(form)).toMatchObject({ claim, report: { kind: "bounced", status: "5.1.1" } });
    }
  });

  test("whatever is brought, it is read or reports nothing, and never breaks", async () => {
    const bytes = fc.uint8Array({ maxLength: 400 });
    const torn = fc
      .tuple(fc.nat(1200), fc.nat(1200), bytes)
      .map(([from, to, noise]) =>
        Buffer.concat([
          Buffer.from(bounceMail(address, { status: "5.1.1" })).subarray(from, from + to),
          noise,
        ]),
      );
    await fc.assert(
      fc.asyncProperty(fc.oneof(bytes, torn), async (raw) => {
        const { report } = await readReturned(raw);
        expect(report === undefined || report.kind !== "complained").toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test("parts inside parts without end are not followed", async () => {
    const nested = Array.from({ length: 400 }, (_, n) => [
      `Content-Type: multipart/mixed; boundary=b${n}`,
      "",
      `--b${n}`,
    ]).flat();
    expect(await read(nested.join("\r\n"))).toEqual({ claim: undefined, report: undefined });
  });
});

test("a return address is known whatever a server did to its case, and a shorter or longer token is none", () => {
  expect(claimIn(address.toUpperCase())).toEqual(claim);
  expect(claimIn(address.replace("c@", "@"))).toBeUndefined();
  expect(claimIn(address.replace("c@", "cc@"))).toBeUndefined();
  expect(claimIn("bounces@mail.example.org")).toBeUndefined();
});
