import { PyGlobal } from "../values/py-global.ts";
import type { TypeDefinition } from "./registry.ts";
import { PyTimeDelta } from "./timedelta.ts";
import { offsetOf, PyTzInfo } from "./tzinfo.ts";
import { attributeOf } from "../values/attributes.ts";
import { define, defineValue, integer, keepState, newObject, written } from "./value.ts";

/** A zone of pytz: `pytz.utc`, one of the database at the offset that its time has, or a `FixedOffset`. */
export class PyPytzZone extends PyTzInfo {
  /** The function of pytz that makes it: `_UTC`, `_p` or `FixedOffset`. */
  declare readonly type: PyGlobal;
  /** Name in the IANA database, `undefined` for a fixed offset. */
  declare readonly zone: string | undefined;
  /** Seconds that local time is ahead of UTC, `undefined` for what the zone's name says alone. */
  declare readonly seconds: number | undefined;
  /** Seconds of it that are summer time. */
  declare readonly dst: number;
  /** Abbreviated name, such as `"EDT"`. */
  declare readonly abbreviation: string | undefined;

  /** A zone by its name, and the offset (in seconds), summer time and abbreviation that pytz chose for a time. */
  constructor(zone: string | undefined, seconds?: number, dst = 0, abbreviation?: string) {
    const isUtc = zone === "UTC" && seconds === undefined;
    const type = new PyGlobal("pytz", isUtc ? "_UTC" : zone === undefined ? "FixedOffset" : "_p");
    super({ type, zone, seconds: isUtc ? 0 : seconds, dst, abbreviation });
  }

  /** See {@link PyTzInfo.offsetAt}. */
  override offsetAt(wall?: number, fold?: number): number | undefined {
    return this.seconds === undefined ? super.offsetAt(wall, fold) : this.seconds * 1e6;
  }

  /** See {@link PyTzInfo.id}. */
  override get id(): string | undefined {
    return this.zone ?? super.id;
  }
}

/** A zone of dateutil: `tzutc`, `tzoffset`, `tzlocal`, or a `tzfile` of the IANA database, which since dateutil 3 `_unpickle` makes. */
export class PyDateutilZone extends PyTzInfo {
  /** The class or function in `dateutil.tz`. */
  declare readonly type: PyGlobal;
  /** Its arguments. */
  declare readonly args: readonly unknown[];
  /** What BUILD gives, the attributes. */
  declare readonly state: unknown;

  constructor(type: PyGlobal, args: readonly unknown[] = [], state?: unknown) {
    super();
    Object.assign(this, { type, args, state });
  }

  /** See {@link PyTzInfo.offsetAt}. */
  override offsetAt(wall?: number, fold?: number): number | undefined {
    if (this.type.name === "tzutc") return 0;
    const offset = attributeOf(this.state, "_offset") ?? this.args[1];
    return offset instanceof PyTimeDelta ? offsetOf(offset) : super.offsetAt(wall, fold);
  }

  /** See {@link PyTzInfo.id}. */
  override get id(): string | undefined {
    const name = this.args.find((arg) => typeof arg === "string");
    return super.id ?? /(?:^|zoneinfo\/)(\w.*)/.exec(name ?? "")?.[1];
  }

  /** What tells values of the class apart. */
  protected override parts(): readonly unknown[] {
    return [this.type, this.offsetAt() ?? this.id];
  }
}

/** How the zones of pytz are read. */
export const pytzReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => {
  const reader = (
    name: string,
    most: number,
    make: (args: readonly unknown[]) => PyPytzZone | undefined,
  ): TypeDefinition =>
    defineValue<PyPytzZone>(new PyGlobal("pytz", name), [0, most], {
      construct: ({ args }) => make(args),
    });
  const fixed = ([minutes]: readonly unknown[]): PyPytzZone | undefined =>
    integer(minutes) === undefined ? undefined : new PyPytzZone(undefined, Number(minutes) * 60);
  return [
    reader("_UTC", 0, () => new PyPytzZone("UTC")),
    reader("_p", 4, ([zone, seconds, dst = 0, name]) => {
      if (typeof zone !== "string") return undefined;
      if (seconds === undefined) return new PyPytzZone(zone);
      return integer(seconds) === undefined || integer(dst) === undefined
        ? undefined
        : new PyPytzZone(zone, Number(seconds), Number(dst), String(name));
    }),
    reader("FixedOffset", 1, fixed),
    reader("_FixedOffset", 1, fixed),
  ];
})();

/** How the zones of dateutil are read. */
export const dateutilReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  ["tz.tz", "tz", "zoneinfo", "tz._tzfile"].flatMap((module) =>
    ["tzutc", "tzoffset", "tzlocal", "tzfile", "_unpickle"].map((name) => {
      const type = new PyGlobal(`dateutil.${module}`, name);
      return define<PyDateutilZone>(type, {
        class: PyDateutilZone,
        construct: ({ args }) => new PyDateutilZone(type, args),
        setState: keepState,
      });
    }),
  ))();

/** How the zones of pytz and dateutil are read and written. */
export const thirdPartyZones: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  ...written<PyPytzZone>(
    pytzReaders,
    ({ type, zone, seconds, dst, abbreviation }) => {
      if (type.name === "_UTC") return { callable: type, args: [] };
      if (zone === undefined) return { callable: type, args: [BigInt((seconds as number) / 60)] };
      const more = seconds === undefined ? [] : [BigInt(seconds), BigInt(dst), abbreviation];
      return { callable: type, args: [zone, ...more] };
    },
    PyPytzZone,
  ),
  ...written<PyDateutilZone>(dateutilReaders, ({ type, args, state }) =>
    args.length === 0
      ? // At every protocol: copyreg._reconstructor would need a tzinfo to be its base.
        newObject(2, type, [], { state })
      : { callable: type, args, state },
  ),
])();
