import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";

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
