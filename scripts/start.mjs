// npm start [FILE…]: shows what is inside a pickle. Installs and builds what is missing.
import { build, root, run } from "./project.mjs";

const given = process.argv.slice(2);
await build();
// npm runs scripts in the root; a path is meant from where the user stands.
const cwd = given.length > 0 ? (process.env.INIT_CWD ?? root) : root;
const { code } = await run(
  [
    process.execPath,
    `${root}/packages/cli/dist/main.js`,
    ...(given.length > 0 ? given : ["examples/orders.pkl"]),
  ],
  { cwd, input: "inherit" },
);
process.exitCode = code;
