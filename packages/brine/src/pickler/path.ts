import * as frames from "./frame.ts";
import type { DumpState } from "./state.ts";

/** A longer path is cut in the middle. */
const LONGEST = 200;

function step(key: unknown): string {
  if (typeof key === "string") return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
  const shown = typeof key === "object" && key !== null ? "…" : String(key);
  return `[${shown}]`;
}

/** Of an object, by the step that comes next. */
const objectParts = ["", ".type", ".args", ".kwargs"] as const;

/**
 * Notes what an error came through that no frame tells of: the container inside of the frame at `depth`, at an index, a
 * key, or, with `at` of 0 or more, in the key of that entry. Gives the error.
 */
export function inside(state: DumpState, error: unknown, depth: number, key: unknown, at = -1): unknown {
  state.passed.push({ depth, step: at < 0 ? step(key) : `[key ${at}]` });
  return error;
}

/** Where in the root value the dump is at work: `$.users[3].owner`. */
export function pathOf({ frames: all, depth, stack, passed }: DumpState): string {
  let path = "$";
  const within = (frame: number): void => {
    // The innermost was passed first.
    for (const one of passed.toReversed()) if (one.depth === frame) path += one.step;
  };
  within(-1);
  for (const [number, frame] of all.slice(0, depth + 1).entries()) {
    const { kind, base, before, index, length, parts, tail } = frame;
    const at = before + index - base - 1;
    if (kind === frames.OBJECT) {
      const operation = parts?.operations[index - 5]?.kind ?? "";
      path +=
        objectParts[index] ??
        (operation.startsWith("a") ? ".items" : operation === "set" ? ".entries" : ".state");
    } else if (kind === frames.DICT_ITEMS || kind === frames.OBJECT_ENTRIES)
      path += at % 2 === 0 ? `[key ${at / 2}]` : step(stack[index - 2]);
    else if (kind !== frames.BARE_ITEMS || length > 1 || tail.length === 0) path += `[${at}]`;
    within(number);
  }
  return path.length <= LONGEST ? path : `${path.slice(0, LONGEST / 2)} … ${path.slice(-LONGEST / 2)}`;
}
