import { describe, expect, test } from "vitest";
import {
  dumps,
  type DumpOptions,
  loads,
  Pickler,
  PicklingError,
  type PicklingErrorCode,
  type Reduction,
  TypeDefinition,
  TypeRegistry,
} from "../../src/index.ts";
import { MemoryView } from "../../src/values/memory-view.ts";
import { PickleBuffer } from "../../src/values/pickle-buffer.ts";
import { PyDict } from "../../src/values/py-dict.ts";
import { PyFrozenSet } from "../../src/values/py-frozen-set.ts";
import { PyGlobal } from "../../src/values/py-global.ts";
import { PyObject } from "../../src/values/py-object.ts";
import { PySet } from "../../src/values/py-set.ts";
import { Tuple } from "../../src/values/tuple.ts";

const f = new PyGlobal("m", "f");
class Unknown {
  readonly nothing = true;
}
const bad = new Unknown();

function failureOf(value: unknown, options?: DumpOptions): PicklingError {
  try {
    dumps(value, options);
  } catch (error) {
    expect(error).toBeInstanceOf(PicklingError);
    return error as PicklingError;
  }
  throw new Error("it was written");
}

/** Asserts code and the beginning of the message, and gives the error. */
function refuses(
  value: unknown,
  code: PicklingErrorCode,
  words: string,
  options?: DumpOptions,
): PicklingError {
  const error = failureOf(value, options);
  expect([error.code, error.message.slice(0, words.length)]).toEqual([code, words]);
  return error;
}

const byHand = (reduction: unknown): DumpOptions => ({
  reducerOverride: (value) => (value === bad ? (reduction as Reduction) : undefined),
});

describe("where it is", () => {
  const round: unknown[] = [];
  round.push(round, bad);
  test.each<[unknown, string]>([
    [bad, "$"],
    [[1, [2, bad]], "$[1][1]"],
    [{ users: [0, 1, 2, { owner: bad }] }, "$.users[3].owner"],
    [{ "a b": { 7: bad } }, '$["a b"]["7"]'],
    [
      new Map<unknown, unknown>([
        [1, 2],
        [3n, bad],
      ]),
      "$[3]",
    ],
    [
      new Map<unknown, unknown>([
        [1, 2],
        [bad, 3],
      ]),
      "$[key 1]",
    ],
    [new PyDict([[Tuple.of(1), bad]]), "$[…]"],
    [Tuple.of(1, 2, 3, bad), "$[3]"],
    [new Set([1, bad]), "$[1]"],
    [new PySet([1n, "x"]), ""],
    [Array.from({ length: 2500 }, (_, i) => (i === 2400 ? bad : i)), "$[2400]"],
    [round, "$[1]"],
    [new PyObject(f, Tuple.of(1, bad), { how: "reduce" }), "$.args[1]"],
    [new PyObject(f, Tuple.of(), { kwargs: new Map([["k", bad]]) }), "$.kwargs.k"],
    [new PyObject(f, Tuple.of(), { state: { x: bad } }), "$.state.x"],
    [new PyObject(f, Tuple.of(), { state: bad }), "$.state"],
    [new PyObject(f, Tuple.of(), { items: [1, bad] }), "$.items[1]"],
    [
      new PyObject(f, Tuple.of(), {
        entries: [
          [1, 2],
          ["k", [bad]],
        ],
      }),
      "$.entries.k[0]",
    ],
    [new PyObject(f, Tuple.of(1, bad), { how: "inst" }), "$.args[1]"],
    [
      new PyObject(new PyObject(f, Tuple.of(bad), { how: "reduce" }), Tuple.of(), { how: "reduce" }),
      "$.type.args[0]",
    ],
  ])("case %#: %s at %s", (value, path) => {
    if (path === "") return expect(dumps(value).length).toBeGreaterThan(0);
    const error = refuses(value, "unsupported-type", "can't pickle an instance of Unknown");
    expect(error.path).toBe(path);
    expect(error.message).toContain(` (${path})`);
  });
  test("at protocol 0 and in a frozenset too", () => {
    const state = { x: [bad] };
    const object = new PyObject(f, Tuple.of(), { state });
    expect(failureOf([new PyFrozenSet([object])], { protocol: 4 }).path).toBe("$[0][0].state.x[0]");
    expect(failureOf({ a: [object] }, { protocol: 0 }).path).toBe("$.a[0].state.x[0]");
  });
  test("inside a persistent id", () => {
    expect(failureOf([1, 2], { persistentId: (value) => (value === 2 ? [bad] : undefined) }).path).toMatch(
      /^\$\[1\]/,
    );
  });
});

describe("unsupported-type, with advice", () => {
  test("functions and symbols", () => {
    expect(refuses(() => 1, "unsupported-type", "can't pickle a function").advice).toContain("PyGlobal");
    expect(refuses({ a: Symbol("x") }, "unsupported-type", "can't pickle a symbol").path).toBe("$.a");
    refuses(Unknown, "unsupported-type", "can't pickle a function");
  });
  test("instances of classes that nobody defined", () => {
    expect(refuses(bad, "unsupported-type", "can't pickle an instance of Unknown").advice).toContain(
      "reducerOverride",
    );
    for (const value of [
      /x/,
      new WeakMap(),
      Promise.resolve(),
      new Error("x"),
      new Proxy(bad, {}),
      new DataView(new ArrayBuffer(1)),
    ]) {
      expect(failureOf(value).code).toBe("unsupported-type");
    }
  });
  test("what lies about its constructor", () => {
    for (const constructor of [undefined, null, 1, {}, () => 1]) {
      const value: object = Object.create({ constructor, deeper: 1 }, {}) as object;
      expect(failureOf(Object.create(value)).code).toBe("unsupported-type");
    }
  });
});

describe("options", () => {
  test("protocol", () => {
    expect(
      refuses(1, "unsupported-protocol", "pickle protocol must be <= 5", { protocol: 6 }).pythonException,
    ).toBe("ValueError");
    refuses(1, "invalid-option", "the option protocol must be an integer", { protocol: 1.5 });
    refuses(1, "invalid-option", "the option protocol must be an integer", { protocol: "4" as never });
    expect(Buffer.from(dumps(null, { protocol: -1 }))).toEqual(Buffer.from("\x80\x05N.", "latin1"));
    expect(Buffer.from(dumps(null))).toEqual(Buffer.from("\x80\x05N.", "latin1"));
  });
  test("bufferCallback", () => {
    const error = refuses(1, "invalid-option", "buffer_callback needs protocol >= 5", {
      protocol: 4,
      bufferCallback: () => true,
    });
    expect(error.pythonException).toBe("ValueError");
  });
  test("extensions", () => {
    for (const code of [0, -1, 2 ** 31, 1.5, NaN]) {
      refuses(1, "invalid-extension", "Can't pickle m.f: extension code", {
        extensions: new Map([[code, f]]),
      });
    }
  });
});

describe("what a protocol cannot write", () => {
  test("buffers", () => {
    refuses(
      [new PickleBuffer(new Uint8Array(1))],
      "unsupported-protocol",
      "PickleBuffer can only be pickled with protocol >= 5",
      { protocol: 4 },
    );
    refuses([new MemoryView(new Uint8Array(1))], "unsupported-protocol", "a memoryview needs", {
      protocol: 4,
    });
  });
  test("ints of more than 4300 digits as text", () => {
    for (const protocol of [0, 1]) {
      const error = refuses(
        [10n ** 4300n],
        "too-large",
        "Exceeds the limit (4300 digits) for integer string conversion",
        { protocol },
      );
      expect([error.pythonException, error.path]).toEqual(["ValueError", "$[0]"]);
      expect(dumps(10n ** 4300n - 1n, { protocol }).length).toBeGreaterThan(4300);
    }
  });
  test("names", () => {
    for (const name of ["é", "a\nb", ""]) {
      for (const protocol of [0, 1, 2]) {
        refuses(
          [new PyGlobal("m", name)],
          "invalid-name",
          `can't pickle global identifier '${name}' using pickle protocol ${protocol}`,
          { protocol },
        );
        refuses(
          [new PyGlobal(name, "f")],
          "invalid-name",
          `can't pickle module identifier '${name}' using pickle protocol ${protocol}`,
          { protocol },
        );
        refuses(
          [new PyObject(new PyGlobal("m", name), [], { how: "inst" })],
          "invalid-name",
          "can't pickle global",
          { protocol },
        );
      }
      for (const protocol of [4, 5]) {
        const global = new PyGlobal(name, `${name}f`);
        expect(loads(dumps(global, { protocol }))).toEqual(global);
      }
    }
    refuses(new PyGlobal("m", "a\nb"), "invalid-name", "can't pickle global identifier", { protocol: 3 });
    refuses(
      new PyGlobal("m", "\ud800"),
      "invalid-name",
      "can't pickle global identifier '\ud800' using pickle protocol 3",
      { protocol: 3 },
    );
    expect(loads(dumps(new PyGlobal("é", "ü"), { protocol: 3 }))).toEqual(new PyGlobal("é", "ü"));
    refuses(new PyGlobal("m", "g.<locals>.f"), "invalid-name", "Can't get local object 'g.<locals>.f'", {
      protocol: 4,
    });
  });
  test("persistent ids at protocol 0", () => {
    const give = (pid: unknown): DumpOptions => ({
      protocol: 0,
      persistentId: (value) => (value === bad ? pid : undefined),
    });
    for (const pid of ["a\nb", "é", [1], new Uint8Array(1)]) {
      const error = refuses(
        [0, bad],
        "invalid-persistent-id",
        "persistent IDs in protocol 0 must be ASCII strings",
        give(pid),
      );
      expect(error.path).toBe("$[1]");
      expect(dumps([0, bad], { ...give(pid), protocol: 1 }).length).toBeGreaterThan(5);
    }
  });
});

describe("reductions that CPython refuses", () => {
  test.each<[unknown, string]>([
    [1, "__reduce__ must return a string or tuple"],
    ["name", "__reduce__ must return a string or tuple"],
    [{}, "first item of the tuple returned by __reduce__ must be callable"],
    [{ callable: 1, args: [] }, "first item of the tuple returned by __reduce__ must be callable"],
    [{ callable: f }, "second item of the tuple returned by __reduce__ must be a tuple"],
    [{ callable: f, args: 1 }, "second item of the tuple returned by __reduce__ must be a tuple"],
    [
      { callable: f, args: [], listItems: 1 },
      "fourth element of the tuple returned by __reduce__ must be an iterator, not",
    ],
    [
      { callable: f, args: [], dictItems: {} },
      "fifth element of the tuple returned by __reduce__ must be an iterator, not",
    ],
    [{ callable: f, args: [], dictItems: [1] }, "dict items iterator must return 2-tuples"],
    [{ callable: f, args: [], dictItems: [[1, 2, 3]] }, "dict items iterator must return 2-tuples"],
    [
      { callable: f, args: [], state: 1, stateSetter: 1 },
      "sixth element of the tuple returned by __reduce__ must be a function, not",
    ],
    [{ callable: new PyGlobal("copyreg", "__newobj__"), args: [] }, "__newobj__ arglist is empty"],
    [
      { callable: new PyGlobal("copyreg", "__newobj__"), args: [1] },
      "args[0] from __newobj__ args is not a type",
    ],
    [
      { callable: new PyGlobal("copyreg", "__newobj_ex__"), args: [f] },
      "length of the NEWOBJ_EX argument tuple must be exactly 3, not 1",
    ],
    [
      { callable: new PyGlobal("copyreg", "__newobj_ex__"), args: [1, [], new Map()] },
      "first item from NEWOBJ_EX argument tuple must be a class",
    ],
    [
      { callable: new PyGlobal("copyreg", "__newobj_ex__"), args: [f, 1, new Map()] },
      "second item from NEWOBJ_EX argument tuple must be a tuple",
    ],
    [
      { callable: new PyGlobal("copyreg", "__newobj_ex__"), args: [f, [], 1] },
      "third item from NEWOBJ_EX argument tuple must be a dict",
    ],
  ])("case %#: %s → %s", (reduction, words) => {
    expect(refuses([bad], "invalid-reduction", words, byHand(reduction)).path).toBe("$[0]");
  });
});

describe("what hooks throw", () => {
  const boom = new Error("boom");
  const throwing = (): never => {
    throw boom;
  };
  test("is the cause", () => {
    const types = new TypeRegistry([new TypeDefinition("m", "U", { class: Unknown, reduce: throwing })]);
    const iterable = { [Symbol.iterator]: throwing };
    for (const options of [
      { reducerOverride: throwing },
      { types },
      byHand({ callable: f, args: [], listItems: iterable }),
      { persistentId: (value: unknown) => (value === bad ? throwing() : undefined) },
    ]) {
      const error = refuses([1, bad], "hook-failed", "boom", options);
      expect([error.cause, error.path]).toEqual([boom, "$[1]"]);
    }
    expect(
      refuses([new PickleBuffer(new Uint8Array(1))], "hook-failed", "boom", { bufferCallback: throwing })
        .path,
    ).toBe("$[0]");
    const getter = Object.defineProperty({}, "x", { enumerable: true, get: throwing });
    expect(refuses([getter], "hook-failed", "boom").cause).toBe(boom);
  });
  test("no error", () => {
    const reducerOverride = (): never => {
      // oxlint-disable-next-line typescript/only-throw-error -- a hook may
      throw "text";
    };
    expect(failureOf([bad], { reducerOverride })).toMatchObject({ code: "hook-failed", words: "text" });
  });
});

describe("plain-object", () => {
  const pickled = dumps([1, new PyObject(f, Tuple.of(1), { how: "reduce" })]);
  test("a PyObject that was loaded plain is refused, with the way out", () => {
    const error = refuses(loads(pickled), "plain-object", "can't pickle a PyObject that was loaded plain");
    expect([error.path, error.advice]).toEqual(["$[1]", expect.stringContaining("exact: true")]);
    expect(dumps(loads(pickled, { exact: true }), { exact: true })).toEqual(pickled);
  });
});

describe("unrebuildable-cycle", () => {
  const inArguments = (wrap: (object: unknown) => unknown): PyObject => {
    const args: unknown[] = [];
    const object = new PyObject(f, args, { how: "reduce" });
    args.push(wrap(object));
    return object;
  };
  test("an object inside its own arguments", () => {
    for (const protocol of [0, 1, 2, 3, 4, 5]) {
      for (const wrap of [
        (o: unknown) => o,
        (o: unknown) => Tuple.of(o),
        (o: unknown) => Tuple.of(Tuple.of(1, 2, 3, o)),
        (o: unknown) => new PyFrozenSet([o]),
      ]) {
        const error = refuses(
          [inArguments(wrap)],
          "unrebuildable-cycle",
          "an object is inside its own constructor arguments",
          { protocol },
        );
        expect(error.pythonException).toBe("RecursionError");
        expect(error.path?.length).toBeGreaterThan(1);
      }
    }
  });
  test("inside another's that is inside its own", () => {
    refuses(
      inArguments((o) => new PyObject(f, [o], { how: "reduce" })),
      "unrebuildable-cycle",
      "an object is inside",
    );
    refuses(
      inArguments((o) => new PyObject(o, [], { how: "reduce" })),
      "unrebuildable-cycle",
      "an object is inside",
    );
  });
  test("by way of a reduction", () => {
    refuses(bad, "unrebuildable-cycle", "an object is inside", byHand({ callable: f, args: [bad] }));
    refuses(bad, "unrebuildable-cycle", "an object is inside", {
      ...byHand({ callable: f, args: [[1], bad] }),
    });
    const fresh = {
      reducerOverride: (value: unknown) =>
        value === bad ? { callable: f, args: [["fresh"], bad] } : undefined,
    };
    refuses(bad, "unrebuildable-cycle", "an object is inside", fresh);
  });
  test("by way of what ends it is none: a list, a dict, a state", () => {
    for (const wrap of [
      (o: unknown) => [o],
      (o: unknown) => new PyDict([["k", o]]),
      (o: unknown) => new PyObject(f, [], { state: o }),
    ]) {
      for (const protocol of [0, 2, 4, 5]) {
        const pickle = dumps(inArguments(wrap), { protocol, exact: true });
        const again = loads(pickle, { exact: true }) as PyObject;
        const [held] = again.args as readonly unknown[];
        const object: unknown = Array.isArray(held)
          ? held[0]
          : held instanceof PyDict
            ? held.get("k")
            : (held as PyObject).state;
        expect(object).toBe(again);
      }
    }
  });
  test("in fast mode", () => {
    const list: unknown[] = [];
    list.push([[list]]);
    const pickler = new Pickler();
    pickler.fast = true;
    expect(() => pickler.dump(list)).toThrow("fast mode: can't pickle cyclic objects");
    pickler.fast = false;
    expect(loads(pickler.dump([1]))).toEqual([1]);
  });
});
