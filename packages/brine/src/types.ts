export { arrays, PyArray } from "./types/array.ts";
export type { TypedArray } from "./types/array.ts";
export { builtins } from "./types/builtins.ts";
export { collectionTypes } from "./types/collection-types.ts";
export { PyComplex } from "./types/complex.ts";
export { Ellipsis, NotImplemented } from "./types/constants.ts";
export { dateFrom, dates, PyDate } from "./types/date.ts";
export { datePartOf, dateTimeFrom, dateTimes, PyDateTime, timePartOf } from "./types/datetime.ts";
export { decimals, PyDecimal } from "./types/decimal.ts";
export { deques, PyDeque } from "./types/deque.ts";
export {
  cookies,
  counterOf,
  counters,
  defaultDicts,
  mostCommon,
  orderedDicts,
  PyCounter,
  PyDefaultDict,
  PyDictType,
  PyMorsel,
  PyOrderedDict,
  PySimpleCookie,
} from "./types/dicts.ts";
export { enumDefinition, enums, PyEnum } from "./types/enum.ts";
export type { EnumParts } from "./types/enum.ts";
export { equalParts, pythonEquals } from "./types/equality.ts";
export { exceptions, PyException } from "./types/exceptions.ts";
export { fractions, PyFraction } from "./types/fraction.ts";
export { functions, PyOperator, PyPartial } from "./types/functions.ts";
export {
  emailMessages,
  logRecords,
  headerOf,
  PyEmailMessage,
  PyLogRecord,
  PyRandom,
  PySimpleNamespace,
  PyStruct,
  randoms,
  simpleNamespaces,
  structs,
} from "./types/instances.ts";
export { ipAddresses, PyIpAddress } from "./types/ipaddress.ts";
export type { IpKind } from "./types/ipaddress.ts";
export type { ClockTime, TemporalType } from "./types/iso.ts";
export { mappingProxies, PyMappingProxy } from "./types/mapping-proxy.ts";
export { NamedTuple, namedTuple, namedTuples } from "./types/named-tuple.ts";
export type { NamedTupleType } from "./types/named-tuple.ts";
export { paths, PyPath } from "./types/path.ts";
export type { PathKind } from "./types/path.ts";
export { patterns, PyPattern } from "./types/pattern.ts";
export { PyRange, PySlice, ranges } from "./types/range.ts";
export { PyDerived, reconstructors } from "./types/reconstructor.ts";
export { TypeDefinition, TypeRegistry } from "./types/registry.ts";
export { stdlib } from "./types/stdlib.ts";
export { temporals } from "./types/temporal.ts";
export { PyDateutilZone, PyPytzZone, thirdPartyZones } from "./types/third-party-zones.ts";
export { PyTime, timeFrom, times } from "./types/time.ts";
export { timeTypes } from "./types/time-types.ts";
export { PyTimeDelta, timeDeltaFrom, timedeltas } from "./types/timedelta.ts";
export type { DurationParts } from "./types/timedelta.ts";
export { PyTimeZone, timezones, utc } from "./types/timezone.ts";
export { PyTzInfo } from "./types/tzinfo.ts";
export {
  chainMaps,
  PyChainMap,
  PyUserDict,
  PyUserList,
  PyUserString,
  userCollections,
} from "./types/user-collections.ts";
export { PyUUID, uuids } from "./types/uuid.ts";
export { PyInstance, PyMutableInstance, PyRecord, PyValue } from "./types/value.ts";
export { PyZoneInfo, zoneInfos } from "./types/zoneinfo.ts";
export { attributesOf } from "./types/classes/attributes.ts";
export { defineEnum } from "./types/classes/define-enum.ts";
export type { EnumOptions } from "./types/classes/define-enum.ts";
export { defineType } from "./types/classes/define-type.ts";
export { djangoModel, djangoModels } from "./types/classes/django.ts";
export { listState, tupleState } from "./types/classes/list-state.ts";
export type { ClassOf, PropertyOf, StateHooks, TypeOptions } from "./types/classes/options.ts";
export { pydanticModel } from "./types/classes/pydantic.ts";
export { pythonClass } from "./types/classes/python-class.ts";
export type { PythonFace } from "./types/classes/python-class.ts";
