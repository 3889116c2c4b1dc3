// The names that `brine` and `brine/core` share. `brine` has them from here: each file that an import loads costs it a millisecond.
export { builtins } from "./types/builtins.ts";
export { PickleError, PicklingError, UnpicklingError } from "./errors.ts";
export type { ErrorDetails, PicklingErrorCode, UnpicklingErrorCode } from "./errors.ts";
export type { DumpOptions } from "./pickler/options.ts";
export { DEFAULT_PROTOCOL, HIGHEST_PROTOCOL } from "./syntax/opcodes.ts";
export { PyComplex } from "./types/complex.ts";
export { TypeDefinition, TypeRegistry } from "./types/registry.ts";
export type {
  Construction,
  ConstructionContext,
  ConstructionKind,
  Reduction,
  TypeDefinitionParts,
} from "./types/registry.ts";
export type { ExactValue, Loaded, PlainDict, PlainValue } from "./unpickler/loaded-types.ts";
export type { BinaryData, Limits, LoadOptions } from "./unpickler/options.ts";
export { ByteArray } from "./values/byte-array.ts";
export { pythonKey } from "./values/key.ts";
export { MemoryView } from "./values/memory-view.ts";
export { PickleBuffer } from "./values/pickle-buffer.ts";
export { PyDict } from "./values/py-dict.ts";
export { PyFrozenSet } from "./values/py-frozen-set.ts";
export { PyGlobal } from "./values/py-global.ts";
export { PyObject } from "./values/py-object.ts";
export type { PyObjectBuild, PyObjectOperation, PyObjectParts } from "./values/py-object.ts";
export { PySet } from "./values/py-set.ts";
export { Tuple } from "./values/tuple.ts";
