import type { Terminal } from "./terminal.ts";

/** One line that is rewritten in place on stderr; nothing where nobody watches. */
export type Progress = { at(done: number, note?: string): void; end(): void };

const width = 24;

/** `total` is how many steps there are; more than that shows as full. */
export function progress(label: string, total: number, { errors: to }: Pick<Terminal, "errors">): Progress {
  if (!to.isTTY) return { at: () => {}, end: () => {} };
  return {
    at(done, note = "") {
      const full = total === 0 ? width : Math.min(width, Math.floor((done * width) / total));
      const bar = `${"█".repeat(full)}${"░".repeat(width - full)}`;
      const line = `${label} ${bar} ${done}/${total} ${note}`;
      to.write(`\r\u001b[2K${line.slice(0, (to.columns ?? 80) - 1)}`);
    },
    end: () => to.write("\r\u001b[2K"),
  };
}
