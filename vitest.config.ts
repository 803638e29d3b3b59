import { defineConfig } from "vitest/config";
import { ClosingLine } from "./tests/support/closing-line.ts";

export default defineConfig({
  test: {
    reporters: ["default", new ClosingLine()],
    include: ["tests/**/*.test.{ts,tsx}"],
    globalSetup: ["tests/support/global-setup.ts"],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    coverage: {
      provider: "v8",
      include: ["src/**", "adapters/**", "countries/**"],
      // Bundled for the browser, run under Chromium and workerd, or generated: not seen by this process's counter.
      exclude: ["**/generated/**", "**/islands/**", "**/browser/**", "**/*.css", "**/*.md", "**/*.svg"],
      reporter: ["text-summary", "json-summary", "html"],
      thresholds: { lines: 92, branches: 92 },
    },
  },
});
