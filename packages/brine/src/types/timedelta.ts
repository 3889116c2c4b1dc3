import { PyGlobal } from "../values/py-global.ts";
import {
  DAY,
  digits,
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

const timedelta: PyGlobal = /* @__PURE__ */ new PyGlobal("datetime", "timedelta");

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

/** Lengths of time by name, integers of any sign. */
export type DurationParts = { readonly [unit in keyof typeof units]?: number | bigint };

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
    const total = BigInt(days) * BigInt(DAY) + BigInt(seconds) * 1_000_000n + BigInt(microseconds);
    const rest = ((total % BigInt(DAY)) + BigInt(DAY)) % BigInt(DAY);
    super({
      days: Number((total - rest) / BigInt(DAY)),
      seconds: Math.floor(Number(rest) / 1e6),
      microseconds: Number(rest) % 1e6,
    });
    requireRange("days", this.days, -999_999_999, 999_999_999);
  }

  /** The sum of lengths by name, `{ hours: 1, minutes: 30 }`; or what an ISO 8601 text or a `Temporal.Duration` says. */
  static from(source: DurationParts | string | object): PyTimeDelta {
    const text = textOfSource(source);
    let total = 0n;
    if (text.startsWith("[object")) {
      for (const [unit, length] of Object.entries(units)) {
        const value = Object.hasOwn(source as object, unit) ? (source as DurationParts)[unit as "days"] : 0;
        total += BigInt(value ?? 0) * BigInt(length);
      }
      return new PyTimeDelta(0, 0, total);
    }
    const match =
      /^([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,9}))?S)?)?$/i.exec(text);
    if (match === null || /[PT]$/i.test(text)) {
      throw new RangeError(
        `no length of time that Python has: ${text}. Years and months have no fixed length`,
      );
    }
    const [, sign, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0, rest] = match;
    const parts = [weeks, days, hours, minutes, seconds].map(BigInt);
    Object.values(units).forEach((length, index) => {
      total += (parts[index] ?? 0n) * BigInt(length);
    });
    total += BigInt(microsecondsOf(rest));
    return new PyTimeDelta(0, 0, sign === "-" ? -total : total);
  }

  /** The Python class. */
  get type(): PyGlobal {
    return timedelta;
  }

  /** The whole length in microseconds, exact. */
  get totalMicroseconds(): bigint {
    return BigInt(this.days) * BigInt(DAY) + BigInt(this.seconds * 1e6 + this.microseconds);
  }

  /** The whole length in seconds, the fraction as far as a number can hold it. */
  get totalSeconds(): number {
    return Number(this.totalMicroseconds) / 1e6;
  }

  /** As ISO 8601 has it: `P1DT2.000003S`. */
  toString(): string {
    const total = this.totalMicroseconds;
    const size = total < 0n ? -total : total;
    const days = size / BigInt(DAY);
    const rest = Number(size % BigInt(DAY));
    const hours = Math.floor(rest / 3.6e9);
    const minutes = Math.floor(rest / 6e7) % 60;
    const seconds = `${Math.floor(rest / 1e6) % 60}${fraction(rest % 1e6)}`;
    const time =
      (hours > 0 ? `${hours}H` : "") +
      (minutes > 0 ? `${minutes}M` : "") +
      (seconds === "0" && rest + Number(days) > 0 ? "" : `${seconds}S`);
    return `${total < 0n ? "-" : ""}P${days > 0n ? `${days}D` : ""}${time === "" ? "" : `T${time}`}`;
  }

  /** A `Temporal.Duration`, of the runtime's `Temporal` or the polyfill's given. */
  toTemporal(temporal?: object): TemporalType<"Duration"> {
    return temporalFrom("Duration", this.toString(), temporal);
  }
}

/** An offset from UTC as Python writes it: `+05:30`, `-01:00:01`, `+00:00:00.000001`. */
export function offsetText(microseconds: number): string {
  const size = Math.abs(microseconds);
  const parts = [size / 3.6e9, (size / 6e7) % 60, (size / 1e6) % 60].map((part) =>
    digits(Math.floor(part), 2),
  );
  const rest = fraction(size % 1e6);
  if (parts[2] === "00" && rest === "") parts.pop();
  return (microseconds < 0 ? "-" : "+") + parts.join(":") + rest;
}

/** How `timedelta` is read. */
export const timeDeltaReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  defineValue<PyTimeDelta>(timedelta, [0, 3], {
    class: PyTimeDelta,
    construct: ({ args }) => new PyTimeDelta(...integersOf(args, 3)),
  }),
])();

/** How `timedelta` is read and written. */
export const timedeltas: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  written<PyTimeDelta>(timeDeltaReaders, ({ days, seconds, microseconds }) => ({
    callable: timedelta,
    args: [days, seconds, microseconds].map(BigInt),
  })))();
