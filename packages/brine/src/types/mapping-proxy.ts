import { pythonKey } from "../values/key.ts";
import { PyGlobal } from "../values/py-global.ts";
import type { TypeDefinition } from "./registry.ts";
import { defineValue, PyRecord, written } from "./value.ts";

const type: PyGlobal = /* @__PURE__ */ new PyGlobal("types", "MappingProxyType");

/** Python's `types.MappingProxyType`: a read-only view of a dict. `pickle` refuses it; cloudpickle and others write it as a call. */
export class PyMappingProxy extends PyRecord {
  /** The dict behind it. */
  declare readonly mapping: unknown;

  constructor(mapping: unknown) {
    super({ mapping });
  }

  /** The Python class. */
  get type(): PyGlobal {
    return type;
  }

  /** As hashable as its dict: not at all. */
  override [pythonKey](): unknown {
    return undefined;
  }
}

/** How `MappingProxyType` is read. */
export const mappingProxyReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  defineValue<PyMappingProxy>(type, [1, 1], {
    construct: ({ args }) => new PyMappingProxy(args[0]),
  }),
])();

/** How `MappingProxyType` is read and written. */
export const mappingProxies: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  written<PyMappingProxy>(
    mappingProxyReaders,
    ({ mapping }) => ({ callable: type, args: [mapping] }),
    PyMappingProxy,
  ))();
