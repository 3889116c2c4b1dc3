import { PyGlobal, PyObject, TypeRegistry } from "brine/core";
import {
  builtins,
  decimals,
  fractions,
  ipAddresses,
  paths,
  PyDate,
  PyDateTime,
  PyDateutilZone,
  PyDecimal,
  PyFraction,
  PyIpAddress,
  PyPath,
  PyPytzZone,
  PyRange,
  PyTime,
  PyTimeDelta,
  PyTimeZone,
  PyUUID,
  PyValue,
  PyZoneInfo,
  ranges,
  reconstructors,
  timeTypes,
  uuids,
} from "brine/types";
import { type Cut, plainName, reprString } from "./repr.ts";

/**
 * The types that are told by a text. Containers, and what else holds values, are objects as all others: their class, items and
 * attributes are shown.
 */
export const standardTypes: TypeRegistry = new TypeRegistry([
  ...builtins,
  ...reconstructors,
  ...timeTypes,
  ...decimals,
  ...fractions,
  ...uuids,
  ...paths,
  ...ranges.filter(({ name }) => name === "range"),
  ...ipAddresses,
]);

const quoted = (text: string): string => reprString(text, Infinity).text;

/** What follows a time: its zone and which of two equal times it is. */
function zoneAndFold({ tzinfo, fold }: PyDateTime | PyTime): string[] {
  const zone = tzinfo === null || tzinfo === undefined ? [] : [`tzinfo=${reprZone(tzinfo)}`];
  return fold === 1 ? ["fold=1", ...zone] : zone;
}

function reprZone(zone: unknown): string {
  if (zone instanceof PyValue) return wholeRepr(zone);
  const type = zone instanceof PyObject ? zone.type : undefined;
  return type instanceof PyGlobal ? `<${plainName(String(type))} object>` : "…";
}

/** Seconds and microseconds, the last that are 0 left out. */
function secondsOf({ second, microsecond }: PyDateTime | PyTime): number[] {
  return microsecond > 0 ? [second, microsecond] : second > 0 ? [second] : [];
}

function lengthOf(delta: PyTimeDelta): string {
  const parts = (["days", "seconds", "microseconds"] as const).filter((unit) => delta[unit] !== 0);
  const named = parts.map((unit) => `${unit}=${delta[unit]}`);
  return `datetime.timedelta(${parts.length === 0 ? "0" : named.join(", ")})`;
}

function reprPytz({ zone, seconds }: PyPytzZone): string {
  if (zone === "UTC") return "pytz.utc";
  return zone === undefined ? `pytz.FixedOffset(${(seconds ?? 0) / 60})` : `pytz.timezone(${quoted(zone)})`;
}

/** Source: CPython `Lib/_pydatetime.py` and the modules of the others, `__repr__`. */
function wholeRepr(value: PyValue): string {
  if (value instanceof PyDateTime) {
    const { year, month, day, hour, minute } = value;
    const numbers = [year, month, day, hour, minute, ...secondsOf(value)];
    return `datetime.datetime(${[...numbers, ...zoneAndFold(value)].join(", ")})`;
  }
  if (value instanceof PyDate) return `datetime.date(${value.year}, ${value.month}, ${value.day})`;
  if (value instanceof PyTime) {
    const numbers = [value.hour, value.minute, ...secondsOf(value)];
    return `datetime.time(${[...numbers, ...zoneAndFold(value)].join(", ")})`;
  }
  if (value instanceof PyTimeDelta) return lengthOf(value);
  if (value instanceof PyTimeZone) {
    const { offset, name } = value;
    if (name === undefined && offset.totalMicroseconds === 0n) return "datetime.timezone.utc";
    return `datetime.timezone(${lengthOf(offset)}${name === undefined ? "" : `, ${quoted(name)}`})`;
  }
  if (value instanceof PyZoneInfo) return `zoneinfo.ZoneInfo(key=${quoted(value.key)})`;
  if (value instanceof PyPytzZone) return reprPytz(value);
  if (value instanceof PyDateutilZone) {
    const texts = value.args.filter((arg): arg is string => typeof arg === "string");
    return `${plainName(String(value.type))}(${texts.map(quoted).join(", ")})`;
  }
  if (value instanceof PyFraction) return `Fraction(${value.numerator}, ${value.denominator})`;
  if (value instanceof PyRange) return value.toString();
  const name =
    value instanceof PyDecimal
      ? "Decimal"
      : value instanceof PyUUID
        ? "UUID"
        : value instanceof PyPath || value instanceof PyIpAddress
          ? value.kind
          : plainName(String(value.type));
  // Paths stand with slashes, those of Windows too.
  const text =
    value instanceof PyPath && value.kind.includes("Windows")
      ? value.toString().replaceAll("\\", "/")
      : value.toString();
  return `${name}(${quoted(text)})`;
}

/** Python's `repr` of a value of the standard library that is told by a text, cut to some `limit` characters. */
export function reprStandard(value: PyValue, limit: number): Cut {
  const whole = wholeRepr(value);
  // The class, and what none of them is longer than, stay whole.
  const room = Math.max(limit, 80);
  return whole.length <= room
    ? { text: whole, left: 0 }
    : { text: whole.slice(0, room), left: whole.length - room };
}
