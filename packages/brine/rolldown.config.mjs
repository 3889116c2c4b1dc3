import { defineConfig } from "rolldown";
import { dts } from "rolldown-plugin-dts";
import { entries } from "../../scripts/entries.mjs";

export default defineConfig({
  input: Object.fromEntries(entries.map((name) => [name, `src/${name}.ts`])),
  platform: "neutral",
  // The layers allow them in the entry brine/node alone.
  external: /^node:/,
  plugins: [dts()],
  output: {
    dir: "dist",
    cleanDir: true,
    sourcemap: true,
    // No hashes: what a release changed can be read from a diff of two tarballs.
    chunkFileNames: "chunks/[name].js",
    minifyInternalExports: false,
    // What is not brine's own is a file of its own.
    codeSplitting: { groups: [{ name: "pako", test: /node_modules[\\/]pako/ }] },
  },
});
