import { PyGlobal } from "../values/py-global.ts";
import { PyObject } from "../values/py-object.ts";
import { builtin, defineValue, tuple, written } from "./value.ts";
import type { TypeDefinition } from "./registry.ts";
import { PyTzInfo } from "./tzinfo.ts";

const zoneInfo: PyGlobal = /* @__PURE__ */ new PyGlobal("zoneinfo", "ZoneInfo");

/** Python's `zoneinfo.ZoneInfo`: a zone of the IANA database, by its key. Offsets come from the runtime's own data (`Intl`). */
export class PyZoneInfo extends PyTzInfo {
  /** The key, such as `"Europe/Paris"`. */
  declare readonly key: string;
  /** Whether Python takes it from its cache when it loads it; not if it was made with `ZoneInfo.no_cache`. */
  declare readonly cached: boolean;

  constructor(key: string, cached = true) {
    super({ key, cached });
  }

  /** The Python class. */
  get type(): PyGlobal {
    return zoneInfo;
  }

  /** See {@link PyTzInfo.offsetAt}. */
  override offsetAt(wall?: number, fold?: number): number | undefined {
    // These have one offset, which a time without a date has too.
    return super.offsetAt(/^UTC|^Etc/.test(this.key) ? 0 : wall, fold);
  }

  /** See {@link PyTzInfo.id}. */
  override get id(): string {
    return this.key;
  }

  /** What tells values of the class apart. */
  protected override parts(): readonly unknown[] {
    return [this.key];
  }
}

/** How `zoneinfo.ZoneInfo` is read. */
export const zoneInfoReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => {
  const most = { "ZoneInfo._unpickle": 2, ZoneInfo: 1 };
  return Object.entries(most).map(([name, count]) =>
    defineValue<PyZoneInfo>(new PyGlobal("zoneinfo", name), [1, count], {
      construct: ({ args: [key, cached = true] }) =>
        typeof key === "string" ? new PyZoneInfo(key, Boolean(Number(cached))) : undefined,
    }),
  );
})();

/** How `zoneinfo.ZoneInfo` is read and written. */
export const zoneInfos: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  written<PyZoneInfo>(
    zoneInfoReaders,
    ({ key, cached }) => ({
      callable: new PyObject(builtin("getattr"), tuple(zoneInfo, "_unpickle"), { how: "reduce" }),
      args: [key, BigInt(cached)],
    }),
    PyZoneInfo,
  ))();
