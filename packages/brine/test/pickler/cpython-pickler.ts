import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { Pickler, type DumpOptions, type Reduction } from "../../src/index.ts";
import { PicklingError } from "../../src/errors.ts";
import { ByteArray } from "../../src/values/byte-array.ts";
import { PickleBuffer } from "../../src/values/pickle-buffer.ts";
import { PyDict } from "../../src/values/py-dict.ts";
import { PyFrozenSet } from "../../src/values/py-frozen-set.ts";
import { PyGlobal } from "../../src/values/py-global.ts";
import { PyObject } from "../../src/values/py-object.ts";
import { Tuple } from "../../src/values/tuple.ts";
import { python } from "../bytes/cpython.ts";

/** An object that pickles as it is told, by `reducerOverride`. */
export class Reduced {
  reduction: Reduction;

  constructor(reduction: Reduction) {
    this.reduction = reduction;
  }
}

/** An object that is stored elsewhere, by `persistentId`. */
export class Kept {
  readonly pid: unknown;

  constructor(pid: unknown) {
    this.pid = pid;
  }
}

const script = fileURLToPath(new URL("pickle_values.py", import.meta.url));

export const allProtocols = [0, 1, 2, 3, 4, 5] as const;

/** Values for one pickler, and how it is used. */
export interface DumpCase {
  readonly values: readonly unknown[];
  readonly protocols?: readonly number[];
  readonly fixImports?: boolean;
  readonly fast?: boolean;
  /** Which pickles begin with an empty memo. */
  readonly clearBefore?: readonly number[];
  readonly extensions?: ReadonlyMap<number, PyGlobal>;
  /** What the buffer callback returns, by turns. */
  readonly inBand?: readonly boolean[];
}

/** What a pickler made of a case, the same for both languages. */
interface Made {
  readonly pickles?: readonly string[];
  readonly buffers?: readonly string[];
  readonly error?: string;
}

type Told = readonly [string, ...unknown[]];

/** Exact values as a list of nodes that `pickle_values.py` builds, sharing and cycles kept. */
class Description {
  readonly nodes: Told[] = [];
  readonly #ids = new Map<unknown, number>();

  value(value: unknown): Told {
    switch (typeof value) {
      case "undefined":
        return ["N"];
      case "boolean":
        return ["B", value];
      case "bigint":
        return ["I", (value < 0n ? "-0x" : "0x") + (value < 0n ? -value : value).toString(16)];
      case "number": {
        const bytes = Buffer.alloc(8);
        bytes.writeDoubleBE(value);
        return ["F", bytes.toString("hex")];
      }
      case "string":
        return ["S", value];
      default:
    }
    if (value === null) return ["N"];
    const known = this.#ids.get(value);
    if (known !== undefined) return ["R", known];
    const id = this.nodes.push(["N"]) - 1;
    this.#ids.set(value, id);
    this.nodes[id] = this.#node(value as object);
    return ["R", id];
  }

  #all(values: Iterable<unknown>): Told[] {
    return Array.from(values, (value) => this.value(value));
  }

  #node(value: object): Told {
    if (value instanceof PickleBuffer) return ["buffer", hex(value), value.readonly];
    if (value instanceof ByteArray) return ["bytearray", hex(value)];
    if (value instanceof Uint8Array) return ["bytes", hex(value)];
    if (value instanceof Tuple) return ["tuple", this.#all(value)];
    if (Array.isArray(value)) return ["list", this.#all(value)];
    if (value instanceof PyFrozenSet) return ["frozenset", this.#all(value)];
    if (value instanceof Set) return ["set", this.#all(value)];
    if (value instanceof Map)
      return ["dict", Array.from(value, ([key, item]) => [this.value(key), this.value(item)])];
    if (value instanceof PyGlobal) return ["global", value.module, value.name];
    if (value instanceof Kept) return ["kept", this.value(value.pid)];
    if (value instanceof Reduced) return this.#reduced(value.reduction);
    if (value instanceof PyObject) return this.#reduced(reductionOf(value));
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return ["dict", entries.map(([key, item]) => [this.value(key), this.value(item)])];
  }

  #reduced({ callable, args, state, listItems, dictItems, stateSetter }: Reduction): Told {
    return [
      "reduced",
      {
        callable: this.value(callable),
        args: this.value(args instanceof Tuple ? args : Tuple.from(args)),
        state: state === undefined ? undefined : this.value(state),
        listItems: listItems && this.value([...listItems]),
        dictItems: dictItems && this.value(new Map(dictItems)),
        stateSetter: stateSetter && this.value(stateSetter),
      },
    ];
  }
}

/** What Python's `__reduce_ex__(2)` gives for the object that a `PyObject` stands for. */
function reductionOf(object: PyObject): Reduction {
  const { type, how, state, items, entries, kwargs } = object;
  const args = object.args as readonly unknown[];
  const rest = {
    state,
    ...(items.length > 0 && { listItems: items }),
    ...(entries.length > 0 && { dictItems: entries }),
  };
  if (how === "reduce") return { callable: type as PyGlobal, args, ...rest };
  if (how === "newobj")
    return { callable: new PyGlobal("copyreg", "__newobj__"), args: [type, ...args], ...rest };
  return {
    callable: new PyGlobal("copyreg", "__newobj_ex__"),
    args: [type, Tuple.from(args), new PyDict(kwargs)],
    ...rest,
  };
}

const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");

function tell({ values, protocols = allProtocols, extensions, ...rest }: DumpCase): unknown {
  const description = new Description();
  const roots = values.map((value) => description.value(value));
  const codes = extensions && Array.from(extensions, ([code, { module, name }]) => [code, module, name]);
  return { ...rest, protocols, extensions: codes, roots, nodes: description.nodes };
}

function askPython(cases: readonly DumpCase[]): Made[][] {
  const { status, stdout, stderr, error } = spawnSync(python, [script], {
    input: JSON.stringify(cases.map(tell)),
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(`${python} failed: ${error?.message ?? stderr}`);
  return JSON.parse(stdout) as Made[][];
}

/** Options under which the test's own objects are written. */
const reducing: DumpOptions = {
  reducerOverride: (value) => (value instanceof Reduced ? value.reduction : undefined),
};

function make(dumpCase: DumpCase, protocol: number): Made {
  const { values, fixImports, fast = false, clearBefore = [], extensions, inBand } = dumpCase;
  const buffers: string[] = [];
  try {
    const pickler = new Pickler({
      ...reducing,
      exact: true,
      protocol,
      fixImports,
      extensions,
      ...(values.some(holdsKept) && {
        persistentId: (value: unknown) => (value instanceof Kept ? value.pid : undefined),
      }),
      ...(inBand && {
        bufferCallback: (buffer: PickleBuffer) => {
          buffers.push(hex(buffer));
          return inBand[(buffers.length - 1) % inBand.length];
        },
      }),
    });
    pickler.fast = fast;
    const pickles = values.map((value, i) => {
      if (clearBefore.includes(i)) pickler.clearMemo();
      return hex(pickler.dump(value));
    });
    return { pickles, buffers };
  } catch (error) {
    if (!(error instanceof PicklingError)) throw error;
    return { error: `${error.pythonException ?? "PicklingError"}: ${error.words}` };
  }
}

function holdsKept(root: unknown): boolean {
  const description = new Description();
  description.value(root);
  return description.nodes.some(([kind]) => kind === "kept");
}

/** Asserts that brine writes each case as CPython's C pickler does, byte for byte, or refuses it in its words. */
export function agreeWithCPython(cases: readonly DumpCase[]): void {
  const judged = askPython(cases);
  cases.forEach((dumpCase, i) => {
    (dumpCase.protocols ?? allProtocols).forEach((protocol, j) => {
      const ours = make(dumpCase, protocol);
      const theirs = judged[i]?.[j];
      // CPython's words may end in advice that is for Python alone.
      if (ours.error !== undefined && theirs?.error?.startsWith(ours.error) === true) return;
      // A short look first: comparing two long texts in full takes its time.
      if (JSON.stringify(ours) === JSON.stringify(theirs)) return;
      expect({ case: i, protocol, ...ours }).toEqual({ case: i, protocol, ...theirs });
    });
  });
}
