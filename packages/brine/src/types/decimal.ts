import { pythonKey } from "../values/key.ts";
import { PyGlobal } from "../values/py-global.ts";
import { numberKey } from "./number-key.ts";
import type { TypeDefinition } from "./registry.ts";
import { textOf } from "../values/attributes.ts";
import { defineValue, PyValue, written } from "./value.ts";

const type: PyGlobal = /* @__PURE__ */ new PyGlobal("decimal", "Decimal");

/** Integers of more digits are not worked out to be compared with other types. */
const MOST_DIGITS = 4300;

/** Python's `decimal.Decimal`: a decimal number of any precision, kept as its text: `1.10` stays `1.10`. */
export class PyDecimal extends PyValue {
  /** The text, as `Decimal` reads it: `"-1.10"`, `"1E+100"`, `"NaN"`, `"sNaN123"`, `"-Infinity"`. */
  declare readonly text: string;

  /**
   * A number from its text, or an integer.
   *
   * @throws RangeError if it is no decimal number
   */
  constructor(value: string | bigint | number) {
    const text = String(value);
    if (!/^[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?|s?nan\d*)$/i.test(text))
      throw new RangeError(`no decimal number: ${text}`);
    super({ text });
  }

  /** The Python class. */
  get type(): PyGlobal {
    return type;
  }

  /** The nearest `number`: often not just this one. */
  toNumber(): number {
    const text = this.text.replace(/inf.*/i, "Infinity");
    return /nan/i.test(text) ? Number.NaN : Number(text);
  }

  /** Equal to every number of the same value; NaN to nothing. */
  override [pythonKey](): unknown {
    const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:e(.+))?$/i.exec(this.text);
    if (match === null) return this.toNumber();
    const [, sign = "", whole = "", part = "", power = "0"] = match;
    // The zeros behind are what backtracking gives up, once: linear time.
    const [upTo, significant] = /^0*(.*[1-9])?/.exec(whole + part) as RegExpExecArray;
    if (significant === undefined) return 0n;
    const digits = sign.replace("+", "") + significant;
    const exponent = Number(power) + whole.length - upTo.length;
    if (digits.length + Math.abs(exponent) > MOST_DIGITS) return ["Decimal", digits, exponent];
    const unit = 10n ** BigInt(Math.abs(exponent));
    return exponent < 0 ? numberKey(BigInt(digits), unit) : BigInt(digits) * unit;
  }

  /** The text. */
  toString(): string {
    return this.text;
  }
}

/** How `Decimal` is read. */
export const decimalReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  defineValue<PyDecimal>(type, [1, 1], {
    construct: ({ args }) => new PyDecimal(textOf(args[0]) ?? ""),
  }),
])();

/** How `Decimal` is read and written. */
export const decimals: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  written<PyDecimal>(decimalReaders, ({ text }) => ({ callable: type, args: [text] }), PyDecimal))();
