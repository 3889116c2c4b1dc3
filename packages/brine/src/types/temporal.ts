import { dateFrom, dates } from "./date.ts";
import { dateTimeFrom, dateTimes } from "./datetime.ts";
import { TypeDefinition } from "./registry.ts";
import { twinOf } from "./iso.ts";
import { timeFrom, times } from "./time.ts";
import { timeDeltaFrom, timedeltas } from "./timedelta.ts";

/**
 * How `dumps` writes what `Temporal` has: each type as its Python twin. `PlainYearMonth` and `PlainMonthDay` have none. They are found
 * by their tag, so that a polyfill's will do.
 */
export const temporals: readonly TypeDefinition[] = /* @__PURE__ */ (() => {
  const twin = (
    name: string,
    from: (source: object) => object,
    [definition]: readonly TypeDefinition[],
  ): TypeDefinition =>
    new TypeDefinition("", `Temporal.${name}`, {
      tag: `[object Temporal.${name}]`,
      reduce: (value, protocol) =>
        definition?.parts.reduce?.(
          twinOf(() => from(value as object)),
          protocol,
        ),
    });
  return [
    twin("PlainDate", dateFrom, dates),
    twin("PlainTime", timeFrom, times),
    twin("PlainDateTime", dateTimeFrom, dateTimes),
    twin("Instant", dateTimeFrom, dateTimes),
    twin("ZonedDateTime", dateTimeFrom, dateTimes),
    twin("Duration", timeDeltaFrom, timedeltas),
  ];
})();
