import { expect, test, vi } from "vitest";
import { gateways } from "../../adapters/index.ts";
import { secretReader } from "../../src/cli/ask-secret.ts";
import { gatherCredentials } from "../../src/cli/gather-credentials.ts";
import { progress } from "../../src/cli/progress.ts";
import { present } from "../../src/kernel/assert.ts";
import { terminalOf } from "../support/operator.ts";

test("a secret typed at a terminal is asked for on stderr and never shown", async () => {
  const onStdout = vi.spyOn(process.stdout, "write");
  const { terminal, input, said } = terminalOf({ typed: true });
  const reader = secretReader(terminal);
  const answer = reader.ask("Stripe secret key");
  input.push("sk_test_hidden\r");
  const given = await answer;
  reader.close();
  const shown = onStdout.mock.calls.map(([chunk]) => String(chunk)).join("") + said();
  onStdout.mockRestore();
  expect(given?.reveal()).toBe("sk_test_hidden");
  expect(shown).toContain("Stripe secret key: ");
  expect(shown).not.toContain("hidden");
});

test("piped secrets are read one per line; past the end there is none", async () => {
  const reader = secretReader(terminalOf({ piped: "one\ntwo\n" }).terminal);
  const read = [await reader.ask("a"), await reader.ask("b"), await reader.ask("c")];
  expect(read.map((each) => each?.reveal())).toEqual(["one", "two", undefined]);
});

test("a credential comes from its flag before the environment before stdin; one the gateway does not have is refused", async () => {
  const stripe = present(gateways.get("stripe"), "stripe is registered").factory;
  const { terminal } = terminalOf({ piped: "whsec_piped\n" });
  const environment = { STRIPE_SECRET_KEY: "from_environment", STRIPE_PUBLISHABLE_KEY: "pk" };
  const gathered = await gatherCredentials(
    stripe,
    ["secret_key=from=flag"],
    environment,
    secretReader(terminal),
  );
  expect(gathered).toMatchObject({
    ok: true,
    value: { credentials: { secret_key: "from=flag", publishable_key: "pk" } },
  });
  expect(gathered.ok && gathered.value.webhookSecret?.reveal()).toBe("whsec_piped");
  const unknown = await gatherCredentials(stripe, ["password=x"], {}, secretReader(terminalOf({}).terminal));
  expect(unknown).toMatchObject({ ok: false, error: { code: "invalid_request" } });
});

test("progress is one line on a terminal, cleared at the end, and nothing anywhere else", () => {
  const watched = terminalOf({ typed: true, columns: 60 });
  const bar = progress("Verifying", 4, watched.terminal);
  bar.at(2, "luz");
  expect(watched.said()).toContain("2/4 luz");
  expect(watched.said()).not.toContain("\n");
  bar.end();
  expect(watched.said().endsWith("\r\u001b[2K")).toBe(true);
  const unwatched = terminalOf({});
  const silent = progress("Verifying", 4, unwatched.terminal);
  silent.at(1);
  silent.end();
  expect(unwatched.said()).toBe("");
});

test("progress over nothing, or past its end, is a full bar and fits a terminal that does not tell its width", () => {
  const watched = terminalOf({ typed: true });
  progress("Wrapping", 0, watched.terminal).at(0);
  progress("Wrapping", 2, watched.terminal).at(
    5,
    "a church with a very long name that nobody could read in one line",
  );
  const [, empty, beyond] = watched.said().split("\r\u001b[2K");
  expect(empty).toContain("█".repeat(24));
  expect(beyond).toContain(`${"█".repeat(24)} 5/2`);
  expect(beyond?.length).toBeLessThan(80);
});
