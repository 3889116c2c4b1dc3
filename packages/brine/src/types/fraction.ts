import { pythonKey } from "../values/key.ts";
import { PyGlobal } from "../values/py-global.ts";
import { numberKey, reduced } from "./number-key.ts";
import type { TypeDefinition } from "./registry.ts";
import { textOf } from "../values/attributes.ts";
import { bigInteger, defineValue, PyValue, written } from "./value.ts";

const type: PyGlobal = /* @__PURE__ */ new PyGlobal("fractions", "Fraction");

/** Python's `fractions.Fraction`: a rational number in lowest terms. */
export class PyFraction extends PyValue {
  /** Numerator, with the sign. */
  declare readonly numerator: bigint;
  /** Denominator, above 0. */
  declare readonly denominator: bigint;

  /** @throws RangeError if the denominator is 0 */
  constructor(numerator: bigint | number, denominator: bigint | number = 1n) {
    if (BigInt(denominator) === 0n) throw new RangeError(`Fraction(${numerator}, 0)`);
    const [top, bottom] = reduced(BigInt(numerator), BigInt(denominator));
    super({ numerator: top, denominator: bottom });
  }

  /** The fraction that a text such as `"-7/3"` or `"5"` says. Throws a RangeError for another text, or one of over 4300 digits. */
  static from(text: string): PyFraction {
    const match = /^([+-]?\d{1,4300})(?:\/(\d{1,4300}))?$/.exec(text);
    if (match === null) throw new RangeError(`no fraction: ${text}`);
    return new PyFraction(BigInt(match[1] as string), BigInt(match[2] ?? 1));
  }

  /** The Python class. */
  get type(): PyGlobal {
    return type;
  }

  /** The nearest `number`. */
  toNumber(): number {
    return Number(this.numerator) / Number(this.denominator);
  }

  /** Equal to every number of the same value. */
  override [pythonKey](): unknown {
    return numberKey(this.numerator, this.denominator);
  }

  /** `-7/3`, or `5` for a whole number. */
  toString(): string {
    return this.denominator === 1n ? `${this.numerator}` : `${this.numerator}/${this.denominator}`;
  }
}

/** How `Fraction` is read: a text up to Python 3.11, two ints since. */
export const fractionReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  defineValue<PyFraction>(type, [1, 2], {
    construct({ args }) {
      const text = textOf(args[0]);
      const [numerator, denominator] = args.map(bigInteger);
      if (text !== undefined && args.length === 1) return PyFraction.from(text);
      return numerator === undefined ? undefined : new PyFraction(numerator, denominator);
    },
  }),
])();

/** How `Fraction` is read and written. */
export const fractions: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  written<PyFraction>(
    fractionReaders,
    ({ numerator, denominator }) => ({
      callable: type,
      args: [numerator, denominator],
    }),
    PyFraction,
  ))();
