import { pythonKey } from "../values/key.ts";
import { PyGlobal } from "../values/py-global.ts";
import type { TypeDefinition } from "./registry.ts";
import { define, PyRecord } from "./value.ts";

const type: PyGlobal = /* @__PURE__ */ new PyGlobal("types", "MappingProxyType");

/** Python's `types.MappingProxyType`: a read-only view of a dict. `pickle` refuses it; cloudpickle and others write it as a call. */
export class PyMappingProxy extends PyRecord {
  /** The dict behind it. */
  readonly mapping: unknown;

  constructor(mapping: unknown) {
    super();
    this.mapping = mapping;
  }

  /** The Python class. */
  get type(): PyGlobal {
    return type;
  }

  /** What it holds, by name. */
  protected override fields(): Record<string, unknown> {
    return { mapping: this.mapping };
  }

  /** As hashable as its dict: not at all. */
  override [pythonKey](): unknown {
    return undefined;
  }
}

/** How `MappingProxyType` is read and written. */
export const mappingProxies: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  define<PyMappingProxy>(type, {
    class: PyMappingProxy,
    construct: ({ args }) => (args.length === 1 ? new PyMappingProxy(args[0]) : undefined),
    reduce: ({ mapping }) => ({ callable: type, args: [mapping] }),
  }),
])();
