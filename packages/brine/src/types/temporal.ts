import { PyDate } from "./date.ts";
import { dateTimes, PyDateTime } from "./datetime.ts";
import { dates } from "./date.ts";
import { TypeDefinition } from "./registry.ts";
import { twinOf } from "./iso.ts";
import { PyTime, times } from "./time.ts";
import { PyTimeDelta, timedeltas } from "./timedelta.ts";

/**
 * How `dumps` writes what `Temporal` has: each type as its Python twin. `PlainYearMonth` and `PlainMonthDay` have none. They are found
 * by their tag, so that a polyfill's will do.
 */
export const temporals: readonly TypeDefinition[] = /* @__PURE__ */ (() => {
  const twin = (
    name: string,
    type: { from(source: object): object },
    [definition]: readonly TypeDefinition[],
  ): TypeDefinition =>
    new TypeDefinition("", `Temporal.${name}`, {
      tag: `[object Temporal.${name}]`,
      reduce: (value, protocol) =>
        definition?.parts.reduce?.(
          twinOf(() => type.from(value as object)),
          protocol,
        ),
    });
  return [
    twin("PlainDate", PyDate, dates),
    twin("PlainTime", PyTime, times),
    twin("PlainDateTime", PyDateTime, dateTimes),
    twin("Instant", PyDateTime, dateTimes),
    twin("ZonedDateTime", PyDateTime, dateTimes),
    twin("Duration", PyTimeDelta, timedeltas),
  ];
})();
