import { compressed } from "../compression/compress.ts";
import { PicklingError } from "../errors.ts";
import { PicklerMemo } from "../pickler/memo.ts";
import { type DumpOptions, dumpSettings } from "../pickler/options.ts";
import { PicklerBase } from "../pickler/pickler.ts";
import * as op from "../syntax/opcodes.ts";
import type { TypeRegistry } from "../types/registry.ts";
import { type ByteStream, byteStream } from "./byte-stream.ts";
import type { CompressionOption } from "./dump-value.ts";
import { ItemMemo } from "./item-memo.ts";
import { ItemWriter } from "./item-writer.ts";

/** Source: `_pickle.c`, `BATCHSIZE`. */
const BATCH = 1000;

/** Options of `dumpItems`. */
export interface DumpItemsOptions extends DumpOptions, CompressionOption {
  /** What Python gets: a list unless set; a dict, of entries `[key, value]`; or a set. */
  readonly container?: "list" | "dict" | "set" | undefined;
  /**
   * What is written once and referred to from then on: `"item"`, what comes twice in one item, and beyond it short texts and
   * classes, 10,000 of each; `"all"`, whatever came before, as `dumps` does, so that every item is kept in memory;
   * `"none"`, nothing: smallest in memory, and an item with a cycle is an error. `"item"` unless set.
   */
  readonly memo?: "item" | "all" | "none" | undefined;
}

/** What ends a batch of each container, and a batch of one in protocol 0. */
const opcodesOf = {
  list: { empty: op.EMPTY_LIST, old: op.LIST, many: op.APPENDS, one: op.APPEND },
  dict: { empty: op.EMPTY_DICT, old: op.DICT, many: op.SETITEMS, one: op.SETITEM },
  set: { empty: op.EMPTY_SET, old: op.LIST, many: op.ADDITEMS, one: op.APPEND },
} as const;

function oneOf<Value extends string>(name: string, value: Value, ...choices: Value[]): Value {
  if (choices.includes(value)) return value;
  throw new PicklingError(
    "invalid-option",
    `the option ${name} must be one of ${choices.join(" ")}, not ${value}`,
  );
}

/** The same failure, its path begun at the container. */
function placed(error: unknown, place: string): unknown {
  if (!(error instanceof PicklingError)) return error;
  const { code, words, path = "$", pythonException, advice, cause } = error;
  return new PicklingError(code, words, { path: place + path.slice(1), pythonException, advice, cause });
}

/** Writes a container piece by piece. */
class ContainerWriter {
  readonly #writer: ItemWriter;
  readonly #memo: PicklerMemo;
  readonly #pickler: PicklerBase;
  readonly #container: "list" | "dict" | "set";
  /** Whether a set is made of a list, as it has no opcode. */
  readonly #isOldSet: boolean;
  readonly #mapsNames: boolean;
  /** Items of the batch under way. */
  #batched = 0;
  #count = 0;

  constructor(options: DumpItemsOptions, types: TypeRegistry) {
    const memo = oneOf("memo", options.memo ?? "item", "item", "all", "none");
    this.#container = oneOf("container", options.container ?? "list", "list", "dict", "set");
    const { protocol, mapNames } = dumpSettings(options, types);
    this.#mapsNames = mapNames;
    this.#isOldSet = this.#container === "set" && protocol < 4;
    this.#writer = new ItemWriter(protocol);
    this.#memo = memo === "item" ? new ItemMemo() : new PicklerMemo();
    this.#pickler = new PicklerBase(options, types, this.#writer, this.#memo);
    this.#pickler.fast = memo === "none";
  }

  begin(): void {
    const writer = this.#writer;
    const { protocol } = writer;
    const { empty, old } = opcodesOf[this.#container];
    writer.begin();
    if (this.#isOldSet) {
      writer.u8(op.GLOBAL);
      writer.latin1(this.#mapsNames ? "__builtin__\nset\n" : "builtins\nset\n");
      if (protocol < 2) writer.u8(op.MARK);
    }
    if (protocol === 0) {
      writer.u8(op.MARK);
      writer.u8(old);
    } else writer.u8(this.#isOldSet ? op.EMPTY_LIST : empty);
    if (!this.#pickler.fast) writer.put(this.#memo.size++);
  }

  /** One item, or one entry of a dict. */
  add(item: unknown): void {
    const writer = this.#writer;
    if (this.#batched === 0 && writer.protocol > 0) writer.u8(op.MARK);
    const place = `$[${this.#count}]`;
    if (this.#container !== "dict") this.#dump(item, place);
    else {
      if (!Array.isArray(item) || item.length !== 2) {
        throw new PicklingError("invalid-option", "an entry of a dict must be an array of key and value", {
          path: place,
        });
      }
      const [key, value] = item as readonly unknown[];
      this.#dump(key, place);
      this.#dump(value, place);
    }
    if (this.#memo instanceof ItemMemo) this.#memo.nextItem();
    this.#count++;
    if (writer.protocol === 0) writer.u8(opcodesOf[this.#container].one);
    else if (++this.#batched === BATCH) this.#endBatch();
    writer.settle();
  }

  #dump(value: unknown, place: string): void {
    try {
      this.#pickler.dump(value);
    } catch (error) {
      throw placed(error, place);
    }
  }

  #endBatch(): void {
    this.#writer.u8(this.#isOldSet ? op.APPENDS : opcodesOf[this.#container].many);
    this.#batched = 0;
  }

  finish(): void {
    const writer = this.#writer;
    const { protocol } = writer;
    // An exact dict or set whose last batch is full has an empty one behind it. Source: `batch_dict_exact`, `save_set`.
    const isClosed = this.#container !== "list" && !this.#isOldSet && protocol > 0;
    if (this.#batched === 0 && this.#count > 0 && isClosed) {
      writer.u8(op.MARK);
      this.#endBatch();
    } else if (this.#batched > 0) this.#endBatch();
    if (this.#isOldSet) {
      writer.u8(protocol < 2 ? op.TUPLE : op.TUPLE1);
      writer.u8(op.REDUCE);
    }
    writer.finish();
  }

  get hasChunks(): boolean {
    return this.#writer.hasChunks;
  }

  chunks(): Uint8Array[] {
    return this.#writer.chunks();
  }
}

async function* chunksOf(
  container: ContainerWriter,
  items: AsyncIterable<unknown> | Iterable<unknown>,
): AsyncGenerator<Uint8Array, void> {
  container.begin();
  // What is there is gone through without a turn of the event loop for each item.
  if (Symbol.iterator in items) {
    for (const item of items) {
      container.add(item);
      if (container.hasChunks) yield* container.chunks();
    }
  } else {
    for await (const item of items) {
      container.add(item);
      if (container.hasChunks) yield* container.chunks();
    }
  }
  container.finish();
  yield* container.chunks();
}

/** The chunks of a container's pickle. Throws at once what is wrong with the options. */
export function itemChunks(
  items: AsyncIterable<unknown> | Iterable<unknown>,
  options: DumpItemsOptions,
  types: TypeRegistry,
): AsyncGenerator<Uint8Array, void> {
  return chunksOf(new ContainerWriter(options, types), items);
}

/** One list, dict or set as a stream; `dumpItems` of the entries, with their default of types. */
export function itemStream(
  items: AsyncIterable<unknown> | Iterable<unknown>,
  options: DumpItemsOptions,
  types: TypeRegistry,
): ByteStream {
  const { compression } = options;
  const chunks = itemChunks(items, options, types);
  return byteStream(compression === undefined ? chunks : compressed(chunks, compression));
}
