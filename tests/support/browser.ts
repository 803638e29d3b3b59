import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Browser, chromium } from "playwright-core";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
];
const installed = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** A real Chromium: the machine's own, or the one that comes inside an npm package. Never a skip. */
export async function openBrowser(): Promise<Browser> {
  const own = [process.env.CHROMIUM_PATH, ...installed].find((path) => path && existsSync(path));
  const executablePath = own ?? (await unpackedChromium());
  return chromium.launch({ executablePath, args: flags, headless: true, env: environment(executablePath) });
}

/** Unpacks once, although test files run in several processes at a time. */
async function unpackedChromium(): Promise<string> {
  const lock = join(tmpdir(), "ofrenda-chromium.lock");
  for (let waited = 0; !locked(lock); waited += 200) {
    if (waited > 60_000) throw new Error(`another process has held ${lock} for a minute: remove it`);
    await sleep(200);
  }
  try {
    const packed = await import("@sparticuz/chromium");
    return await packed.default.executablePath();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function locked(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    // Left behind by a process that was killed: unpacking takes seconds, never minutes.
    const stale = existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 45_000;
    if (stale) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

/** The package brings the few libraries a bare machine lacks; they are used only where Chromium needs them. */
function environment(executablePath: string): Record<string, string> {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  if (spawnSync(executablePath, ["--version"]).status === 0) return inherited;
  const unpack = 'import("@sparticuz/chromium").then((m) => m.default.executablePath())';
  spawnSync(process.execPath, ["--input-type=module", "-e", unpack], {
    cwd: join(import.meta.dirname, "..", ".."),
    // What makes the package unpack its libraries too.
    env: { ...inherited, AWS_LAMBDA_JS_RUNTIME: "nodejs22.x" },
  });
  return { ...inherited, LD_LIBRARY_PATH: join(tmpdir(), "al2023", "lib") };
}
