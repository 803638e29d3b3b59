import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { operate } from "../../src/cli/program.ts";
import type { Terminal } from "../../src/cli/terminal.ts";

export type CliAnswer = { readonly exit: number | null; readonly out: string; readonly err: string };

/** Compiled code is kept between the many short processes of a run. */
const compiled = join(tmpdir(), "ofrenda-test-compiled");
const root = join(import.meta.dirname, "..", "..");

/** Runs the real operator's command in a process of its own, with nothing of this one's environment but PATH. */
export function operator(
  settings: Readonly<Record<string, string>>,
  words: readonly string[],
  stdin = "",
): Promise<CliAnswer> {
  const child = spawn(process.execPath, ["--import", "tsx", join(root, "src/cli/main.ts"), ...words], {
    cwd: root,
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: compiled, ...settings },
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  // A command that never reads is not a fault of the test.
  child.stdin.on("error", () => {});
  child.stdin.end(stdin);
  return new Promise((done, fail) => {
    child.once("error", fail);
    child.once("close", (exit) => done({ exit, out, err }));
  });
}

/** What is at the other end of a command: a person who types unseen, or a pipe. */
export type AtTheTerminal = {
  /** Whether a person sits there; lines of `piped` are then what they type. */
  readonly typed?: boolean;
  readonly columns?: number;
  readonly piped?: string;
  readonly environment?: Readonly<Record<string, string>>;
};

export type FakeTerminal = {
  readonly terminal: Terminal;
  readonly input: PassThrough;
  /** What went to stdout. */
  answered(): string;
  /** What went to stderr. */
  said(): string;
};

/** A terminal, or a pipe, as far as a command can tell. */
export function terminalOf({
  typed = false,
  columns,
  piped = "",
  environment = {},
}: AtTheTerminal): FakeTerminal {
  const input = new PassThrough();
  const [output, answered] = kept();
  const [errors, said] = kept();
  if (piped) input.write(piped);
  if (!typed) input.end();
  return {
    terminal: {
      environment,
      input: Object.assign(input, { isTTY: typed, setRawMode: () => input }),
      output,
      errors: Object.assign(errors, { isTTY: typed, ...(columns === undefined ? {} : { columns }) }),
    },
    input,
    answered,
    said,
  };
}

/** A stream that only remembers. */
function kept(): readonly [Writable, () => string] {
  let text = "";
  const write = (chunk: unknown, _: unknown, done: () => void) => {
    text += String(chunk);
    done();
  };
  return [new Writable({ decodeStrings: false, write }), () => text];
}

/** The same command in this process: quicker, and seen by the coverage counter. */
export async function operatorHere(
  settings: Readonly<Record<string, string>>,
  words: readonly string[],
  at: Omit<AtTheTerminal, "environment"> = {},
): Promise<CliAnswer> {
  const { terminal, answered, said } = terminalOf({ ...at, environment: settings });
  const exit = await operate(words, terminal);
  return { exit, out: answered(), err: said() };
}
