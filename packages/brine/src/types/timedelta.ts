import { PyGlobal } from "../values/py-global.ts";
import {
  clockOf,
  DAY,
  fraction,
  microsecondsOf,
  requireRange,
  textOfSource,
  type TemporalType,
  temporalFrom,
} from "./iso.ts";
import { integersOf } from "./date.ts";
import { defineValue, PyValue, written } from "./value.ts";
import type { TypeDefinition } from "./registry.ts";

/** Microseconds in a day. */
const day = 86_400_000_000n;

const timedelta: PyGlobal = /* @__PURE__ */ new PyGlobal("datetime", "timedelta");

/** Python's `datetime.timedelta`: a length of time in microseconds, up to 999,999,999 days. */
export class PyTimeDelta extends PyValue {
  /** Days, from −999,999,999 to 999,999,999. */
  declare readonly days: number;
  /** Seconds beyond the days, from 0 to 86,399. */
  declare readonly seconds: number;
  /** Microseconds beyond the seconds, from 0 to 999,999. */
  declare readonly microseconds: number;

  /**
   * A length of integer days, seconds and microseconds, which are brought into their ranges.
   *
   * @throws RangeError beyond 999,999,999 days
   */
  constructor(days: number | bigint = 0, seconds: number | bigint = 0, microseconds: number | bigint = 0) {
    const total = BigInt(days) * day + BigInt(seconds) * 1_000_000n + BigInt(microseconds);
    const rest = Number(((total % day) + day) % day);
    super({
      days: Number((total - BigInt(rest)) / day),
      seconds: Math.floor(rest / 1e6),
      microseconds: rest % 1e6,
    });
    requireRange("days", this.days, -999_999_999, 999_999_999);
  }

  /** The Python class. */
  get type(): PyGlobal {
    return timedelta;
  }

  /** The whole length in microseconds, exact. */
  get totalMicroseconds(): bigint {
    return BigInt(this.days) * day + BigInt(this.seconds * 1e6 + this.microseconds);
  }

  /** The whole length in seconds, the fraction as far as a number can hold it. */
  get totalSeconds(): number {
    return Number(this.totalMicroseconds) / 1e6;
  }

  /** As ISO 8601 has it: `P1DT2.000003S`. */
  toString(): string {
    const total = this.totalMicroseconds;
    const size = total < 0n ? -total : total;
    const { hour, minute, second, microsecond } = clockOf(Number(size % day));
    const text = `P${size / day}DT${hour}H${minute}M${second}${fraction(microsecond)}S`
      .replace(/(?<![\d.])0[DHMS]/g, "")
      .replace(/T$/, "");
    return (total < 0n ? "-" : "") + (text === "P" ? "PT0S" : text);
  }

  /** A `Temporal.Duration`, of the runtime's `Temporal` or the polyfill's given. */
  toTemporal(temporal?: object): TemporalType<"Duration"> {
    return temporalFrom("Duration", this.toString(), temporal);
  }
}

/** Names of lengths of time, in the plural, with their microseconds. */
const units = {
  weeks: 7 * DAY,
  days: DAY,
  hours: 3_600_000_000,
  minutes: 60_000_000,
  seconds: 1_000_000,
  milliseconds: 1000,
  microseconds: 1,
} as const;

const iso =
  /^(?<sign>[+-]?)P(?:(?<weeks>\d+)W)?(?:(?<days>\d+)D)?(?:T(?:(?<hours>\d+)H)?(?:(?<minutes>\d+)M)?(?:(?<seconds>\d+)(?:\.(?<rest>\d{1,9}))?S)?)?$/i;

/** Lengths of time by name, integers of any sign. */
export type DurationParts = { readonly [unit in keyof typeof units]?: number | bigint };

/** The microseconds of lengths of time by name, which may be texts. */
function totalOf(parts: object): bigint {
  let total = 0n;
  for (const [unit, length] of Object.entries(units)) {
    if (Object.hasOwn(parts, unit))
      total += BigInt((parts as DurationParts)[unit as "days"] ?? 0) * BigInt(length);
  }
  return total;
}

/**
 * The sum of lengths by name, `{ hours: 1, minutes: 30 }`; or what an ISO 8601 text or a `Temporal.Duration` says.
 *
 * @throws RangeError if it has years or months, or nanoseconds
 */
export function timeDeltaFrom(source: DurationParts | string | object): PyTimeDelta {
  const text = textOfSource(source);
  if (text.startsWith("[object")) return new PyTimeDelta(0, 0, totalOf(source as object));
  const { sign, rest, ...parts } = iso.exec(text)?.groups ?? {};
  if (sign === undefined || /[PT]$/i.test(text)) {
    throw new RangeError(`no length of time that Python has: ${text}. Years and months have no fixed length`);
  }
  const total = totalOf(parts) + BigInt(microsecondsOf(rest));
  return new PyTimeDelta(0, 0, sign === "-" ? -total : total);
}

/** How `timedelta` is read. */
export const timeDeltaReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  defineValue<PyTimeDelta>(timedelta, [0, 3], {
    construct: ({ args }) => new PyTimeDelta(...integersOf(args, 3)),
  }),
])();

/** How `timedelta` is read and written. */
export const timedeltas: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  written<PyTimeDelta>(
    timeDeltaReaders,
    ({ days, seconds, microseconds }) => ({
      callable: timedelta,
      args: [days, seconds, microseconds].map(BigInt),
    }),
    PyTimeDelta,
  ))();
