// What owns a byte when bytes are told by type: a builtin type, a class, or what serves the format alone.
export const NONE_TYPE = 0;
export const BOOL_TYPE = 1;
export const INT_TYPE = 2;
export const FLOAT_TYPE = 3;
export const STR_TYPE = 4;
export const STR8_TYPE = 5;
export const BYTES_TYPE = 6;
export const BYTEARRAY_TYPE = 7;
export const LIST_TYPE = 8;
export const TUPLE_TYPE = 9;
export const DICT_TYPE = 10;
export const SET_TYPE = 11;
export const FROZENSET_TYPE = 12;
export const GLOBAL_TYPE = 13;
export const PERSISTENT_TYPE = 14;
export const BUFFER_TYPE = 15;
export const EXTENSION_TYPE = 16;
/** An object whose class is not told by a name. */
export const OBJECT_TYPE = 17;
export const REFERENCE_TYPE = 18;
export const MEMO_TYPE = 19;
export const FRAMING_TYPE = 20;
export const STACK_TYPE = 21;
export const UNREAD_TYPE = 22;
const FIRST_CLASS = 23;

const builtinNames = [
  "None",
  "bool",
  "int",
  "float",
  "str",
  "str of Python 2",
  "bytes",
  "bytearray",
  "list",
  "tuple",
  "dict",
  "set",
  "frozenset",
  "class or function",
  "persistent id",
  "buffer",
  "extension code",
  "object",
  "(reference)",
  "(memo)",
  "(framing)",
  "(stack)",
  "(unread)",
];

/** Callables by which older protocols make what newer ones have an opcode for. */
const builtinCallables = new Map<string, number>([
  ["_codecs.encode", BYTES_TYPE],
  ...["__builtin__", "builtins"].flatMap((module): (readonly [string, number])[] => [
    [`${module}.bytes`, BYTES_TYPE],
    [`${module}.bytearray`, BYTEARRAY_TYPE],
    [`${module}.set`, SET_TYPE],
    [`${module}.frozenset`, FROZENSET_TYPE],
    [`${module}.list`, LIST_TYPE],
    [`${module}.dict`, DICT_TYPE],
    [`${module}.tuple`, TUPLE_TYPE],
  ]),
]);

/** Callables that make an object of the class which is their first argument. */
const constructors = new Set([
  "copyreg._reconstructor",
  "copy_reg._reconstructor",
  "copyreg.__newobj__",
  "copy_reg.__newobj__",
  "copyreg.__newobj_ex__",
]);

/** So many names are told apart; the others are one. */
const MOST_NAMES = 4096;
const OTHER_NAMES = "other";

/** A class or function that a pickle names. */
export interface GlobalUse {
  /** Its module and its name, with a dot between them. */
  readonly name: string;
  /** How often it is written out. */
  written: number;
  /** How often it stands on the stack, out of the memo too. */
  used: number;
}

/** The types that occur, each by a number, with the bytes and values that are its own. */
export class TypeTable {
  readonly names: string[] = [...builtinNames];
  readonly bytes: number[] = builtinNames.map(() => 0);
  readonly counts: number[] = builtinNames.map(() => 0);
  /** The globals, each by a number. */
  readonly globals: GlobalUse[] = [];
  readonly #globalIds = new Map<string, number>();
  /** By global, the type of what it makes when it is called; −1 while nobody has asked. */
  readonly #made: number[] = [];

  /** The number of a global. */
  globalOf(name: string): number {
    const known = this.#globalIds.get(name);
    if (known !== undefined) return known;
    if (this.globals.length >= MOST_NAMES && name !== OTHER_NAMES) return this.globalOf(OTHER_NAMES);
    this.#globalIds.set(name, this.globals.length);
    this.#made.push(-1);
    return this.globals.push({ name, written: 0, used: 0 }) - 1;
  }

  /**
   * The type of what a global makes.
   *
   * @param first - the global that is the first argument, −1 if it is none.
   */
  madeBy(global: number, first: number): number {
    if (global < 0) return OBJECT_TYPE;
    const { name } = this.globals[global] as GlobalUse;
    if (first >= 0 && constructors.has(name)) return this.madeBy(first, -1);
    let made = this.#made[global] as number;
    if (made < 0) {
      made = builtinCallables.get(name) ?? this.names.push(name) - 1;
      if (made >= this.bytes.length) {
        this.bytes.push(0);
        this.counts.push(0);
      }
      this.#made[global] = made;
    }
    return made;
  }
}

/** Whether a type is a class that a pickle names. */
export const isClass = (type: number): boolean => type >= FIRST_CLASS;
