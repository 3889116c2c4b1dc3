import { PicklingError } from "../errors.ts";

/** Microseconds in a day. */
export const DAY = 86_400_000_000;

/** A number, or its digits, with zeros in front up to `width` digits. */
export const digits = (value: number | string, width: number): string => String(value).padStart(width, "0");

/** The microseconds of a second as a decimal fraction, nothing if there are none. */
export const fraction = (microseconds: number): string =>
  microseconds === 0 ? "" : `.${digits(microseconds, 6)}`;

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
  /^(?:([+-]?\d{4,6})-(\d\d)-(\d\d))?(?:(?:^|[T ])(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d\d:\d\d[\d:.]*)?(?:\[([^\]=]+)\])?(?:\[u-ca=[^\]]*\])?$/;

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
  namespace: object | undefined = Reflect.get(globalThis, "Temporal") as object | undefined,
): TemporalType<Name> {
  const type = (namespace as TemporalNamespace | undefined)?.[name];
  if (type === undefined)
    throw new TypeError("this runtime has no Temporal: give a polyfill's, as in value.toTemporal(Temporal)");
  return type.from(text);
}
