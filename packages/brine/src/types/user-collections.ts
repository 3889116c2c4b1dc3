import { pythonKey } from "../values/key.ts";
import { PyGlobal } from "../values/py-global.ts";
import type { TypeDefinition } from "./registry.ts";
import { entriesOf, textOf } from "../values/attributes.ts";
import {
  defineValue,
  instanceReader,
  keepState,
  newObject,
  PyInstance,
  PyMutableInstance,
  reduceInstance,
  written,
} from "./value.ts";

const collections = (name: string): PyGlobal => new PyGlobal("collections", name);

/** Python's `collections.UserDict`, also that of Python 2: `data` is the dict it wraps. */
export class PyUserDict extends PyMutableInstance {
  /** Wraps a dict. */
  constructor(data: unknown = new Map(), type: PyGlobal = collections("UserDict")) {
    super(type, { data });
  }

  /** What it wraps. */
  get data(): unknown {
    return this.get("data");
  }
}

/** Python's `collections.UserList`, also that of Python 2: `data` is the list it wraps. */
export class PyUserList extends PyMutableInstance {
  /** Wraps a list. */
  constructor(data: unknown[] = [], type: PyGlobal = collections("UserList")) {
    super(type, { data });
  }

  /** What it wraps. */
  get data(): unknown {
    return this.get("data");
  }
}

/** Python's `collections.UserString`: `data` is the text it wraps. */
export class PyUserString extends PyInstance {
  /** Wraps a text. */
  constructor(data = "", type: PyGlobal = collections("UserString")) {
    super(type, { data });
  }

  /** The text it wraps. */
  get data(): string {
    return textOf(this.get("data")) ?? "";
  }

  /** The text. */
  override toString(): string {
    return this.data;
  }

  /** Equal to the text. */
  override [pythonKey](): string {
    return this.data;
  }
}

/** Python's `collections.ChainMap`: several dicts as one, the first that has a key gives the value. */
export class PyChainMap extends PyMutableInstance {
  /** Chains dicts, the first before the others. */
  constructor(...maps: unknown[]) {
    super(collections("ChainMap"), { maps });
  }

  /** The dicts. */
  get maps(): readonly unknown[] {
    return this.get("maps") as readonly unknown[];
  }

  /** The value of the first dict that has the key; `undefined` if none has. */
  lookup(key: unknown): unknown {
    const dicts = this.maps.map((map) => (map instanceof Map ? map : new Map(entriesOf(map))));
    return dicts.find((dict) => dict.has(key))?.get(key) as unknown;
  }
}

/** How `UserDict` and `UserList` are read. */
export const wrapperReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  instanceReader(collections("UserDict"), PyUserDict, () => new PyUserDict()),
  instanceReader(collections("UserList"), PyUserList, () => new PyUserList()),
])();

/** How `UserString` is read. */
export const userStringReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  defineValue<PyUserString>(collections("UserString"), [0, 1], {
    class: PyUserString,
    construct: ({ args }) => new PyUserString(textOf(args[0])),
    setState: keepState,
  }),
])();

/** How `UserDict`, `UserList` and `UserString` are read and written. */
export const userCollections: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  ...written(wrapperReaders, reduceInstance),
  ...written<PyUserString>(userStringReaders, ({ type, data, state }, protocol) =>
    newObject(protocol, type, [data], { state }),
  ),
])();

/** How `ChainMap` is read. */
export const chainMapReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  instanceReader(collections("ChainMap"), PyChainMap, () => new PyChainMap()),
])();

/** How `ChainMap` is read and written. */
export const chainMaps: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  written(chainMapReaders, reduceInstance))();
