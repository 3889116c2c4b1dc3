import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/*/test/**/*.test.ts", "scripts/**/*.test.mjs"],
    testTimeout: 60_000,
    coverage: {
      provider: "v8",
      reporter: ["text-summary", "html"],
      include: ["packages/brine/src/**/*.ts"],
      thresholds: { statements: 95, lines: 95, functions: 95, branches: 90 },
    },
  },
});
