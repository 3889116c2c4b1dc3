import { PyZoneInfo } from "./zoneinfo.ts";
import { microsecondsOfDay, PyTime, requireTime, timeBytes, microsecondOf } from "./time.ts";
import {
  type ClockTime,
  epochMilliseconds,
  isoParts,
  offsetText,
  textOfSource,
  type TemporalType,
  temporalFrom,
  timeText,
  twinOf,
} from "./iso.ts";
import { PyTimeZone, utc } from "./timezone.ts";
import { pythonTypeName } from "../values/python-type.ts";
import { TypeDefinition } from "./registry.ts";
import { defineValue, PyValue, written } from "./value.ts";
import { asZone, type PyTzInfo, wallOffset } from "./tzinfo.ts";
import { PyGlobal } from "../values/py-global.ts";
import { dateText, integersOf, packedOf, yearOf, PyDate, requireDate } from "./date.ts";

const type: PyGlobal = /* @__PURE__ */ new PyGlobal("datetime", "datetime");

/** Python's `datetime.datetime`: a date and time, naive or in a zone. */
export class PyDateTime extends PyValue implements ClockTime {
  /** Year, from 1 to 9999. */
  declare readonly year: number;
  /** Month, from 1 to 12. */
  declare readonly month: number;
  /** Day of the month, from 1. */
  declare readonly day: number;
  /** Hour, from 0 to 23. */
  declare readonly hour: number;
  /** Minute, from 0 to 59. */
  declare readonly minute: number;
  /** Second, from 0 to 59. */
  declare readonly second: number;
  /** Microsecond, from 0 to 999,999. */
  declare readonly microsecond: number;
  /** The zone: a `PyTzInfo`, or a `PyObject` of a class that is not known; `null` if naive. */
  declare readonly tzinfo: unknown;
  /** Which of two equal times is meant at the end of summer time: 0 the first, 1 the second. */
  declare readonly fold: number;

  /** @throws RangeError if there is no such date or time */
  constructor(
    year: number,
    month: number,
    day: number,
    hour = 0,
    minute = 0,
    second = 0,
    microsecond = 0,
    tzinfo: unknown = null,
    fold = 0,
  ) {
    super({ year, month, day, hour, minute, second, microsecond, tzinfo, fold });
    requireDate(year, month, day);
    requireTime(this);
  }

  /** The Python class. */
  get type(): PyGlobal {
    return type;
  }

  /** Milliseconds since 1970 without the microseconds beyond; of the local time as if it were UTC unless its offset is told. */
  #milliseconds(offset = 0): number {
    const { year, month, day } = this;
    return epochMilliseconds(year, month, day) + Math.floor((microsecondsOfDay(this) - offset) / 1000);
  }

  /** Microseconds that the time is ahead of UTC; `undefined` if it is naive or its zone is not known. */
  get offset(): number | undefined {
    return asZone(this.tzinfo)?.offsetAt(this.#milliseconds(), this.fold);
  }

  /** Microseconds since 1970 in UTC, exact; of local time as if it were UTC if the offset is not known. */
  get epochMicroseconds(): bigint {
    const midnight = epochMilliseconds(this.year, this.month, this.day);
    return BigInt(midnight) * 1000n + BigInt(microsecondsOfDay(this) - (this.offset ?? 0));
  }

  /** What tells values of the class apart. */
  protected override parts(): readonly unknown[] {
    return [this.epochMicroseconds, this.offset === undefined ? this.tzinfo : "aware"];
  }

  /** As ISO 8601 has it, and Python's `isoformat`: `2020-01-02T03:04:05.000006+01:00`. */
  toString(): string {
    return `${dateText(this)}T${timeText(this)}${offsetText(this.offset)}`;
  }

  /**
   * The instant, without the microseconds beyond milliseconds. Naive time is local time, as for Python's `timestamp()`.
   *
   * @throws RangeError if the offset of its zone is not known
   */
  toDate(): Date {
    const { tzinfo, fold } = this;
    const offset = tzinfo === null ? wallOffset(undefined, this.#milliseconds(), fold) : this.offset;
    if (offset === undefined) throw new RangeError(`the zone ${pythonTypeName(tzinfo)} has no offset`);
    return new Date(this.#milliseconds(offset));
  }

  /**
   * A `Temporal.PlainDateTime` if naive, otherwise the `Temporal.ZonedDateTime` of the instant, of the runtime's `Temporal` or the
   * polyfill's given.
   *
   * @throws RangeError for a zone that `Temporal` has not, such as an offset with seconds
   */
  toTemporal(temporal?: object): TemporalType<"PlainDateTime" | "ZonedDateTime"> {
    if (this.tzinfo === null) return temporalFrom("PlainDateTime", this.toString(), temporal);
    // Whose offset is not known has no instant.
    this.toDate();
    // By the instant: the time itself may be in a gap, and an offset to the minute would do for one with seconds.
    const instant = temporalFrom("Instant", this.toString(), temporal) as {
      toZonedDateTimeISO(zone: string): TemporalType<"ZonedDateTime">;
    };
    return instant.toZonedDateTimeISO(String((this.tzinfo as PyTzInfo).id));
  }
}

/**
 * The date and time of an ISO 8601 text, of a `Date` or `Temporal.Instant` (in UTC), a `Temporal.PlainDateTime` (naive) or a
 * `Temporal.ZonedDateTime`, whose zone becomes a `PyZoneInfo` or `PyTimeZone`.
 *
 * @throws RangeError for another text, nanoseconds, a year that Python doesn't have, an offset that the zone hasn't at that time
 */
export function dateTimeFrom(source: string | object): PyDateTime {
  const { date, time = [0, 0, 0, 0] as const, offset, zone } = isoParts(source);
  if (date === undefined) throw new RangeError(`no date: ${textOfSource(source)}`);
  const fixed = offset === undefined ? null : offset === "Z" ? utc : new PyTimeZone(offset);
  const isNamed = zone !== undefined && zone !== "UTC" && !/^[+-]/.test(zone);
  if (!isNamed) return new PyDateTime(...date, ...time, zone === "UTC" ? utc : fixed);
  const named = new PyZoneInfo(zone);
  for (const fold of [0, 1]) {
    const at = new PyDateTime(...date, ...time, named, fold);
    // Temporal writes offsets to the minute.
    const isAt = (known: number): boolean => Math.abs(known - fixed!.offsetAt()) <= 30e6;
    if (fixed === null || at.offset === undefined || isAt(at.offset)) return at;
  }
  throw new RangeError(`${zone} is not at ${offset!} then: ${textOfSource(source)}`);
}

/** The day of a date and time, Python's `datetime.date()`. */
export function datePartOf({ year, month, day }: PyDateTime): PyDate {
  return new PyDate(year, month, day);
}

/** The time of the day, with the zone and fold: Python's `datetime.timetz()`. */
export function timePartOf({ hour, minute, second, microsecond, tzinfo, fold }: PyDateTime): PyTime {
  return new PyTime(hour, minute, second, microsecond, tzinfo, fold);
}

/** How `datetime` is read. Source: CPython `Modules/_datetimemodule.c`, `datetime_new`. */
export const dateTimeReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  defineValue<PyDateTime>(type, [1, 8], {
    construct({ args }) {
      const bytes = packedOf(args, 10);
      const [year, month, day, hour, minute, second, microsecond] = bytes
        ? [yearOf(bytes), ...bytes.slice(2, 7), microsecondOf(bytes, 7)]
        : integersOf(args, 7);
      const mark = bytes ? month! & 128 : 0;
      return new PyDateTime(
        year!,
        (month as number) - mark,
        day as number,
        hour,
        minute,
        second,
        microsecond,
        args[bytes ? 1 : 7] ?? null,
        mark >> 7,
      );
    },
  }),
])();

/** How `datetime` is read and written, and `Date` written. Source: CPython `Modules/_datetimemodule.c`, `datetime_reduce_ex`. */
export const dateTimes: readonly TypeDefinition[] = /* @__PURE__ */ (() => {
  const reduce = (value: PyDateTime, protocol: number): { callable: PyGlobal; args: unknown[] } => {
    const { year, month, day, fold, tzinfo } = value;
    const marked = protocol > 3 ? month | (fold << 7) : month;
    const bytes = Uint8Array.of(year >> 8, year, marked, day, ...timeBytes(value));
    return { callable: type, args: tzinfo === null ? [bytes] : [bytes, tzinfo] };
  };
  return [
    ...written<PyDateTime>(dateTimeReaders, reduce, PyDateTime),
    // No pickle can name it; `dumps` finds it by the class.
    new TypeDefinition("", "Date", {
      class: Date,
      tag: "[object Date]",
      reduce: (date, protocol) =>
        reduce(
          twinOf(() => dateTimeFrom(date)),
          protocol,
        ),
    }),
  ];
})();
