import { expect, test } from "vitest";
import { untraced } from "../../src/gateway/untraced.ts";

test("no stack is kept meanwhile, and errors have theirs again afterwards, however it ends", () => {
  const usual = Error.stackTraceLimit;
  expect(untraced(() => new Error("inside").stack)).toBe("Error: inside");
  expect(Error.stackTraceLimit).toBe(usual);
  const fails = () => {
    throw new Error("inside");
  };
  expect(() => untraced(fails)).toThrow("inside");
  expect(new Error("outside").stack).toContain("untraced.test");
});
