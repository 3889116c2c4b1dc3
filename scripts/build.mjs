import { build } from "./project.mjs";

await build();
