#!/usr/bin/env node
import { CommanderError } from "commander";
import { program } from "./program.ts";

/** The command line was wrong, as for most commands. */
const USAGE = 2;

try {
  await program().parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Help and version end with 0.
  process.exitCode = error.exitCode === 0 ? 0 : USAGE;
}
