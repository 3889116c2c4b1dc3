import { dateReaders, dates } from "./date.ts";
import { dateTimeReaders, dateTimes } from "./datetime.ts";
import type { TypeDefinition } from "./registry.ts";
import { temporals } from "./temporal.ts";
import { dateutilReaders, pytzReaders, thirdPartyZones } from "./third-party-zones.ts";
import { timeReaders, times } from "./time.ts";
import { timeDeltaReaders, timedeltas } from "./timedelta.ts";
import { timeZoneReaders, timezones } from "./timezone.ts";
import { zoneInfoReaders, zoneInfos } from "./zoneinfo.ts";

/** How dates, times, lengths of time and zones are read. */
export const timeTypeReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  ...dateReaders,
  ...timeReaders,
  ...dateTimeReaders,
  ...timeDeltaReaders,
  ...timeZoneReaders,
  ...zoneInfoReaders,
  ...pytzReaders,
  ...dateutilReaders,
])();

/** Dates, times, lengths of time and zones: module `datetime`, `zoneinfo`, pytz and dateutil; `Date` and `Temporal`. */
export const timeTypes: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  ...dates,
  ...times,
  ...dateTimes,
  ...timedeltas,
  ...timezones,
  ...zoneInfos,
  ...thirdPartyZones,
  ...temporals,
])();
