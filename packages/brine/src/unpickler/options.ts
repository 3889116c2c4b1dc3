import type { TypeRegistry } from "../types/registry.ts";
import type { PyGlobal } from "../values/py-global.ts";

/** Anything that bytes can be read from without a copy. */
export type BinaryData = ArrayBufferView | ArrayBufferLike;

/** What untrusted bytes may cost. */
export interface Limits {
  /**
   * Estimated heap bytes that one load may take, 2 GiB unless set. The worst input measured, empty dicts of which the last
   * makes a plain load begin anew, takes 285 bytes for a byte of input at the peak.
   */
  readonly allocation?: number | undefined;
}

/** Options of `loads`, `loadsAll` and `Unpickler`. */
export interface LoadOptions {
  /** Gives every Python type a form of its own, so that `dumps` can give Python back an equal value; `false` unless set. */
  readonly exact?: boolean | undefined;
  /**
   * What a dict becomes in plain mode: `"auto"`, an object if every key is a `str` and a `Map` otherwise;
   * `"object"`, which refuses other keys; `"map"`, always a `Map`.
   */
  readonly dicts?: "auto" | "object" | "map" | undefined;
  /**
   * What an int becomes in plain mode: `"auto"`, a `number` if it is safe and a `bigint` otherwise; `"number"`, which
   * refuses an int that a number cannot hold; `"bigint"`, always a `bigint`.
   */
  readonly ints?: "auto" | "number" | "bigint" | undefined;
  /** Whether `bytes` are copied out of the input (`"copy"`, unless set) or are views of it. */
  readonly bytes?: "copy" | "view" | undefined;
  /** How the 8-bit strings of Python 2 are decoded: `"ASCII"` unless set; `"bytes"` leaves them bytes. */
  readonly encoding?: string | undefined;
  /** What happens to a byte that cannot be decoded: `"strict"` unless set. */
  readonly errors?: string | undefined;
  /** Whether names of Python 2 modules and classes are mapped to those of Python 3 below protocol 3; `true` unless set. */
  readonly fixImports?: boolean | undefined;
  /** The out-of-band buffers, in the order of the pickle. */
  readonly buffers?: Iterable<BinaryData> | undefined;
  /** Gives the object that a persistent id stands for. `undefined` becomes `null`, as in Python. */
  readonly persistentLoad?: ((pid: unknown) => unknown) | undefined;
  /**
   * Says what stands for a class or function: a `TypeDefinition`, any other value, or `undefined` to go on as usual.
   * The names are those after the mapping of `fixImports`. It is asked once for each name.
   */
  readonly findClass?: ((module: string, name: string) => unknown) | undefined;
  /** The extension registry: what the codes of EXT1, EXT2 and EXT4 stand for. */
  readonly extensions?: ReadonlyMap<number, PyGlobal> | undefined;
  /** The types that are built; the default depends on the entry that was imported. */
  readonly types?: TypeRegistry | undefined;
  /** What untrusted bytes may cost. */
  readonly limits?: Limits | undefined;
  /**
   * A schema that the value is checked with: for the functions of `brine`, `brine/stream` and `brine/node`, which have a signature
   * for it. `brine/core` and `Unpickler` take none: hand the value that they give to the schema yourself.
   */
  readonly schema?: undefined;
}

/** `LoadOptions` with the entry's default of `types`. */
export type LoadSettings = LoadOptions & { readonly types: TypeRegistry };
