import { PyGlobal } from "../values/py-global.ts";
import type { TypeDefinition } from "./registry.ts";
import { defineValue, integer, PyRecord, written } from "./value.ts";
import { equalParts } from "./equality.ts";
import { pythonKey } from "../values/key.ts";

const compile: PyGlobal = /* @__PURE__ */ new PyGlobal("re", "_compile");

/** Python's compiled regular expression, `re.Pattern`. Its syntax is Python's; JavaScript's `RegExp` is similar, and not the same. */
export class PyPattern extends PyRecord {
  /** The expression: text, or bytes for a pattern that matches bytes. */
  declare readonly pattern: string | Uint8Array;
  /** Flags as a number, as `re` has them: 2 IGNORECASE, 8 MULTILINE, 16 DOTALL, 32 UNICODE, 64 VERBOSE. */
  declare readonly flags: number;

  /** @param flags 32 (UNICODE) is there unless told, as in Python for a text */
  constructor(pattern: string | Uint8Array, flags: number = typeof pattern === "string" ? 32 : 0) {
    super({ pattern, flags });
  }

  /** The Python class. */
  get type(): PyGlobal {
    return new PyGlobal("re", "Pattern");
  }

  /** Equal by pattern and flags. */
  override [pythonKey](): unknown {
    return this[equalParts]();
  }
}

/** How `re.Pattern` is read. */
export const patternReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  defineValue<PyPattern>(compile, [2, 2], {
    construct({ args: [pattern, flags] }) {
      const bits = integer(flags, 0);
      const isRight = typeof pattern === "string" || pattern instanceof Uint8Array;
      return isRight && bits !== undefined ? new PyPattern(pattern, bits) : undefined;
    },
  }),
])();

/** How `re.Pattern` is read and written. */
export const patterns: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  written<PyPattern>(
    patternReaders,
    ({ pattern, flags }) => ({
      callable: compile,
      args: [pattern, BigInt(flags)],
    }),
    PyPattern,
  ))();
