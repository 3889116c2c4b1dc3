import { PyGlobal } from "../values/py-global.ts";
import type { TypeDefinition } from "./registry.ts";
import { define, integer, PyRecord } from "./value.ts";
import { equalParts } from "./equality.ts";
import { pythonKey } from "../values/key.ts";

const compile: PyGlobal = /* @__PURE__ */ new PyGlobal("re", "_compile");

/** Python's compiled regular expression, `re.Pattern`. Its syntax is Python's; JavaScript's `RegExp` is similar, and not the same. */
export class PyPattern extends PyRecord {
  /** The expression: text, or bytes for a pattern that matches bytes. */
  readonly pattern: string | Uint8Array;
  /** Flags as a number, as `re` has them: 2 IGNORECASE, 8 MULTILINE, 16 DOTALL, 32 UNICODE, 64 VERBOSE. */
  readonly flags: number;

  /** @param flags 32 (UNICODE) is there unless told, as in Python for a text */
  constructor(pattern: string | Uint8Array, flags: number = typeof pattern === "string" ? 32 : 0) {
    super();
    this.pattern = pattern;
    this.flags = flags;
    Object.freeze(this);
  }

  /** The Python class. */
  get type(): PyGlobal {
    return new PyGlobal("re", "Pattern");
  }

  /** What it holds, by name. */
  protected override fields(): Record<string, unknown> {
    return { pattern: this.pattern, flags: this.flags };
  }

  /** Equal by pattern and flags. */
  override [pythonKey](): unknown {
    return this[equalParts]();
  }
}

/** How `re.Pattern` is read and written. */
export const patterns: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  define<PyPattern>(compile, {
    class: PyPattern,
    construct({ args: [pattern, flags, ...more] }) {
      const isRight = typeof pattern === "string" || pattern instanceof Uint8Array;
      const bits = integer(flags, 0);
      return isRight && bits !== undefined && more.length === 0 ? new PyPattern(pattern, bits) : undefined;
    },
    reduce: ({ pattern, flags }) => ({ callable: compile, args: [pattern, BigInt(flags)] }),
  }),
])();
