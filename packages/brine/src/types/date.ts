import { PyGlobal } from "../values/py-global.ts";
import type { TypeDefinition } from "./registry.ts";
import {
  digits,
  epochMilliseconds,
  isoParts,
  requireRange,
  textOfSource,
  type TemporalType,
  temporalFrom,
} from "./iso.ts";
import { attempt, define, integer, PyValue, textOf } from "./value.ts";

const type: PyGlobal = /* @__PURE__ */ new PyGlobal("datetime", "date");

/** Checks a date. Throws a RangeError if there is none such from the year 1 to 9999. */
export function requireDate(year: number, month: number, day: number): void {
  requireRange("year", year, 1, 9999);
  requireRange("month", month, 1, 12);
  const next = epochMilliseconds(year, month + 1, 1);
  requireRange("day", day, 1, (next - epochMilliseconds(year, month, 1)) / 86_400_000);
}

/** The arguments of a call as numbers: the bytes of the one argument if it is `length` of them, else the integers that there are. */
export function numbersOf(args: readonly unknown[], length: number): number[] | undefined {
  const packed = textOf(args[0]);
  if (packed !== undefined) {
    return packed.length === length ? Array.from(packed, (unit) => unit.charCodeAt(0)) : undefined;
  }
  const numbers = args.map((arg) => integer(arg));
  return numbers.includes(undefined) ? undefined : (numbers as number[]);
}

/** Python's `datetime.date`: a day from the year 1 to 9999. */
export class PyDate extends PyValue {
  /** Year, from 1 to 9999. */
  readonly year: number;
  /** Month, from 1 to 12. */
  readonly month: number;
  /** Day of the month, from 1. */
  readonly day: number;

  /** @throws RangeError if there is no such day */
  constructor(year: number, month: number, day: number) {
    super();
    requireDate(year, month, day);
    this.year = year;
    this.month = month;
    this.day = day;
    Object.freeze(this);
  }

  /** The day of an ISO 8601 text, a `Temporal.PlainDate` or a `Date` (in UTC). */
  static from(source: string | object): PyDate {
    const { date } = isoParts(source);
    if (date === undefined) throw new RangeError(`no date: ${textOfSource(source)}`);
    return new PyDate(...date);
  }

  /** The Python class. */
  get type(): PyGlobal {
    return type;
  }

  /** What tells values of the class apart. */
  protected override parts(): readonly unknown[] {
    return [this.year, this.month, this.day];
  }

  /** As ISO 8601 has it: `2020-01-02`. */
  toString(): string {
    return `${digits(this.year, 4)}-${digits(this.month, 2)}-${digits(this.day, 2)}`;
  }

  /** Midnight UTC of the day. */
  toDate(): Date {
    return new Date(epochMilliseconds(this.year, this.month, this.day));
  }

  /** A `Temporal.PlainDate`, of the runtime's `Temporal` or the polyfill's given. */
  toTemporal(temporal?: object): TemporalType<"PlainDate"> {
    return temporalFrom("PlainDate", this.toString(), temporal);
  }
}

/** How `date` is read and written. Source: CPython `Modules/_datetimemodule.c`, `date_new`, `date_reduce`. */
export const dates: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  define<PyDate>(type, {
    class: PyDate,
    construct({ args }) {
      const [first = 0, second = 0, third = 0, fourth] = numbersOf(args, 4) ?? [];
      if (fourth === undefined)
        return args.length === 3 ? attempt(() => new PyDate(first, second, third)) : undefined;
      return args.length === 1 ? attempt(() => new PyDate(first * 256 + second, third, fourth)) : undefined;
    },
    reduce: ({ year, month, day }) => ({
      callable: type,
      args: [Uint8Array.of(year >> 8, year, month, day)],
    }),
  }),
])();
