import { constants } from "node:os";

const cleanups = new Set<() => void>();
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function end(signal: (typeof signals)[number]): void {
  for (const cleanup of cleanups) cleanup();
  // As the shell counts them: 130 for Ctrl-C.
  process.exit(128 + constants.signals[signal]);
}

/**
 * Has `cleanup` run if Ctrl-C or another signal ends the command; the function that is returned takes that back. Without one,
 * a signal ends the command at once, whatever it is doing; with one, when it takes a {@link breath}.
 */
export function atInterrupt(cleanup: () => void): () => void {
  if (cleanups.size === 0) for (const signal of signals) process.on(signal, end);
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
    if (cleanups.size === 0) for (const signal of signals) process.off(signal, end);
  };
}

const INTERVAL = 100;
let last = 0;

/** Lets signals be handled, ten times a second at most; of work that does not wait by itself. */
export async function breath(): Promise<void> {
  const now = Date.now();
  if (cleanups.size === 0 || now - last < INTERVAL) return;
  last = now;
  await new Promise((resolve) => setImmediate(resolve));
}
