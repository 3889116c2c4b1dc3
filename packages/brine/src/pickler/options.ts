import { DEFAULT_PROTOCOL, HIGHEST_PROTOCOL } from "../syntax/opcodes.ts";
import type { Reduction, TypeRegistry } from "../types/registry.ts";
import type { PickleBuffer } from "../values/pickle-buffer.ts";
import type { PyGlobal } from "../values/py-global.ts";
import { refusal } from "./refusal.ts";

/** Options of `dumps` and `Pickler`. */
export interface DumpOptions {
  /** Protocol to write, 0 to 5; a negative one means the highest. 5 unless set, which needs Python 3.8. */
  readonly protocol?: number | undefined;
  /** Whether every `number` is a float, as in what `loads` gives with `exact: true`; `false` unless set. */
  readonly exact?: boolean | undefined;
  /** Whether names are mapped to those of Python 2 below protocol 3; `true` unless set. */
  readonly fixImports?: boolean | undefined;
  /**
   * Takes the buffers of `PickleBuffer` values out of band, from protocol 5 on. A buffer for which it returns something
   * true is written into the pickle all the same.
   */
  readonly bufferCallback?: ((buffer: PickleBuffer) => unknown) | undefined;
  /** Gives the persistent id of a value that is to be stored elsewhere, `undefined` for one that is not. */
  readonly persistentId?: ((value: unknown) => unknown) | undefined;
  /** The types that are written; the default depends on the entry that was imported. */
  readonly types?: TypeRegistry | undefined;
  /** The extension registry: codes that stand for classes and functions, from protocol 2 on. */
  readonly extensions?: ReadonlyMap<number, PyGlobal> | undefined;
  /** Says how a value that is no builtin is rebuilt, before the types are asked; `undefined` to go on as usual. */
  readonly reducerOverride?: ((value: unknown) => Reduction | PyGlobal | undefined) | undefined;
  /**
   * Gives equal values equal bytes, for cache keys and signatures: `canonical` of `brine/tools`, which tells the order, at
   * protocol 4 or 5. It is handed in so that only who needs it has it in a bundle: it is 12 kB. Each pickle of a `Pickler`
   * stands alone then.
   */
  readonly canonical?:
    | ((pickle: Uint8Array, options: { readonly protocol: 4 | 5 }) => Uint8Array)
    | undefined;
}

/** Checked `DumpOptions`, with the defaults in place of which there is more than `undefined`. */
export interface DumpSettings extends DumpOptions {
  readonly protocol: number;
  readonly types: TypeRegistry;
  /** Whether names become those of Python 2. */
  readonly mapNames: boolean;
  readonly extensionCodes: ReadonlyMap<string, number> | undefined;
}

/** What tells globals apart; a newline in a module name is refused where it could mislead. */
export function globalKey(global: PyGlobal): string {
  return `${global.module.length}:${global.module}.${global.name}`;
}

function extensionCodes(extensions: ReadonlyMap<number, PyGlobal>): Map<string, number> {
  const codes = new Map<string, number>();
  for (const [code, global] of extensions) {
    if (!Number.isInteger(code) || code <= 0 || code > 0x7fff_ffff) {
      throw refusal(
        "invalid-extension",
        `Can't pickle ${String(global)}: extension code ${code} is out of range`,
      );
    }
    codes.set(globalKey(global), code);
  }
  return codes;
}

/**
 * Puts the defaults in place and refuses what is no option's value.
 *
 * @throws PicklingError `unsupported-protocol`, `invalid-option`, `invalid-extension`
 */
export function dumpSettings(options: DumpOptions = {}, types: TypeRegistry): DumpSettings {
  const { protocol: asked = DEFAULT_PROTOCOL, extensions } = options;
  const protocol = asked < 0 ? HIGHEST_PROTOCOL : asked;
  if (!Number.isInteger(protocol)) {
    throw refusal("invalid-option", `the option protocol must be an integer, not ${String(protocol)}`);
  }
  if (protocol > HIGHEST_PROTOCOL) {
    throw refusal("unsupported-protocol", `pickle protocol must be <= ${HIGHEST_PROTOCOL}`, "ValueError");
  }
  if (options.bufferCallback && protocol < 5) {
    throw refusal("invalid-option", "buffer_callback needs protocol >= 5", "ValueError");
  }
  return {
    ...options,
    protocol,
    types: options.types ?? types,
    mapNames: protocol < 3 && options.fixImports !== false,
    extensionCodes: extensions && extensionCodes(extensions),
  };
}
