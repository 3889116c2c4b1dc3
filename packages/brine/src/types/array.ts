import { equalParts } from "./equality.ts";
import { type Reduction, TypeDefinition } from "./registry.ts";
import { PyGlobal } from "../values/py-global.ts";
import { textOf } from "../values/attributes.ts";
import { bigInteger, defineValue, integer, PyRecord, written } from "./value.ts";
import { pythonKey } from "../values/key.ts";

/** The typed arrays of JavaScript that Python has an array for. */
export type TypedArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

type TypedArrayClass = (new (buffer: ArrayBuffer) => TypedArray) &
  (new (length: number) => TypedArray) & {
    readonly BYTES_PER_ELEMENT: number;
    readonly name: string;
    readonly prototype: TypedArray;
  };

/**
 * By machine format, of which each has two codes (little end first, then big) but those of one byte. Source: CPython
 * `Modules/arraymodule.c`, `machine_format_code`.
 */
const kinds = (): readonly TypedArrayClass[] => [
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  BigUint64Array,
  BigInt64Array,
  Float32Array,
  Float64Array,
  Uint8Array,
  BigUint64Array,
  BigInt64Array,
];

/** The type codes of these, in their order. */
const typecodes = "BbHhIiQqfdcLl";

/** What an array of this type code holds (`l` and `L` 8 bytes, but on Windows); `undefined` for characters and what is no type code. */
function kindOf(typecode: string): TypedArrayClass | undefined {
  return typecode.length === 1 ? kinds()[typecodes.indexOf(typecode)] : undefined;
}

const isLittleEndian = (): boolean => new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const array: PyGlobal = /* @__PURE__ */ new PyGlobal("array", "array");
const reconstructor: PyGlobal = /* @__PURE__ */ new PyGlobal("array", "_array_reconstructor");

/** Python's `array.array`: numbers of one machine type, or characters (`u`, `w`) as a string. */
export class PyArray extends PyRecord {
  /** Python's type code: one of `bBhHiIlLqQfd`, `u` or `w`; `c` of Python 2. */
  declare readonly typecode: string;
  /** The items: the typed array of their size, a string for characters, bytes for `c`. */
  declare readonly data: TypedArray | string;

  /**
   * An array of a typed array or string, `l` and `L` being of 8 bytes.
   *
   * @throws RangeError if the type code has other items than these
   */
  constructor(typecode: string, data: TypedArray | string) {
    super({ typecode, data });
    const kind = kindOf(typecode);
    const isText = /^[uw]$/.test(typecode) && typeof data === "string";
    // On Windows, l and L have 4 bytes.
    const isShort =
      (typecode === "l" && data instanceof Int32Array) || (typecode === "L" && data instanceof Uint32Array);
    if (!isText && !isShort && !(kind !== undefined && data instanceof kind))
      throw new RangeError(`no array of type ${typecode}`);
  }

  /** The Python class. */
  get type(): PyGlobal {
    return array;
  }

  /** Unhashable. */
  override [pythonKey](): unknown {
    return undefined;
  }

  /** What it is equal by. */
  override [equalParts](): readonly unknown[] {
    return ["array.array", ...this.data];
  }
}

/** The typed array of that class with the values of a list; `undefined` if one of them doesn't fit. */
function fromList(kind: TypedArrayClass, list: readonly unknown[]): TypedArray | undefined {
  const data = new kind(list.length);
  const isFloat = kind.name.startsWith("Float");
  const isBig = kind.name.startsWith("Big");
  for (let index = 0; index < list.length; index++) {
    const item = list[index];
    const value = isBig ? bigInteger(item) : isFloat && typeof item === "number" ? item : integer(item);
    if (value === undefined) return undefined;
    data[index] = value;
    if (!isFloat && data[index] !== value) return undefined;
  }
  return data;
}

/** The typed array of bytes in a machine format. */
function fromBytes(code: number, bytes: Uint8Array): TypedArray | undefined {
  const kind = kinds()[code < 2 ? code : (code >> 1) + 1];
  const size = kind?.BYTES_PER_ELEMENT ?? 0;
  if (kind === undefined || bytes.length % size !== 0) return undefined;
  const copy = new Uint8Array(bytes);
  const isSwapped = size > 1 && (code % 2 === 0) !== isLittleEndian();
  if (isSwapped) for (let at = 0; at < copy.length; at += size) copy.subarray(at, at + size).reverse();
  return new kind(copy.buffer);
}

/** The text of UTF-16 (codes 18, 19) or UTF-32 (20, 21) characters, lone surrogates kept. */
function textOfUnits(code: number, bytes: Uint8Array): string | undefined {
  const units = fromBytes(code < 20 ? code - 16 : code - 14, bytes);
  if (units === undefined) return undefined;
  let text = "";
  for (const unit of units) text += String.fromCodePoint(Number(unit));
  return text;
}

/** Code of the machine format that a typed array has in this machine's order of bytes. */
function formatOf(data: TypedArray): number {
  const index = kinds().findIndex((kind) => data instanceof kind);
  return index < 2 ? index : 2 * index - (isLittleEndian() ? 2 : 1);
}

/** An array, of which plain mode has the items only; `undefined` if they are none of the type code's. */
function make(typecode: string, data: TypedArray | string | undefined, exact: boolean): unknown {
  if (data === undefined) return undefined;
  const made = new PyArray(typecode, data);
  return exact ? made : data;
}

/** How `array.array` is read: a list below protocol 3, bytes of a machine format from there on. */
export const arrayReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  defineValue(array, [1, 2], {
    construct({ args: [code, items = []], exact }) {
      const typecode = textOf(code) ?? "";
      if (!Array.isArray(items)) return undefined;
      const text = items.map((item) => textOf(item) ?? "").join("");
      if (/^[uw]$/.test(typecode)) return make(typecode, text, exact);
      const kind = kindOf(typecode);
      const data =
        typecode === "c"
          ? Uint8Array.from(text, (character) => character.charCodeAt(0))
          : kind && fromList(kind, items);
      return make(typecode, data, exact);
    },
  }),
  defineValue(reconstructor, [4, 4], {
    construct({ args: [type, typecode, format, bytes], exact }) {
      const code = integer(format, 0, 21);
      const isRight = String(type) === "array.array" && bytes instanceof Uint8Array;
      if (!isRight || typeof typecode !== "string" || code === undefined) return undefined;
      return make(typecode, code < 18 ? fromBytes(code, bytes) : textOfUnits(code, bytes), exact);
    },
  }),
])();

/** How `array.array` is read and written; and how `dumps` writes typed arrays. */
export const arrays: readonly TypeDefinition[] = /* @__PURE__ */ (() => {
  const reduce = ({ typecode, data }: PyArray, protocol: number): Reduction => {
    const isText = typeof data === "string";
    if (protocol < 3 || typecode === "c" || (data.length === 0 && isText)) {
      const isFloat = data instanceof Float32Array || data instanceof Float64Array;
      const items = Array.from<number | bigint | string, unknown>(data, (item) =>
        isText || isFloat ? item : typecode === "c" ? Uint8Array.of(Number(item)) : BigInt(item),
      );
      return { callable: array, args: [typecode, items] };
    }
    const units = isText ? Uint32Array.from(data, (c) => c.codePointAt(0) as number) : data;
    const bytes = new Uint8Array(
      units.buffer.slice(units.byteOffset, units.byteOffset + units.byteLength) as ArrayBuffer,
    );
    const format = formatOf(units);
    return { callable: reconstructor, args: [array, typecode, BigInt(isText ? format + 14 : format), bytes] };
  };
  const typed = (
    typecode: string,
    type: abstract new (...args: never) => TypedArray | Uint8ClampedArray,
  ): TypeDefinition =>
    new TypeDefinition("", type.name, {
      class: type,
      tag: `[object ${type.name}]`,
      reduce: (data, protocol) => reduce({ typecode, data: data as TypedArray } as PyArray, protocol),
    });
  return [
    ...written<PyArray>(arrayReaders, reduce, PyArray),
    // A Uint8Array is bytes.
    ...kinds()
      .slice(1, 10)
      .map((kind, index) => typed(typecodes[index + 1] as string, kind)),
    typed("B", Uint8ClampedArray),
  ];
})();
