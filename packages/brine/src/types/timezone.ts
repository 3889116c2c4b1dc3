import { PyGlobal } from "../values/py-global.ts";
import type { TypeDefinition } from "./registry.ts";
import { DAY, parseOffset, requireRange } from "./iso.ts";
import { PyTimeDelta } from "./timedelta.ts";
import { offsetOf, PyTzInfo } from "./tzinfo.ts";
import { defineValue, written } from "./value.ts";

const timezone: PyGlobal = /* @__PURE__ */ new PyGlobal("datetime", "timezone");

/** Python's `datetime.timezone`: a fixed offset from UTC, less than a day. Equal by the offset, whatever the name. */
export class PyTimeZone extends PyTzInfo {
  /** How far local time is ahead of UTC. */
  declare readonly offset: PyTimeDelta;
  /** The name given, `undefined` if there is none. */
  declare readonly name: string | undefined;

  /**
   * A zone of an offset: a `PyTimeDelta`, or a text such as `"+05:30"` or `"Z"`.
   *
   * @throws RangeError if it is a day or more
   */
  constructor(offset: PyTimeDelta | string, name?: string) {
    if (typeof offset === "string") {
      const microseconds = /^(?:Z|UTC)$/.test(offset) ? 0 : parseOffset(offset);
      if (microseconds === undefined) throw new RangeError(`no offset: ${offset}`);
      offset = new PyTimeDelta(0, 0, microseconds);
    }
    requireRange("microseconds", offsetOf(offset), 1 - DAY, DAY - 1);
    super({ offset, name });
  }

  /** The Python class. */
  get type(): PyGlobal {
    return timezone;
  }

  /** See {@link PyTzInfo.offsetAt}. */
  override offsetAt(): number {
    return offsetOf(this.offset);
  }

  /** What tells values of the class apart. */
  protected override parts(): readonly unknown[] {
    return [this.offsetAt()];
  }

  /** The name that Python's `tzname` gives: `UTC`, `UTC+05:30`, or the one given. */
  override toString(): string {
    return this.name ?? String(this.id).replace(/^[+-]/, "UTC$&");
  }
}

/** `datetime.timezone.utc`. */
export const utc: PyTimeZone = /* @__PURE__ */ new PyTimeZone("Z");

/** How `timezone` is read. */
export const timeZoneReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  defineValue<PyTimeZone>(timezone, [1, 2], {
    construct({ args: [offset, name] }) {
      const isRight = offset instanceof PyTimeDelta && (name === undefined || typeof name === "string");
      return isRight ? new PyTimeZone(offset, name) : undefined;
    },
  }),
])();

/** How `timezone` is read and written. */
export const timezones: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  written<PyTimeZone>(
    timeZoneReaders,
    ({ offset, name }) => ({
      callable: timezone,
      args: name === undefined ? [offset] : [offset, name],
    }),
    PyTimeZone,
  ))();
