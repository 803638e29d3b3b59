import { createInterface, type Interface } from "node:readline";
import { Writable } from "node:stream";
import { type Secret, secret } from "../kernel/secret.ts";
import type { Terminal } from "./terminal.ts";

/** Reads secrets from stdin, one line each: typed unseen at a terminal, or piped. */
export type SecretReader = {
  readonly terminal: boolean;
  /** The next line; `undefined` when it is empty or there is none. */
  ask(question: string): Promise<Secret | undefined>;
  close(): void;
};

const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });

/** What is typed is never echoed: the line editor writes nowhere, and only the question is shown. */
export function secretReader({ input, errors }: Pick<Terminal, "input" | "errors">): SecretReader {
  const terminal = input.isTTY === true;
  let opened: { lines: Interface; next: AsyncIterator<string> } | undefined;
  const open = () => {
    const lines = createInterface({ input, output: nowhere, terminal });
    return { lines, next: lines[Symbol.asyncIterator]() };
  };
  return {
    terminal,
    async ask(question) {
      opened ??= open();
      if (terminal) errors.write(`${question}: `);
      const { value, done } = await opened.next.next();
      if (terminal) errors.write("\n");
      const text = done ? "" : String(value).trim();
      return text === "" ? undefined : secret(text);
    },
    close: () => opened?.lines.close(),
  };
}
