import type { DumpOptions } from "./pickler/options.ts";
import { dumpOne, PicklerBase } from "./pickler/pickler.ts";
import { builtins } from "./types/builtins.ts";
import type { Loaded } from "./unpickler/loaded-types.ts";
import type { BinaryData, LoadOptions } from "./unpickler/options.ts";
import { loadEach, loadOne, UnpicklerBase } from "./unpickler/unpickler.ts";

/**
 * Loads one pickle, whole. What comes after its STOP is ignored, as Python does.
 *
 * @param data the bytes: any typed array, `DataView`, `ArrayBuffer` or `SharedArrayBuffer`
 * @throws UnpicklingError whatever is wrong with the bytes, the options, or what a hook threw
 * @example
 * loads(bytes) // { name: "Ada", born: 1815 }
 * loads(bytes, { exact: true }) // PyDict(2) { 'name' => 'Ada', 'born' => 1815n }
 */
export function loads<const Options extends LoadOptions = object>(
  data: BinaryData,
  options?: Options & LoadOptions,
): Loaded<Options> {
  return loadOne(data, options, builtins) as Loaded<Options>;
}

/**
 * Loads consecutive pickles lazily, each with a memo of its own.
 *
 * @throws UnpicklingError at the pickle that is wrong, with its offset in `data`; those before it have been given
 */
export function loadsAll<const Options extends LoadOptions = object>(
  data: BinaryData,
  options?: Options & LoadOptions,
): Generator<Loaded<Options>, void> {
  return loadEach(data, options, builtins) as Generator<Loaded<Options>, void>;
}

/** Reads consecutive pickles from one buffer, its memo kept across them, as Python's `pickle.Unpickler` does. */
export class Unpickler<const Options extends LoadOptions = object> extends UnpicklerBase<Loaded<Options>> {
  constructor(data: BinaryData, options?: Options & LoadOptions) {
    super(data, options, builtins);
  }
}

/**
 * Writes a value as a pickle, byte for byte as CPython 3.13's C pickler writes the same value. Protocol 5 unless another
 * is asked for, which Python 3.8 and newer read.
 *
 * @throws PicklingError what cannot be written, with its path
 * @example
 * dumps({ name: "Ada", born: 1815 }, { protocol: 2 })
 */
export function dumps(value: unknown, options?: DumpOptions): Uint8Array {
  return dumpOne(value, options, builtins);
}

/** Writes consecutive pickles that share a memo, as Python's `pickle.Pickler` does. */
export class Pickler extends PicklerBase {
  constructor(options?: DumpOptions) {
    super(options, builtins);
  }
}

export * from "./names.ts";
