import type { DumpOptions } from "./pickler/options.ts";
import { dumpOne, PicklerBase } from "./pickler/pickler.ts";
import { stdlib } from "./types/stdlib.ts";
import type { StdlibValue } from "./types/stdlib-value.ts";
import type { Loaded } from "./unpickler/loaded-types.ts";
import type { BinaryData, LoadOptions } from "./unpickler/options.ts";
import { loadEach, loadOne, UnpicklerBase } from "./unpickler/unpickler.ts";

/**
 * Loads one pickle, whole, with the types of Python's standard library. What comes after its STOP is ignored, as Python does.
 *
 * @param data the bytes: any typed array, `DataView`, `ArrayBuffer` or `SharedArrayBuffer`
 * @throws UnpicklingError whatever is wrong with the bytes, the options, or what a hook threw
 * @example
 * loads(bytes) // { name: "Ada", born: datetime.date(1815-12-10) }
 * loads(bytes, { exact: true }) // PyDict(2) { 'name' => 'Ada', 'born' => datetime.date(1815-12-10) }
 */
export function loads<const Options extends LoadOptions = object>(
  data: BinaryData,
  options?: Options & LoadOptions,
): Loaded<Options, StdlibValue> {
  return loadOne(data, options, stdlib) as Loaded<Options, StdlibValue>;
}

/**
 * Loads consecutive pickles lazily, each with a memo of its own.
 *
 * @throws UnpicklingError at the pickle that is wrong, with its offset in `data`; those before it have been given
 */
export function loadsAll<const Options extends LoadOptions = object>(
  data: BinaryData,
  options?: Options & LoadOptions,
): Generator<Loaded<Options, StdlibValue>, void> {
  return loadEach(data, options, stdlib) as Generator<Loaded<Options, StdlibValue>, void>;
}

/** Reads consecutive pickles from one buffer, its memo kept across them, as Python's `pickle.Unpickler` does. */
export class Unpickler<const Options extends LoadOptions = object> extends UnpicklerBase<
  Loaded<Options, StdlibValue>
> {
  constructor(data: BinaryData, options?: Options & LoadOptions) {
    super(data, options, stdlib);
  }
}

/**
 * Writes a value as a pickle, byte for byte as CPython 3.13's C pickler writes the same value: with the types of Python's standard
 * library, `Date`, `Temporal` and typed arrays. Protocol 5 unless another is asked for, which Python 3.8 and newer read.
 *
 * @throws PicklingError what cannot be written, with its path
 * @example
 * dumps({ name: "Ada", seen: new Date() }, { protocol: 2 })
 */
export function dumps(value: unknown, options?: DumpOptions): Uint8Array {
  return dumpOne(value, options, stdlib);
}

/** Writes consecutive pickles that share a memo, as Python's `pickle.Pickler` does. */
export class Pickler extends PicklerBase {
  constructor(options?: DumpOptions) {
    super(options, stdlib);
  }
}
