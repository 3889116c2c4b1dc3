import { PyGlobal } from "../values/py-global.ts";
import { integersOf, packedOf } from "./date.ts";
import {
  type ClockTime,
  isoParts,
  offsetText,
  requireRange,
  textOfSource,
  type TemporalType,
  temporalFrom,
  timeText,
} from "./iso.ts";
import type { TypeDefinition } from "./registry.ts";
import { PyTimeZone } from "./timezone.ts";
import { asZone } from "./tzinfo.ts";
import { defineValue, PyValue, written } from "./value.ts";

const type: PyGlobal = /* @__PURE__ */ new PyGlobal("datetime", "time");

/** Checks a time of the day. Throws a RangeError if there is none such. */
export function requireTime({
  hour,
  minute,
  second,
  microsecond,
  fold,
}: ClockTime & { readonly fold: number }): void {
  requireRange("hour", hour, 0, 23);
  requireRange("minute", minute, 0, 59);
  requireRange("second", second, 0, 59);
  requireRange("microsecond", microsecond, 0, 999_999);
  requireRange("fold", fold, 0, 1);
}

/** Microseconds since midnight. */
export const microsecondsOfDay = ({ hour, minute, second, microsecond }: ClockTime): number =>
  ((hour * 60 + minute) * 60 + second) * 1e6 + microsecond;

/** The bytes of a time in a pickle. */
export const timeBytes = ({ hour, minute, second, microsecond }: ClockTime): number[] => [
  hour,
  minute,
  second,
  microsecond >> 16,
  microsecond >> 8,
  microsecond,
];

/** The microsecond that three bytes in a pickle say. */
export const microsecondOf = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;

/** Python's `datetime.time`: a time of the day, maybe with a zone. */
export class PyTime extends PyValue implements ClockTime {
  /** Hour, from 0 to 23. */
  declare readonly hour: number;
  /** Minute, from 0 to 59. */
  declare readonly minute: number;
  /** Second, from 0 to 59. */
  declare readonly second: number;
  /** Microsecond, from 0 to 999,999. */
  declare readonly microsecond: number;
  /** The zone: a `PyTzInfo`, or a `PyObject` of a class that is not known; `null` without one. */
  declare readonly tzinfo: unknown;
  /** Which of two equal times is meant at the end of summer time: 0 the first, 1 the second. */
  declare readonly fold: number;

  /** @throws RangeError if there is no such time */
  constructor(hour = 0, minute = 0, second = 0, microsecond = 0, tzinfo: unknown = null, fold = 0) {
    super({ hour, minute, second, microsecond, tzinfo, fold });
    requireTime(this);
  }

  /** The Python class. */
  get type(): PyGlobal {
    return type;
  }

  /** What tells values of the class apart. */
  protected override parts(): readonly unknown[] {
    const offset = asZone(this.tzinfo)?.offsetAt();
    return offset === undefined
      ? [microsecondsOfDay(this), this.tzinfo]
      : [microsecondsOfDay(this) - offset, "aware"];
  }

  /** As ISO 8601 has it: `01:02:03.000004+00:00`. */
  toString(): string {
    return timeText(this) + offsetText(asZone(this.tzinfo)?.offsetAt());
  }

  /** A `Temporal.PlainTime` without the zone, of the runtime's `Temporal` or the polyfill's given. */
  toTemporal(temporal?: object): TemporalType<"PlainTime"> {
    return temporalFrom("PlainTime", timeText(this), temporal);
  }
}

/**
 * The time of an ISO 8601 text or a `Temporal.PlainTime`.
 *
 * @throws RangeError if it is none, or has nanoseconds
 */
export function timeFrom(source: string | object): PyTime {
  const { time, offset } = isoParts(source);
  if (time === undefined) throw new RangeError(`no time: ${textOfSource(source)}`);
  return new PyTime(...time, offset === undefined ? null : new PyTimeZone(offset));
}

/** How `time` is read. Source: CPython `Modules/_datetimemodule.c`, `time_new`. */
export const timeReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  defineValue<PyTime>(type, [1, 5], {
    construct({ args }) {
      const bytes = packedOf(args, 6);
      const [hour, minute, second, microsecond] = bytes
        ? [...bytes.slice(0, 3), microsecondOf(bytes, 3)]
        : integersOf(args, 4);
      const mark = bytes ? hour! & 128 : 0;
      return new PyTime(hour! - mark, minute, second, microsecond, args[bytes ? 1 : 4] ?? null, mark >> 7);
    },
  }),
])();

/** How `time` is read and written. Source: CPython `Modules/_datetimemodule.c`, `time_reduce_ex`. */
export const times: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  written<PyTime>(
    timeReaders,
    (time, protocol) => {
      const bytes = Uint8Array.from(timeBytes(time));
      if (protocol > 3) (bytes[0] as number) |= time.fold << 7;
      return { callable: type, args: time.tzinfo === null ? [bytes] : [bytes, time.tzinfo] };
    },
    PyTime,
  ))();
