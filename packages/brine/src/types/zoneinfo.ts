import { PyGlobal } from "../values/py-global.ts";
import { PyObject } from "../values/py-object.ts";
import { define, builtin, tuple } from "./value.ts";
import type { TypeDefinition } from "./registry.ts";
import { PyTzInfo, zoneOffsetAt } from "./tzinfo.ts";

const zoneInfo: PyGlobal = /* @__PURE__ */ new PyGlobal("zoneinfo", "ZoneInfo");

/** Python's `zoneinfo.ZoneInfo`: a zone of the IANA database, by its key. Offsets come from the runtime's own data (`Intl`). */
export class PyZoneInfo extends PyTzInfo {
  /** The key, such as `"Europe/Paris"`. */
  readonly key: string;
  /** Whether Python takes it from its cache when it loads it; not if it was made with `ZoneInfo.no_cache`. */
  readonly cached: boolean;

  constructor(key: string, cached = true) {
    super();
    this.key = key;
    this.cached = cached;
    Object.freeze(this);
  }

  /** The Python class. */
  get type(): PyGlobal {
    return zoneInfo;
  }

  /** See {@link PyTzInfo.offsetAt}. */
  override offsetAt(wall?: number, fold = 0): number | undefined {
    return wall === undefined ? undefined : zoneOffsetAt(this.key, wall, fold);
  }

  /** See {@link PyTzInfo.id}. */
  override get id(): string {
    return this.key;
  }

  /** What tells values of the class apart. */
  protected override parts(): readonly unknown[] {
    return [this.key];
  }

  /** The key. */
  toString(): string {
    return this.key;
  }
}

/** How `zoneinfo.ZoneInfo` is read and written. */
export const zoneInfos: readonly TypeDefinition[] = /* @__PURE__ */ (() => {
  const unpickle = new PyGlobal("zoneinfo", "ZoneInfo._unpickle");
  const make = ([key, cached]: readonly unknown[]): PyZoneInfo | undefined =>
    typeof key === "string" ? new PyZoneInfo(key, cached !== false && Number(cached ?? 1) !== 0) : undefined;
  return [
    define<PyZoneInfo>(unpickle, { construct: ({ args }) => make(args) }),
    define<PyZoneInfo>(zoneInfo, {
      class: PyZoneInfo,
      construct: ({ args }) => (args.length === 1 ? make(args) : undefined),
      reduce: ({ key, cached }) => ({
        callable: new PyObject(builtin("getattr"), tuple(zoneInfo, "_unpickle"), { how: "reduce" }),
        args: [key, BigInt(cached)],
      }),
    }),
  ];
})();
