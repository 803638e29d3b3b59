import { describe, expect, test } from "vitest";
import { problemResponse, problems } from "../../src/http/problems.ts";
import { problemCodes } from "../../src/kernel/problem.ts";

describe("a problem document", () => {
  test.each(problemCodes)("%s follows RFC 9457 and carries the request's id", async (code) => {
    const errors = [{ pointer: "/amount", detail: "must be more than 0" }];
    const answer = problemResponse(
      { code, detail: "what went wrong", errors, retryAfterSeconds: 5 },
      "req-1",
    );
    const { status, title } = problems[code];
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(await answer.json()).toEqual({
      type: `https://ofrenda.dev/problems/${code}`,
      title,
      status,
      detail: "what went wrong",
      code,
      request_id: "req-1",
      errors,
    });
  });

  test("that needs a key says which scheme; others do not", () => {
    const challenge = (code: (typeof problemCodes)[number]) =>
      problemResponse({ code, detail: "" }, "r").headers.get("www-authenticate");
    expect(challenge("unauthenticated")).toContain("Bearer");
    expect(challenge("forbidden")).toBeNull();
  });

  test("without fields or a time to come back leaves both out", async () => {
    const answer = problemResponse({ code: "not_found", detail: "no" }, "r");
    expect(answer.headers.get("retry-after")).toBeNull();
    expect(await answer.json()).not.toHaveProperty("errors");
  });

  test("blames us only for what is ours", () => {
    const ours = problemCodes.filter((code) => problems[code].status >= 500);
    expect(ours).toEqual(["gateway_unavailable", "gateway_refused", "overloaded", "internal_error"]);
  });
});
