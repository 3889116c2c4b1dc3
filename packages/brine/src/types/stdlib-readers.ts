import { arrayReaders } from "./array.ts";
import { builtinTypes } from "./builtins.ts";
import { dateReaders } from "./date.ts";
import { dateTimeReaders } from "./datetime.ts";
import { decimalReaders } from "./decimal.ts";
import { dequeReaders } from "./deque.ts";
import { cookieReaders, counterReaders, defaultDictReaders, orderedDictReaders } from "./dicts.ts";
import { enumReaders, memberReaders } from "./enum.ts";
import { exceptionReaders } from "./exceptions.ts";
import { fractionReaders } from "./fraction.ts";
import { operatorReaders, partialReaders } from "./functions.ts";
import {
  emailMessageReaders,
  logRecordReaders,
  randomReaders,
  simpleNamespaceReaders,
  structReaders,
} from "./instances.ts";
import { ipAddressReaders } from "./ipaddress.ts";
import { mappingProxyReaders } from "./mapping-proxy.ts";
import { namedTupleReaders } from "./named-tuple.ts";
import { pathReaders } from "./path.ts";
import { patternReaders } from "./pattern.ts";
import { rangeReaders } from "./range.ts";
import { derivedReaders, newObjectReaders } from "./reconstructor.ts";
import { TypeRegistry } from "./registry.ts";
import { dateutilReaders, pytzReaders } from "./third-party-zones.ts";
import { timeReaders } from "./time.ts";
import { timeDeltaReaders } from "./timedelta.ts";
import { timeZoneReaders } from "./timezone.ts";
import { chainMapReaders, userStringReaders, wrapperReaders } from "./user-collections.ts";
import { uuidReaders } from "./uuid.ts";
import { zoneInfoReaders } from "./zoneinfo.ts";

/** The types of `stdlib` without how they are written: all that `loads` needs, and a tenth less for who bundles it alone. */
export const stdlibReaders: TypeRegistry = /* @__PURE__ */ (() =>
  new TypeRegistry(
    [
      builtinTypes,
      derivedReaders,
      newObjectReaders,
      dateReaders,
      timeReaders,
      dateTimeReaders,
      timeDeltaReaders,
      timeZoneReaders,
      zoneInfoReaders,
      pytzReaders,
      dateutilReaders,
      orderedDictReaders,
      defaultDictReaders,
      counterReaders,
      cookieReaders,
      dequeReaders,
      namedTupleReaders,
      chainMapReaders,
      wrapperReaders,
      userStringReaders,
      mappingProxyReaders,
      decimalReaders,
      fractionReaders,
      uuidReaders,
      enumReaders,
      memberReaders,
      pathReaders,
      rangeReaders,
      partialReaders,
      operatorReaders,
      patternReaders,
      arrayReaders,
      ipAddressReaders,
      simpleNamespaceReaders,
      exceptionReaders,
      emailMessageReaders,
      logRecordReaders,
      randomReaders,
      structReaders,
    ].flat(),
  ))();
