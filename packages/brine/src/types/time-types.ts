import { dates } from "./date.ts";
import { dateTimes } from "./datetime.ts";
import type { TypeDefinition } from "./registry.ts";
import { temporals } from "./temporal.ts";
import { thirdPartyZones } from "./third-party-zones.ts";
import { times } from "./time.ts";
import { timedeltas } from "./timedelta.ts";
import { timezones } from "./timezone.ts";
import { zoneInfos } from "./zoneinfo.ts";

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
