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
import { defineValue, integer, PyValue, written } from "./value.ts";

const type: PyGlobal = /* @__PURE__ */ new PyGlobal("datetime", "date");

/** Checks a date. Throws a RangeError if there is none such from the year 1 to 9999. */
export function requireDate(year: number, month: number, day: number): void {
  requireRange("year", year, 1, 9999);
  requireRange("month", month, 1, 12);
  // Every month has 28.
  const last = day > 28 ? new Date(epochMilliseconds(year, month + 1, 0)).getUTCDate() : 28;
  requireRange("day", day, 1, last);
}

/** A date as ISO 8601 has it. */
export const dateText = ({ year, month, day }: Pick<PyDate, "year" | "month" | "day">): string =>
  `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;

/** The bytes that a date or time is packed in: the first argument if it is `length` of them, and the other one, if any, an object. */
export function packedOf(args: readonly unknown[], length: number): Uint8Array | undefined {
  const [first, zone = null, ...more] = args;
  if (typeof zone !== "object" || more.length > 0) return undefined;
  // Python 2's, loaded as text.
  const bytes = typeof first === "string" ? Uint8Array.from(first, (unit) => unit.charCodeAt(0)) : first;
  return bytes instanceof Uint8Array && bytes.length === length ? bytes : undefined;
}

/** The year that packed bytes begin with. */
export const yearOf = ([high, low]: Uint8Array): number => high! * 256 + low!;

/** The first arguments as integers; NaN, which nothing takes, for one that is none. */
export const integersOf = (args: readonly unknown[], most: number): number[] =>
  args.slice(0, most).map((arg) => integer(arg) ?? Number.NaN);

/** Python's `datetime.date`: a day from the year 1 to 9999. */
export class PyDate extends PyValue {
  /** Year, from 1 to 9999. */
  declare readonly year: number;
  /** Month, from 1 to 12. */
  declare readonly month: number;
  /** Day of the month, from 1. */
  declare readonly day: number;

  /** @throws RangeError if there is no such day */
  constructor(year: number, month: number, day: number) {
    super({ year, month, day });
    requireDate(year, month, day);
  }

  /** The Python class. */
  get type(): PyGlobal {
    return type;
  }

  /** As ISO 8601 has it: `2020-01-02`. */
  toString(): string {
    return dateText(this);
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

/**
 * The day of an ISO 8601 text, a `Temporal.PlainDate` or a `Date` (in UTC).
 *
 * @throws RangeError if it is none
 */
export function dateFrom(source: string | object): PyDate {
  const { date } = isoParts(source);
  if (date === undefined) throw new RangeError(`no date: ${textOfSource(source)}`);
  return new PyDate(...date);
}

/** How `date` is read. Source: CPython `Modules/_datetimemodule.c`, `date_new`. */
export const dateReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  defineValue<PyDate>(type, [1, 3], {
    construct({ args }) {
      const bytes = args.length === 1 ? packedOf(args, 4) : undefined;
      const [year, month, day] = bytes ? [yearOf(bytes), ...bytes.slice(2)] : integersOf(args, 3);
      return new PyDate(year!, month!, day!);
    },
  }),
])();

/** How `date` is read and written. Source: CPython `Modules/_datetimemodule.c`, `date_reduce`. */
export const dates: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  written<PyDate>(
    dateReaders,
    ({ year, month, day }) => ({
      callable: type,
      args: [Uint8Array.of(year >> 8, year, month, day)],
    }),
    PyDate,
  ))();
