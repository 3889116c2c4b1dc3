import { defineConfig } from "rolldown";

export default defineConfig([
  {
    input: { main: "src/main.ts" },
    platform: "node",
    // Whatever is named as a package is installed beside it, not bundled.
    external: /^[^./]/,
    output: { dir: "dist", cleanDir: true, sourcemap: true },
  },
  {
    // Written into each page, so it holds all it needs.
    input: { "treemap-page": "src/page/treemap.ts" },
    platform: "browser",
    output: { dir: "dist", format: "iife", minify: true },
  },
]);
