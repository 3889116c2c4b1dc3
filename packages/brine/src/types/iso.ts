import { PicklingError } from "../errors.ts";

/** Microseconds in a day. */
export const DAY = 86_400_000_000;

/** A number, or its digits, with zeros in front up to `width` digits. */
export const digits = (value: number | string, width: number): string => String(value).padStart(width, "0");

/** The microseconds of a second as a decimal fraction, nothing if there are none. */
export const fraction = (microseconds: number): string =>
  microseconds === 0 ? "" : `.${digits(microseconds, 6)}`;

/** A time of the day. */
export interface ClockTime {
  /** Hour, from 0 to 23. */
  readonly hour: number;
  /** Minute, from 0 to 59. */
  readonly minute: number;
  /** Second, from 0 to 59. */
  readonly second: number;
  /** Microsecond, from 0 to 999,999. */
  readonly microsecond: number;
}

/** The time of the day that is so many microseconds after midnight. */
export const clockOf = (microseconds: number): ClockTime => ({
  hour: Math.floor(microseconds / 3.6e9),
  minute: Math.floor(microseconds / 6e7) % 60,
  second: Math.floor(microseconds / 1e6) % 60,
  microsecond: microseconds % 1e6,
});

/** A time of the day as ISO 8601 has it, without a zone. */
export const timeText = ({ hour, minute, second, microsecond }: ClockTime): string =>
  `${digits(hour, 2)}:${digits(minute, 2)}:${digits(second, 2)}${fraction(microsecond)}`;

/** An offset from UTC as Python writes it: `+05:30`, `-01:00:01`, `+00:00:00.000001`; nothing for none. */
export const offsetText = (microseconds: number | undefined): string =>
  microseconds === undefined
    ? ""
    : (microseconds < 0 ? "-" : "+") + timeText(clockOf(Math.abs(microseconds))).replace(/^(.{5}):00$/, "$1");

/** Microseconds of such a text, which may lack the colons; `undefined` for another one. */
export function parseOffset(text: string): number | undefined {
  const match = /^([+-])(\d\d):?(\d\d)(?::?(\d\d)(?:\.(\d{6}))?)?$/.exec(text);
  if (match === null) return undefined;
  const [hours, minutes, seconds, microseconds] = match.slice(2).map((part) => Number(part || 0));
  const size = ((hours! * 60 + minutes!) * 60 + seconds!) * 1e6 + microseconds!;
  return match[1] === "-" ? -size : size;
}

/** What ISO 8601 and `Temporal` write of a date, a time or both. */
export interface IsoParts {
  /** Year, month and day; `undefined` without a date. */
  readonly date: readonly [year: number, month: number, day: number] | undefined;
  /** Hour, minute, second and microsecond; `undefined` without a time. */
  readonly time: readonly [hour: number, minute: number, second: number, microsecond: number] | undefined;
  /** `Z` or an offset such as `+01:00`, `undefined` without one. */
  readonly offset: string | undefined;
  /** The name in brackets, `undefined` without one. */
  readonly zone: string | undefined;
}

const iso =
  /^(?:([+-]?\d{4,6})-(\d\d)-(\d\d))?(?:(?:^|[T ])(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d\d:\d\d[\d:.]*)?(?:\[!?([^\]=]+)\])?(?:\[!?u-ca=[^\]]*\])?$/;

/**
 * Microseconds of the digits after a decimal point.
 *
 * @throws RangeError if there are nanoseconds
 */
export function microsecondsOf(text = ""): number {
  if (/[1-9]/.test(text.slice(6))) {
    throw new RangeError(`Python keeps microseconds, not .${text} seconds: round it to microseconds first`);
  }
  return Number(text.slice(0, 6).padEnd(6, "0"));
}

/** What a value that can be shown says of itself, such as a `Temporal` object. */
export const textOfSource = (source: unknown): string => String(source);

/**
 * Takes a text of ISO 8601 apart, and what becomes one: a `Date`, a `Temporal` object.
 *
 * @throws RangeError if it is none
 */
export function isoParts(source: string | object): IsoParts {
  const { toISOString } = source as Partial<Date>;
  // A Date of another realm too.
  const text = typeof toISOString === "function" ? (source as Date).toISOString() : textOfSource(source);
  const match = iso.exec(text);
  if (text === "" || match === null) throw new RangeError(`no date or time of ISO 8601: ${text}`);
  const [, year, month, day, hour, minute, second = 0, rest, offset, zone] = match;
  return {
    date: year === undefined ? undefined : [Number(year), Number(month), Number(day)],
    time:
      hour === undefined ? undefined : [Number(hour), Number(minute), Number(second), microsecondsOf(rest)],
    offset,
    zone,
  };
}

/**
 * What `make` gives: the twin in Python of a value of JavaScript's own.
 *
 * @throws PicklingError `unsupported-type` if Python has none
 */
export function twinOf<T>(make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw new PicklingError("unsupported-type", (cause as Error).message, {
      pythonException: "ValueError",
      cause,
    });
  }
}

/**
 * Checks that numbers are integers within their ranges.
 *
 * @throws RangeError with Python's words
 */
export function requireRange(name: string, value: number, low: number, high: number): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw new RangeError(`${name} must be in ${low}..${high}, not ${value}`);
}

/** Milliseconds of a date of the proleptic Gregorian calendar since 1970, at midnight. */
export function epochMilliseconds(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

/** A type of the global `Temporal` if the compiler knows it, `object` otherwise. */
export type TemporalType<Name extends string> = typeof globalThis extends {
  readonly Temporal: { readonly [N in Name]: { readonly prototype: infer T } };
}
  ? T
  : object;

/** A `Temporal` namespace: the runtime's or a polyfill's. */
type TemporalNamespace = { readonly [name: string]: { from(source: string): object } };

/**
 * What `Temporal[name].from(text)` gives, of the namespace given or else of the global one.
 *
 * @throws TypeError without either
 */
export function temporalFrom<Name extends string>(
  name: Name,
  text: string,
  namespace: object | undefined = (globalThis as { readonly Temporal?: object }).Temporal,
): TemporalType<Name> {
  const type = (namespace as TemporalNamespace | undefined)?.[name];
  if (type === undefined) throw new TypeError("no Temporal: give toTemporal a polyfill");
  return type.from(text);
}
