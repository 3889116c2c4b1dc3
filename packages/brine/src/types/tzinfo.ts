import type { PyTimeDelta } from "./timedelta.ts";
import { PyValue } from "./value.ts";

/** A time zone: what `tzinfo` of a `PyDateTime` or `PyTime` may be. */
export abstract class PyTzInfo extends PyValue {
  /**
   * Microseconds that local time is ahead of UTC, `undefined` if that is not known.
   *
   * @param wall the local time, in milliseconds as if it were UTC; without it, what holds always
   * @param fold which of two equal local times is meant, at the end of summer time: 0 the first, 1 the second
   */
  abstract offsetAt(wall?: number, fold?: number): number | undefined;

  /** The name that `Temporal` and `Intl` know the zone by, `undefined` if there is none. */
  get id(): string | undefined {
    return undefined;
  }
}

/** A value's zone, if it is of a class that knows offsets. */
export const asZone = (tzinfo: unknown): PyTzInfo | undefined =>
  tzinfo instanceof PyTzInfo ? tzinfo : undefined;

/** Microseconds of a length of time that is an offset. */
export const offsetOf = (delta: PyTimeDelta): number => Number(delta.totalMicroseconds);

let known: { readonly id: string; readonly format: Intl.DateTimeFormat } | undefined;

/** To make a format takes some 30 µs, a thousand times as long as to use it, and a pickle's times are mostly of one zone. */
function formatOf(id: string): Intl.DateTimeFormat {
  if (known?.id !== id) {
    const numeric = "numeric";
    known = {
      id,
      format: new Intl.DateTimeFormat("en-US", {
        timeZone: id,
        hourCycle: "h23",
        era: "short",
        year: numeric,
        month: numeric,
        day: numeric,
        hour: numeric,
        minute: numeric,
        second: numeric,
      }),
    };
  }
  return known.format;
}

/** Milliseconds that local time in an IANA zone is ahead of UTC at an instant; `undefined` if the runtime doesn't know the zone. */
function zoneOffset(id: string, instant: number): number | undefined {
  try {
    const parts = new Map(
      formatOf(id)
        .formatToParts(instant)
        .map(({ type, value }) => [type, value]),
    );
    const [year = 1, month = 1, day = 1, hour, minute, second] = (
      ["year", "month", "day", "hour", "minute", "second"] as const
    ).map((name) => Number(parts.get(name)));
    const date = new Date(0);
    date.setUTCFullYear(parts.get("era")?.startsWith("B") ? 1 - year : year, month - 1, day);
    date.setUTCHours(hour as number, minute, second);
    return date.getTime() - Math.floor(instant / 1000) * 1000;
  } catch {
    return undefined;
  }
}

/**
 * Microseconds that a local time in an IANA zone is ahead of UTC, by the runtime's own time zone data. In a gap and where it comes twice,
 * `fold` says which side is meant. Source: PEP 495.
 */
export function zoneOffsetAt(id: string, wall: number, fold: number): number | undefined {
  const day = 86_400_000;
  const before = zoneOffset(id, wall - day);
  const after = zoneOffset(id, wall + day);
  if (before === undefined || after === undefined) return undefined;
  // No change in two days: so it is nearly always.
  if (before === after) return before * 1000;
  const [first, second] = fold === 1 ? ([after, before] as const) : ([before, after] as const);
  const holds = (offset: number): boolean => zoneOffset(id, wall - offset) === offset;
  return 1000 * (!holds(first) && holds(second) ? second : first);
}
