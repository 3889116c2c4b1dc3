import { failure } from "../bytes/failure.ts";
import { ByteArray } from "../values/byte-array.ts";
import { frozenKey } from "../values/frozen-key.ts";
import { isNativeKey, nativeKey } from "../values/native-key.ts";
import { PyFrozenSet } from "../values/py-frozen-set.ts";
import { nestedIn, PyGlobal } from "../values/py-global.ts";
import { PyObject } from "../values/py-object.ts";
import { PySet } from "../values/py-set.ts";
import { tupleOf } from "../values/tuple.ts";
import { PyComplex } from "./complex.ts";
import { type Construction, TypeDefinition, type TypeDefinitionParts, TypeRegistry } from "./registry.ts";

/** Heap bytes for the allocation limit: a pickle can ask for sets of one large list again and again. */
const ITEM_COST = 64;

/** `set(items)` or `frozenset(items)`. Whatever Array is an item of a set was a tuple. */
function makeSet(
  { args, exact, definitions }: Construction,
  type: typeof PySet | typeof PyFrozenSet,
): Set<unknown> | undefined {
  const [source = []] = args;
  if (args.length > 1 || !(Array.isArray(source) || source instanceof Set)) return undefined;
  let items: unknown[] = [...(source as Iterable<unknown>)];
  definitions.spend(ITEM_COST * items.length);
  if (!exact) {
    if (items.every(isNativeKey)) {
      const set = new Set<unknown>();
      for (const item of items) set.add(nativeKey(set, item));
      return set;
    }
    const frozen = new WeakMap<object, unknown>();
    items = items.map((item) => frozenKey(item, frozen));
  }
  try {
    return new type(items);
  } catch (error) {
    throw failure("unhashable-key", (error as Error).message, "TypeError");
  }
}

/** `str.encode(encoding)` for the encodings that Python 3 uses to write bytes below protocol 3. */
function encode({ definitions }: Construction, text: unknown, encoding: unknown): Uint8Array | undefined {
  if (
    typeof text !== "string" ||
    typeof encoding !== "string" ||
    !/^(latin|iso.?8859)[-_]?1$/i.test(encoding)
  ) {
    return undefined;
  }
  definitions.spend(text.length);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0xff) {
      const character = `\\u${unit.toString(16).padStart(4, "0")}`;
      const words = `'latin-1' codec can't encode character '${character}' in position ${i}: ordinal not in range(256)`;
      throw failure("invalid-arguments", words, "UnicodeEncodeError");
    }
    bytes[i] = unit;
  }
  return bytes;
}

function makeByteArray(call: Construction): Uint8Array | undefined {
  const { args, exact, definitions } = call;
  const [source, encoding] = args;
  // Python 2 gives the content as text and its encoding.
  const content =
    args.length === 0 ? new Uint8Array(0) : args.length === 2 ? encode(call, source, encoding) : source;
  if (!(content instanceof Uint8Array)) return undefined;
  definitions.spend(content.length);
  return exact ? new ByteArray(content) : new Uint8Array(content);
}

/** What `type.__new__(type, ...args)` makes. */
const makeObject = (type: unknown, args: readonly unknown[], exact: boolean): PyObject =>
  new PyObject(type, exact ? tupleOf(args, 0, args.length) : args, { plain: !exact });

const isReal = (value: unknown): boolean => typeof value === "number" || typeof value === "bigint";

function makeComplex({ args }: Construction): PyComplex | undefined {
  if (args.length > 2 || !args.every(isReal)) return undefined;
  const [real = 0, imag = 0] = args.map(Number);
  return new PyComplex(real, imag);
}

const define = <T>(module: string, name: string, parts: TypeDefinitionParts<T>): TypeDefinition =>
  new TypeDefinition(module, name, parts);

/**
 * The builtin types that older protocols have no opcode for. Names are those of Python 3: `fixImports` maps `__builtin__.set`.
 *
 * @internal
 */
export const builtinReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  define("builtins", "set", { result: "set", construct: (call) => makeSet(call, PySet) }),
  define("builtins", "frozenset", { result: "frozenset", construct: (call) => makeSet(call, PyFrozenSet) }),
  define("builtins", "bytearray", { result: "bytearray", construct: makeByteArray }),
  define("builtins", "bytes", {
    result: "bytes",
    construct: ({ args }) => (args.length === 0 ? new Uint8Array(0) : undefined),
  }),
  define("_codecs", "encode", {
    result: "bytes",
    construct: (call) => encode(call, call.args[0], call.args[1]),
  }),
  define<PyComplex>("builtins", "complex", { construct: makeComplex }),
])();

/**
 * The same, with how `complex` is written.
 *
 * @internal
 */
export const builtinTypes: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  ...builtinReaders,
  define<PyComplex>("builtins", "complex", {
    class: PyComplex,
    construct: makeComplex,
    reduce: ({ real, imag }) => ({ callable: new PyGlobal("builtins", "complex"), args: [real, imag] }),
  }),
])();

/** The builtin types, and the functions by which older protocols spell objects and nested classes. */
export const builtins: TypeRegistry = /* @__PURE__ */ (() =>
  new TypeRegistry([
    ...builtinTypes,
    define("builtins", "getattr", {
      construct: ({ args: [owner, name] }) => nestedIn(owner, name),
    }),
    // What object.__reduce_ex__ writes below protocol 2; for a class derived from a builtin, the third is that builtin's value.
    define("copyreg", "_reconstructor", {
      construct: ({ args: [type, base, state], exact }) =>
        base instanceof PyGlobal && String(base) === "builtins.object" && state === null
          ? makeObject(type, [], exact)
          : undefined,
    }),
    define("copyreg", "__newobj__", {
      construct: ({ args: [type, ...args], exact }) => makeObject(type, args, exact),
    }),
  ]))();
