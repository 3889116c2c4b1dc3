#!/usr/bin/env node
import { readFileSync } from "node:fs";

for (const file of process.argv.slice(2)) console.log(`${file}: ${readFileSync(file).length} bytes`);
