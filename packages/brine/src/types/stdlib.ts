import { arrays } from "./array.ts";
import { builtinTypes } from "./builtins.ts";
import { collectionTypes } from "./collection-types.ts";
import { decimals } from "./decimal.ts";
import { cookies } from "./dicts.ts";
import { enums } from "./enum.ts";
import { exceptions } from "./exceptions.ts";
import { fractions } from "./fraction.ts";
import { functions } from "./functions.ts";
import { emailMessages, logRecords, randoms, simpleNamespaces, structs } from "./instances.ts";
import { ipAddresses } from "./ipaddress.ts";
import { paths } from "./path.ts";
import { patterns } from "./pattern.ts";
import { ranges } from "./range.ts";
import { reconstructors } from "./reconstructor.ts";
import { TypeRegistry } from "./registry.ts";
import { timeTypes } from "./time-types.ts";
import { uuids } from "./uuid.ts";

/**
 * The builtin types and those of Python's standard library, with the zones of pytz and dateutil: what `types` is unless set, for the
 * functions of `brine`.
 */
export const stdlib: TypeRegistry = /* @__PURE__ */ (() =>
  new TypeRegistry([
    ...builtinTypes,
    ...reconstructors,
    ...timeTypes,
    ...collectionTypes,
    ...decimals,
    ...fractions,
    ...uuids,
    ...enums,
    ...paths,
    ...ranges,
    ...functions,
    ...patterns,
    ...arrays,
    ...ipAddresses,
    ...simpleNamespaces,
    ...exceptions,
    ...cookies,
    ...emailMessages,
    ...logRecords,
    ...randoms,
    ...structs,
  ]))();
