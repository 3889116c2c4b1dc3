import { PyArray } from "../types/array.ts";
import { PyComplex } from "../types/complex.ts";
import { PyDate } from "../types/date.ts";
import { PyDateTime } from "../types/datetime.ts";
import { PyDecimal } from "../types/decimal.ts";
import { PyDeque } from "../types/deque.ts";
import {
  PyCounter,
  PyDefaultDict,
  PyDictType,
  PyMorsel,
  PyOrderedDict,
  PySimpleCookie,
} from "../types/dicts.ts";
import { PyEnum } from "../types/enum.ts";
import { PyException } from "../types/exceptions.ts";
import { PyFraction } from "../types/fraction.ts";
import { PyOperator, PyPartial } from "../types/functions.ts";
import { PyEmailMessage, PyLogRecord, PyRandom, PySimpleNamespace, PyStruct } from "../types/instances.ts";
import { PyIpAddress } from "../types/ipaddress.ts";
import { PyMappingProxy } from "../types/mapping-proxy.ts";
import { NamedTuple } from "../types/named-tuple.ts";
import { PyPath } from "../types/path.ts";
import { PyPattern } from "../types/pattern.ts";
import { PyRange, PySlice } from "../types/range.ts";
import { PyDateutilZone, PyPytzZone } from "../types/third-party-zones.ts";
import { PyTime } from "../types/time.ts";
import { PyTimeDelta } from "../types/timedelta.ts";
import { PyTimeZone } from "../types/timezone.ts";
import { PyChainMap, PyUserDict, PyUserList, PyUserString } from "../types/user-collections.ts";
import { PyUUID } from "../types/uuid.ts";
import { PyInstance, PyRecord, PyValue } from "../types/value.ts";
import { PyZoneInfo } from "../types/zoneinfo.ts";

/** Where a class is exported, and how many type arguments it has. */
export interface LibraryClass {
  readonly name: string;
  readonly from: "brine" | "brine/types" | undefined;
  readonly arity: 0 | 1 | 2;
}

type Constructor = abstract new (...args: never) => unknown;

const typedArrays: Record<string, Constructor> = {
  Int8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
  Float32Array,
  Float64Array,
};

/** By prototype, as an instance is of the nearest class of these. */
const known: ReadonlyMap<unknown, LibraryClass> = /* @__PURE__ */ (() => {
  const map = new Map<unknown, LibraryClass>();
  const add = (
    classes: Record<string, Constructor>,
    from: LibraryClass["from"],
    arity: 0 | 1 | 2 = 0,
  ): void => {
    for (const [name, { prototype }] of Object.entries(classes)) map.set(prototype, { name, from, arity });
  };
  const types = "brine/types";
  add({ PyComplex }, "brine");
  add({ PyOrderedDict, PyDefaultDict, PyDictType }, types, 2);
  add({ PyDeque, PyCounter, NamedTuple }, types, 1);
  add({ PyDate, PyDateTime, PyTime, PyTimeDelta, PyTimeZone, PyZoneInfo, PyPytzZone, PyDateutilZone }, types);
  add({ PyDecimal, PyFraction, PyUUID, PyEnum, PyException, PyIpAddress, PyPath, PyPattern }, types);
  add({ PyRange, PySlice, PyPartial, PyOperator, PyMappingProxy, PyMorsel, PySimpleCookie }, types);
  add({ PyEmailMessage, PyLogRecord, PyRandom, PySimpleNamespace, PyStruct }, types);
  add({ PyChainMap, PyUserDict, PyUserList, PyUserString, PyInstance, PyRecord, PyValue }, types);
  add(typedArrays, undefined);
  return map;
})();

/** The class of a value that stands for a Python type, `undefined` if it is none of the library. */
export function libraryClass(value: object): LibraryClass | undefined {
  let prototype: unknown = Object.getPrototypeOf(value);
  for (; prototype !== null; prototype = Object.getPrototypeOf(prototype)) {
    const found = known.get(prototype);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The names of these classes. */
export function libraryNames(): string[] {
  return Array.from(known.values(), ({ name }) => name);
}

/** Where the class of that name is exported; `undefined` for one of JavaScript's own. */
export function exportedFrom(name: string): LibraryClass["from"] {
  return [...known.values()].find((entry) => entry.name === name)?.from;
}

/** What a plain load gives for an `array.array`; the value itself for anything else. */
export function withoutArray(value: unknown): unknown {
  return value instanceof PyArray ? value.data : value;
}
