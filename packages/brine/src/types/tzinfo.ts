import { offsetText, parseOffset } from "./iso.ts";
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
  offsetAt(wall?: number, fold = 0): number | undefined {
    const id = wall === undefined ? wall : this.id;
    return id === undefined ? id : wallOffset(id, wall as number, fold);
  }

  /** The name that `Temporal` and `Intl` know the zone by, which a fixed offset has too; `undefined` if there is none. */
  get id(): string | undefined {
    const offset = this.offsetAt();
    return offset === 0 ? "UTC" : offsetText(offset) || undefined;
  }

  /** The zone's name if it has one, that of its class otherwise. */
  toString(): string {
    return this.id ?? this.type.name;
  }
}

/** A value's zone, if it is of a class that knows offsets. */
export const asZone = (tzinfo: unknown): PyTzInfo | undefined =>
  tzinfo instanceof PyTzInfo ? tzinfo : undefined;

/** Microseconds of a length of time that is an offset. */
export const offsetOf = (delta: PyTimeDelta): number => Number(delta.totalMicroseconds);

let known: { readonly id: string | undefined; readonly format: Intl.DateTimeFormat } | undefined;

/** Microseconds that local time in an IANA zone is ahead of UTC at an instant; `undefined` if the runtime doesn't know the zone. */
function zoneOffset(id: string | undefined, instant: number): number | undefined {
  try {
    // To make a format takes some 30 µs, a thousand times as long as to use it, and a pickle's times are mostly of one zone.
    if (known === undefined || known.id !== id)
      known = { id, format: new Intl.DateTimeFormat("en-US", { timeZone: id, timeZoneName: "longOffset" }) };
  } catch {
    return undefined;
  }
  const [, offset] = known.format.format(instant).split("GMT");
  return offset === "" ? 0 : parseOffset(offset as string);
}

/**
 * Microseconds that a local time in an IANA zone, or here without one, is ahead of UTC, by the runtime's own time zone data. In a gap and
 * where it comes twice, `fold` says which side is meant. Source: PEP 495.
 */
export function wallOffset(id: string | undefined, wall: number, fold: number): number | undefined {
  const day = 86_400_000;
  const before = zoneOffset(id, wall - day);
  const after = zoneOffset(id, wall + day);
  // No change in two days, so it is nearly always, or a zone that the runtime doesn't know.
  if (before === after) return before;
  const [first, second] = (fold === 1 ? [after, before] : [before, after]) as [number, number];
  const holds = (offset: number): boolean => zoneOffset(id, wall - offset / 1000) === offset;
  return !holds(first) && holds(second) ? second : first;
}
