import type { TypeDefinition } from "./registry.ts";
import { equalParts } from "./equality.ts";
import { attempt, bigInteger, builtin, define, PyRecord, PyValue } from "./value.ts";
import type { PyGlobal } from "../values/py-global.ts";
import { pythonKey } from "../values/key.ts";

/** Python's `range`, and `xrange` of Python 2: integers from `start` up or down to before `stop`. Equal to another one of the same integers. */
export class PyRange extends PyValue {
  /** The first integer. */
  readonly start: bigint;
  /** Where it ends, that one left out. */
  readonly stop: bigint;
  /** The distance, not 0. */
  readonly step: bigint;

  /** @throws RangeError if the step is 0 */
  constructor(start: bigint | number, stop: bigint | number, step: bigint | number = 1n) {
    super();
    if (BigInt(step) === 0n) throw new RangeError("range() arg 3 must not be zero");
    this.start = BigInt(start);
    this.stop = BigInt(stop);
    this.step = BigInt(step);
    Object.freeze(this);
  }

  /** The Python class. */
  get type(): PyGlobal {
    return builtin("range");
  }

  /** How many integers it has. */
  get length(): bigint {
    const { start, stop, step } = this;
    const span = step > 0n ? stop - start : start - stop;
    const size = step > 0n ? step : -step;
    return span <= 0n ? 0n : (span + size - 1n) / size;
  }

  /** Its integers. */
  *[Symbol.iterator](): Generator<bigint, void> {
    const { start, stop, step } = this;
    for (let at = start; step > 0n ? at < stop : at > stop; at += step) yield at;
  }

  /** What tells values of the class apart. */
  protected override parts(): readonly unknown[] {
    const { length, start, step } = this;
    return length === 0n ? [0n] : length === 1n ? [1n, start] : [length, start, step];
  }

  /** As Python writes it: `range(0, 10)`, with the step if it is not 1. */
  toString(): string {
    return `range(${this.start}, ${this.stop}${this.step === 1n ? "" : `, ${this.step}`})`;
  }
}

/** Python's `slice`: three values of any type, `null` for what is left out. */
export class PySlice extends PyRecord {
  /** Where it begins. */
  readonly start: unknown;
  /** Where it ends, that one left out. */
  readonly stop: unknown;
  /** The distance. */
  readonly step: unknown;

  constructor(start: unknown, stop: unknown, step: unknown = null) {
    super();
    this.start = start;
    this.stop = stop;
    this.step = step;
    Object.freeze(this);
  }

  /** The Python class. */
  get type(): PyGlobal {
    return builtin("slice");
  }

  /** What it holds, by name. */
  protected override fields(): Record<string, unknown> {
    return { start: this.start, stop: this.stop, step: this.step };
  }

  /** Equal by its values; hashable, as since Python 3.12. */
  override [pythonKey](): unknown {
    return this[equalParts]();
  }
}

/** How `range` and `slice` are read and written. */
export const ranges: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  define<PyRange>(builtin("range"), {
    class: PyRange,
    construct({ args }) {
      const numbers = args.map(bigInteger);
      const [start = 0n, stop = 0n, step = 1n] = numbers.length === 1 ? [0n, ...numbers] : numbers;
      return args.length < 1 || args.length > 3 || numbers.includes(undefined)
        ? undefined
        : attempt(() => new PyRange(start, stop, step));
    },
    reduce: ({ start, stop, step }) => ({ callable: builtin("range"), args: [start, stop, step] }),
  }),
  define<PySlice>(builtin("slice"), {
    class: PySlice,
    construct({ args: [start = null, stop = null, step = null], args }) {
      if (args.length < 1 || args.length > 3) return undefined;
      return args.length === 1 ? new PySlice(null, start) : new PySlice(start, stop, step);
    },
    reduce: ({ start, stop, step }) => ({ callable: builtin("slice"), args: [start, stop, step] }),
  }),
])();
