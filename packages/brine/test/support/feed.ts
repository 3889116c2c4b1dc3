import { UnpicklingError } from "../../src/errors.ts";
import { ResumableMachine } from "../../src/unpickler/resumable-machine.ts";
import type { LoadSettings } from "../../src/unpickler/options.ts";
import { RESTART } from "../../src/unpickler/state.ts";
import type { Random } from "./assemble.ts";

/** What came of a load. */
export interface Outcome {
  readonly value?: unknown;
  readonly error?: unknown;
}

/** Whether two errors say the same: code, words, Python's exception, offset and opcode. */
export function sameFailure(a: unknown, b: unknown): boolean {
  if (!(a instanceof UnpicklingError && b instanceof UnpicklingError)) return a === b;
  return (
    a.code === b.code &&
    a.words === b.words &&
    a.pythonException === b.pythonException &&
    a.offset === b.offset &&
    a.opcode === b.opcode
  );
}

/** Runs a machine on windows that end at each of the `ends`, the last being the end of the bytes; each begins where the machine stands. */
function pass(machine: ResumableMachine, bytes: Uint8Array, ends: readonly number[]): void {
  for (const [i, end] of ends.entries()) {
    const final = i === ends.length - 1;
    const base = machine.position;
    // A copy, so that nothing can be seen of what has not come yet.
    if (machine.run(bytes.slice(base, end), base, final)) return;
    if (final) throw new Error("the machine wants more than there is");
    if (machine.needed < 1) throw new Error("the machine wants nothing and stops");
  }
}

/** How often a load begins anew: a dict may have to be a Map first, and then a PyDict. */
const RESTARTS = 3;

/** Loads a pickle that comes in pieces; as `loads` does, anew where a plain container must be of another class. */
export function feed(settings: LoadSettings, bytes: Uint8Array, ends: readonly number[]): Outcome {
  const machine = new ResumableMachine(settings);
  machine.begin(0);
  for (let restarts = 0; ; restarts++) {
    try {
      pass(machine, bytes, ends);
      return { value: machine.value };
    } catch (error) {
      if (error !== RESTART || restarts === RESTARTS) return { error };
    }
    machine.restart(0, true);
    try {
      pass(machine, bytes, ends);
    } catch {
      // What is wrong on the pass that learns may be right, or wrong elsewhere, on the one after it.
    }
    machine.restart(0, false);
  }
}

/** Ends of pieces at every byte. */
export const byteByByte = (length: number): number[] => Array.from({ length: length + 1 }, (_, i) => i);

/** Ends of random pieces. */
export function inPieces(random: Random, length: number): number[] {
  const probability = random.pick([0.02, 0.2, 0.6, 1]);
  return byteByByte(length).filter((end) => end === length || random.chance(probability));
}
