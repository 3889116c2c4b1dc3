import type { MemoryView } from "../values/memory-view.ts";
import type { ByteArray } from "../values/byte-array.ts";
import type { PyDict } from "../values/py-dict.ts";
import type { PyFrozenSet } from "../values/py-frozen-set.ts";
import type { PyGlobal } from "../values/py-global.ts";
import type { PyObject } from "../values/py-object.ts";
import type { PySet } from "../values/py-set.ts";
import type { Tuple } from "../values/tuple.ts";
import type { PyComplex } from "../types/complex.ts";
import type { LoadOptions } from "./options.ts";

/** What a dict is in plain mode, by the option `dicts`. */
export type PlainDict<Int, Dicts, More = never> = Dicts extends "object"
  ? { [key: string]: PlainValue<Int, Dicts, More> }
  : Dicts extends "map"
    ? Map<PlainValue<Int, Dicts, More>, PlainValue<Int, Dicts, More>>
    :
        | { [key: string]: PlainValue<Int, Dicts, More> }
        | Map<PlainValue<Int, Dicts, More>, PlainValue<Int, Dicts, More>>;

/** What `loads` gives in plain mode, with the builtin types and those of `More`. */
export type PlainValue<Int = number | bigint, Dicts = "auto", More = never> =
  | null
  | boolean
  | number
  | Int
  | string
  | Uint8Array
  | PlainValue<Int, Dicts, More>[]
  | PlainDict<Int, Dicts, More>
  | Set<PlainValue<Int, Dicts, More>>
  | PyComplex
  | PyGlobal
  | PyObject
  | More;

/** What `loads` gives in exact mode, with the builtin types and those of `More`: a float is a `number`, an int a `bigint`. */
export type ExactValue<More = never> =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | ByteArray
  | MemoryView
  | ExactValue<More>[]
  | Tuple<ExactValue<More>>
  | PyDict<ExactValue<More>, ExactValue<More>>
  | PySet<ExactValue<More>>
  | PyFrozenSet<ExactValue<More>>
  | PyComplex
  | PyGlobal
  | PyObject
  | More;

/** What the options give for one of them, `undefined` for nothing. */
type Given<Options, Name extends keyof LoadOptions> = Options extends { readonly [N in Name]: infer Value }
  ? Value
  : undefined;

/** What an int is, by the option `ints`. */
type IntOf<Ints> = Ints extends "number" ? number : Ints extends "bigint" ? bigint : number | bigint;

/** Hooks and type definitions can put anything into a value. */
type OpenEnded<Options> = Options extends
  | { readonly types: object }
  | { readonly persistentLoad: (pid: unknown) => unknown }
  | { readonly findClass: (module: string, name: string) => unknown }
  ? true
  : false;

/** The static type of what these options load; `More` are the types of the registry beside the builtin ones. */
export type Loaded<Options, More = never> =
  OpenEnded<Options> extends true
    ? unknown
    : Given<Options, "exact"> extends true
      ? ExactValue<More>
      : boolean extends Given<Options, "exact">
        ? PlainValue<number | bigint, "auto", More> | ExactValue<More>
        : PlainValue<
            IntOf<Given<Options, "ints">>,
            Given<Options, "dicts"> extends "object" | "map" ? Given<Options, "dicts"> : "auto",
            More
          >;
