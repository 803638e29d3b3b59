import { PassThrough } from "node:stream";
import { expect, test, vi } from "vitest";
import { adapters } from "../../adapters/index.ts";
import { secretReader } from "../../src/cli/ask-secret.ts";
import { gatherCredentials } from "../../src/cli/gather-credentials.ts";
import { progress } from "../../src/cli/progress.ts";
import { present } from "../../src/kernel/assert.ts";

/** A terminal as far as the reader can tell. */
function terminal(isTTY: boolean): NodeJS.ReadStream {
  const stream = new PassThrough();
  return Object.assign(stream, { isTTY, setRawMode: () => stream }) as unknown as NodeJS.ReadStream;
}

test("a secret typed at a terminal is asked for on stderr and never shown", async () => {
  const shown: string[] = [];
  const spies = [process.stderr, process.stdout].map((stream) =>
    vi.spyOn(stream, "write").mockImplementation((chunk) => {
      shown.push(String(chunk));
      return true;
    }),
  );
  const input = terminal(true);
  const reader = secretReader(input);
  const answer = reader.ask("Stripe secret key");
  input.push("sk_test_hidden\r");
  const given = await answer;
  reader.close();
  for (const spy of spies) spy.mockRestore();
  expect(given?.reveal()).toBe("sk_test_hidden");
  expect(shown.join("")).toContain("Stripe secret key: ");
  expect(shown.join("")).not.toContain("hidden");
});

test("piped secrets are read one per line; past the end there is none", async () => {
  const input = terminal(false);
  input.push("one\ntwo\n");
  input.push(null);
  const reader = secretReader(input);
  const read = [await reader.ask("a"), await reader.ask("b"), await reader.ask("c")];
  expect(read.map((each) => each?.reveal())).toEqual(["one", "two", undefined]);
});

test("a credential comes from its flag before the environment before stdin; one the gateway does not have is refused", async () => {
  const stripe = present(adapters.get("stripe"), "stripe is registered");
  const input = terminal(false);
  input.push("whsec_piped\n");
  input.push(null);
  const environment = { STRIPE_SECRET_KEY: "from_environment", STRIPE_PUBLISHABLE_KEY: "pk" };
  const gathered = await gatherCredentials(
    stripe,
    ["secret_key=from=flag"],
    environment,
    secretReader(input),
  );
  expect(gathered).toMatchObject({
    ok: true,
    value: { credentials: { secret_key: "from=flag", publishable_key: "pk" } },
  });
  expect(gathered.ok && gathered.value.webhookSecret?.reveal()).toBe("whsec_piped");
  const unknown = await gatherCredentials(stripe, ["password=x"], {}, secretReader(terminal(false)));
  expect(unknown).toMatchObject({ ok: false, error: { code: "invalid_request" } });
});

test("progress is one line on a terminal, cleared at the end, and nothing anywhere else", () => {
  const written: string[] = [];
  const watched = { isTTY: true, columns: 60, write: (text: string) => written.push(text) > 0 };
  const bar = progress("Verifying", 4, watched as unknown as NodeJS.WriteStream);
  bar.at(2, "luz");
  bar.end();
  expect(written[0]).toContain("2/4 luz");
  expect(written[0]).not.toContain("\n");
  expect(written.at(-1)).toBe("\r\u001b[2K");
  const unwatched = { ...watched, isTTY: false } as unknown as NodeJS.WriteStream;
  progress("Verifying", 4, unwatched).at(1);
  expect(written).toHaveLength(2);
});
