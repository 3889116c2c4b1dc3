import type { Reduction, TypeDefinition } from "./registry.ts";
import { equalParts } from "./equality.ts";
import { bigInteger, builtin, defineValue, PyRecord, PyValue, written } from "./value.ts";
import type { PyGlobal } from "../values/py-global.ts";
import { pythonKey } from "../values/key.ts";

/** Python's `range`, and `xrange` of Python 2: integers from `start` up or down to before `stop`. Equal to another one of the same integers. */
export class PyRange extends PyValue {
  /** The first integer. */
  declare readonly start: bigint;
  /** Where it ends, that one left out. */
  declare readonly stop: bigint;
  /** The distance, not 0. */
  declare readonly step: bigint;

  /** @throws RangeError if the step is 0 */
  constructor(start: bigint | number, stop: bigint | number, step: bigint | number = 1n) {
    if (BigInt(step) === 0n) throw new RangeError("range() arg 3 must not be zero");
    super({ start: BigInt(start), stop: BigInt(stop), step: BigInt(step) });
  }

  /** The Python class. */
  get type(): PyGlobal {
    return builtin("range");
  }

  /** How many integers it has. */
  get length(): bigint {
    const { start, stop, step } = this;
    // Rounded up, whichever way it goes.
    const length = (stop - start + step - (step > 0n ? 1n : -1n)) / step;
    return length > 0n ? length : 0n;
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
  declare readonly start: unknown;
  /** Where it ends, that one left out. */
  declare readonly stop: unknown;
  /** The distance. */
  declare readonly step: unknown;

  constructor(start: unknown, stop: unknown, step: unknown = null) {
    super({ start, stop, step });
  }

  /** The Python class. */
  get type(): PyGlobal {
    return builtin("slice");
  }

  /** Equal by its values; hashable, as since Python 3.12. */
  override [pythonKey](): unknown {
    return this[equalParts]();
  }
}

/** How `range` and `slice` are read. */
export const rangeReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  defineValue<PyRange>(builtin("range"), [1, 3], {
    construct({ args }) {
      const numbers = args.map(bigInteger);
      if (numbers.length === 1) numbers.unshift(0n);
      return numbers.includes(undefined)
        ? undefined
        : new PyRange(...(numbers as [start: bigint, stop: bigint, step?: bigint]));
    },
  }),
  defineValue<PySlice>(builtin("slice"), [1, 3], {
    construct: ({ args: [start, ...rest] }) =>
      rest.length === 0 ? new PySlice(null, start) : new PySlice(start, rest[0], rest[1]),
  }),
])();

/** How `range` and `slice` are read and written. */
export const ranges: readonly TypeDefinition[] = /* @__PURE__ */ (() => {
  const reduce = ({ type, start, stop, step }: PyRange | PySlice): Reduction => ({
    callable: type,
    args: [start, stop, step],
  });
  return [
    ...written<PyRange>(rangeReaders.slice(0, 1), reduce, PyRange),
    ...written<PySlice>(rangeReaders.slice(1), reduce, PySlice),
  ];
})();
