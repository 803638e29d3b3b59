import { readdirSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { ClosingLine } from "./tests/support/closing-line.ts";

/** Of the rules and the adapters, what needs a process of its own: a database, or the state of an SDK. */
const alone = [
  "tests/conformance/mercadopago-sdk.test.ts",
  "tests/conformance/mercadopago-through-service.test.ts",
  "tests/conformance/stripe-mock.test.ts",
];
const parts = ["tests/unit", "tests/conformance"]
  .flatMap((folder) => readdirSync(folder).map((file) => `${folder}/${file}`))
  .filter((file) => /\.test\.tsx?$/.test(file) && !alone.includes(file));

export default defineConfig({
  test: {
    reporters: ["default", new ClosingLine()],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    projects: [
      {
        // Nothing in these outlives a test, so that what is imported once serves them all.
        extends: true,
        test: { name: "parts", include: parts, isolate: false },
      },
      {
        extends: true,
        test: {
          name: "whole",
          include: ["tests/**/*.test.{ts,tsx}"],
          exclude: parts,
          globalSetup: ["tests/support/global-setup.ts"],
        },
      },
    ],
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
