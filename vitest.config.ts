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
  },
});
