import { arrayReaders } from "./array.ts";
import { builtinTypes } from "./builtins.ts";
import { collectionReaders } from "./collection-types.ts";
import { decimalReaders } from "./decimal.ts";
import { cookieReaders } from "./dicts.ts";
import { enumReaders } from "./enum.ts";
import { exceptionReaders } from "./exceptions.ts";
import { fractionReaders } from "./fraction.ts";
import { functionReaders } from "./functions.ts";
import {
  emailMessageReaders,
  logRecordReaders,
  randomReaders,
  simpleNamespaceReaders,
  structReaders,
} from "./instances.ts";
import { ipAddressReaders } from "./ipaddress.ts";
import { pathReaders } from "./path.ts";
import { patternReaders } from "./pattern.ts";
import { rangeReaders } from "./range.ts";
import { reconstructorReaders } from "./reconstructor.ts";
import { TypeRegistry } from "./registry.ts";
import { timeTypeReaders } from "./time-types.ts";
import { uuidReaders } from "./uuid.ts";

/** The types of `stdlib` without how they are written: all that `loads` needs, and a tenth less for who bundles it alone. */
export const stdlibReaders: TypeRegistry = /* @__PURE__ */ (() =>
  new TypeRegistry([
    ...builtinTypes,
    ...reconstructorReaders,
    ...timeTypeReaders,
    ...collectionReaders,
    ...decimalReaders,
    ...fractionReaders,
    ...uuidReaders,
    ...enumReaders,
    ...pathReaders,
    ...rangeReaders,
    ...functionReaders,
    ...patternReaders,
    ...arrayReaders,
    ...ipAddressReaders,
    ...simpleNamespaceReaders,
    ...exceptionReaders,
    ...cookieReaders,
    ...emailMessageReaders,
    ...logRecordReaders,
    ...randomReaders,
    ...structReaders,
  ]))();
