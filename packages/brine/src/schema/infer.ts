import { MemoryView } from "../values/memory-view.ts";
import { PyGlobal } from "../values/py-global.ts";
import { PyObject } from "../values/py-object.ts";
import { Tuple } from "../values/tuple.ts";
import { declareTypes } from "./declare.ts";
import {
  emptyNode,
  emptyRecord,
  type InstanceNode,
  merged,
  NodeMerger,
  type RecordNode,
  type TypeNode,
} from "./infer-nodes.ts";
import { chained, fieldParts, itemParts, pairParts, type Part } from "./infer-parts.ts";
import { libraryClass, withoutArray } from "./library-classes.ts";
import type { InferredTypes } from "./shape.ts";
import { dictEntries } from "./unpack.ts";

/** Options of {@link inferTypes}. */
export interface InferOptions {
  /** Name of the whole value; `"Root"` unless set. */
  readonly root?: string | undefined;
  /** How many strs a literal type may have; 0 for none, 8 unless set. */
  readonly maxLiterals?: number | undefined;
  /** How many keys a dict may have before it counts as a table of alike values; 64 unless set. */
  readonly maxKeys?: number | undefined;
  /** How many different places are told apart; what is beyond is `unknown`. 10,000 unless set. */
  readonly maxPlaces?: number | undefined;
}

/** Characters of a str that may be a literal. */
const LONGEST_LITERAL = 40;
/** Lengths of tuples of one place that are told apart, and items of a tuple. */
const MAX_TUPLES = 4;
const LONGEST_TUPLE = 16;
/** Lists in lists that are told apart; one further in has the type of the one around it. */
const MAX_RUN = 5;
/** Containers in containers that are told apart. */
const MAX_DEPTH = 24;
/** Classes of one pickle that are told apart. */
const MAX_CLASSES = 1000;

/** The records around a place. */
interface Trail {
  readonly record: RecordNode;
  readonly outer: Trail | undefined;
}

interface Frame {
  readonly value: object;
  readonly parts: Iterator<Part>;
  readonly trail: Trail | undefined;
}

/**
 * Finds the types of values, of as many as there are: what it holds grows with the kinds of values and not with their count. What one
 * `add` walks over is remembered until it returns.
 *
 * @example
 * const inference = new TypeInference();
 * for await (const { value } of loadAll(file, { exact: true, offsets: true })) inference.add(value);
 * console.log(printTypeScript(inference.types()));
 */
export class TypeInference {
  readonly #options: InferOptions;
  readonly #root: TypeNode;
  readonly #instances = new Map<string, InstanceNode>();
  readonly #beyond: TypeNode;
  readonly #merger: NodeMerger;
  /** How many were made; those that were merged no longer count. */
  #places = 0;
  /** The objects of the value at hand, with the places where they were looked at. */
  #seen = new Map<object, Set<TypeNode>>();
  /** Those that are around the one at hand. */
  #open = new Map<object, number>();

  constructor(options: InferOptions = {}) {
    this.#options = options;
    this.#root = emptyNode(0, 0);
    this.#beyond = { ...emptyNode(0, 0), unknown: true };
    this.#merger = new NodeMerger(options.maxLiterals ?? 8);
  }

  /** Takes a value, loaded exact or plain: exact tells tuples from lists. */
  add(value: unknown): void {
    this.#walk([[this.#root, value]]);
  }

  /**
   * Takes a container of which the items come one by one.
   *
   * @returns takes an item; of a dict, `[key, value]`
   */
  addContainer(kind: "list" | "set" | "dict"): (item: unknown) => void {
    const root = this.#root;
    if (kind !== "dict") {
      const place = (root[kind] ??= this.#child(root, kind === "list"));
      return (item) => this.#walk([[place, item]]);
    }
    const record = merged((root.record ??= emptyRecord()));
    // Others than strs make it a Map.
    record.total++;
    let isMap = false;
    return (item) => {
      const [key, value] = item as readonly [unknown, unknown];
      if (typeof key === "string" && !isMap) {
        this.#walk([[this.#field(root, record, key), value]], { record, outer: undefined });
        return;
      }
      root.key ??= this.#child(root);
      root.value ??= this.#child(root);
      if (!isMap) {
        isMap = true;
        // What came so far are keys of the same dict.
        if (record.fields === undefined) root.key.text = { count: 1, values: undefined };
        for (const name of record.fields?.keys() ?? []) this.#text(root.key, name);
        this.#merger.tabulate(record, root.value);
        root.record = undefined;
      }
      this.#walk([
        [root.key, key],
        [root.value, value],
      ]);
    };
  }

  /** What was found. */
  types(): InferredTypes {
    return declareTypes(this.#root, this.#instances, this.#options);
  }

  #walk(parts: readonly Part[], outer?: Trail): void {
    const stack: Frame[] = [];
    for (const [node, value] of parts) {
      this.#visit(node, value, outer, stack);
      for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
        const next = frame.parts.next();
        if (next.done === true) {
          const around = (this.#open.get(frame.value) ?? 1) - 1;
          if (around > 0) this.#open.set(frame.value, around);
          else this.#open.delete(frame.value);
          stack.pop();
        } else this.#visit(next.value[0], next.value[1], frame.trail, stack);
      }
    }
    if (this.#seen.size > 0) this.#seen = new Map();
    if (this.#open.size > 0) this.#open = new Map();
  }

  #child(parent: TypeNode, isItem = false): TypeNode {
    if (this.#places - this.#merger.count >= (this.#options.maxPlaces ?? 10_000)) return this.#beyond;
    const run = isItem ? parent.run + 1 : 0;
    // Deeper than that, a type refers to itself.
    if (parent.depth >= MAX_DEPTH || run > MAX_RUN) return parent;
    this.#places++;
    return emptyNode(parent.depth + 1, run);
  }

  #visit(place: TypeNode, given: unknown, trail: Trail | undefined, stack: Frame[]): void {
    const node = merged(place);
    const value = withoutArray(given);
    if (typeof value === "object" && value !== null) {
      if (!node.unknown) this.#visitObject(node, value, trail, stack);
    } else if (value === null) node.none = true;
    else if (typeof value === "string") this.#text(node, value);
    else if (typeof value === "boolean") node.bool = true;
    else if (typeof value === "bigint") {
      if (BigInt.asIntN(54, value) === value && value !== -(2n ** 53n)) node.smallInt = true;
      else node.bigInt = true;
    } else if (typeof value === "number") {
      node.float = true;
      node.nonFinite ||= !Number.isFinite(value);
    } else node.unknown = true;
  }

  #text(node: TypeNode, text: string): void {
    const max = this.#options.maxLiterals ?? 8;
    const seen = (node.text ??= { count: 0, values: new Set() });
    seen.count++;
    if (seen.values === undefined || seen.values.has(text)) return;
    if (text.length > LONGEST_LITERAL || seen.values.size >= max) seen.values = undefined;
    else seen.values.add(text);
  }

  #visitObject(node: TypeNode, value: object, trail: Trail | undefined, stack: Frame[]): void {
    if (value instanceof Uint8Array) {
      if (value instanceof MemoryView) node.memoryview = true;
      else node.bytes = true;
      return;
    }
    if (value instanceof PyGlobal) {
      // One of another class stands for something else, such as what a persistent id refers to.
      if (Object.getPrototypeOf(value) === PyGlobal.prototype) node.global = true;
      else node.unknown = true;
      return;
    }
    let places = this.#seen.get(value);
    if (places === undefined) this.#seen.set(value, (places = new Set()));
    else if (places.has(node)) {
      node.cycle ||= this.#open.has(value);
      return;
    }
    places.add(node);
    const inner: { trail: Trail | undefined } = { trail };
    const parts = this.#parts(node, value, inner);
    if (parts === undefined) return;
    this.#open.set(value, (this.#open.get(value) ?? 0) + 1);
    stack.push({ value, parts, trail: inner.trail });
  }

  /** What is in a value, with the places; `undefined` if nothing is looked at. */
  #parts(node: TypeNode, value: object, inner: { trail: Trail | undefined }): Iterator<Part> | undefined {
    if (value instanceof PyObject) return this.#instanceParts(node, value, inner);
    const known = libraryClass(value);
    if (known !== undefined) {
      node.classes ??= new Map();
      let places = node.classes.get(known.name);
      if (places === undefined) {
        places = Array.from({ length: known.arity }, () => this.#child(node));
        node.classes.set(known.name, places);
      }
      const [first, second] = places;
      if (first === undefined) return undefined;
      if (value instanceof Map) return pairParts(first, second, value as Map<unknown, unknown>);
      return Array.isArray(value) ? itemParts(first, value as unknown[]) : undefined;
    }
    if (value instanceof Tuple) return this.#tupleParts(node, value);
    if (Array.isArray(value)) return itemParts((node.list ??= this.#child(node, true)), value);
    if (value instanceof Set) return itemParts((node.set ??= this.#child(node)), value);
    const entries = dictEntries(value);
    if (entries === undefined) {
      node.unknown = true;
      return undefined;
    }
    const pairs = Array.isArray(entries) ? (entries as [unknown, unknown][]) : [...entries];
    if (pairs.every((pair): pair is [string, unknown] => typeof pair[0] === "string"))
      return this.#recordParts(node, pairs, inner);
    return pairParts((node.key ??= this.#child(node)), (node.value ??= this.#child(node)), pairs);
  }

  #tupleParts(node: TypeNode, tuple: readonly unknown[]): Iterator<Part> {
    const { length } = tuple;
    const tuples = (node.tuples ??= new Map<number, TypeNode[]>());
    let places = tuples.get(length);
    if (
      places === undefined &&
      length <= LONGEST_TUPLE &&
      tuples.size < MAX_TUPLES &&
      node.list === undefined
    ) {
      places = Array.from({ length }, () => this.#child(node, true));
      tuples.set(length, places);
    }
    if (places !== undefined) {
      const known = places;
      return tuple.map((item, index): Part => [known[index] as TypeNode, item]).values();
    }
    // Of too many lengths, or beside lists: what is in them counts as in a list.
    const list = (node.list ??= this.#child(node, true));
    for (const nodes of tuples.values()) for (const item of nodes) this.#merger.merge(list, item);
    tuples.clear();
    return itemParts(list, tuple);
  }

  /** Counts a key of a record, and gives the place of its value. */
  #field(parent: TypeNode, record: RecordNode, name: string): TypeNode {
    if (record.table !== undefined) return record.table;
    const fields = record.fields as NonNullable<RecordNode["fields"]>;
    const field = fields.get(name);
    if (field !== undefined) {
      field.count++;
      return field.node;
    }
    if (fields.size < (this.#options.maxKeys ?? 64)) {
      const node = this.#child(parent);
      fields.set(name, { count: 1, node });
      return node;
    }
    const table = this.#child(parent);
    this.#merger.tabulate(record, table);
    return table;
  }

  #recordParts(
    node: TypeNode,
    pairs: readonly (readonly [string, unknown])[],
    inner: { trail: Trail | undefined },
  ): Iterator<Part> {
    const own = node.record && merged(node.record);
    let around: Trail | undefined;
    for (let { trail } = inner; trail !== undefined; trail = trail.outer) {
      const outer = merged(trail.record);
      if (outer === own) {
        around = trail;
        break;
      }
      // A dict with the keys of one around it is of its type: so trees get a type that refers to itself.
      const isAlike =
        pairs.length > 0 &&
        outer.fields?.size === pairs.length &&
        pairs.every(([name]) => outer.fields?.has(name) === true);
      if (!isAlike) continue;
      if (own !== undefined) this.#merger.mergeRecords(outer, own);
      node.record = outer;
      around = trail;
      break;
    }
    const record = merged((node.record ??= emptyRecord()));
    record.total++;
    // Of the same type as one around: it stays as short as there are types.
    inner.trail = around ?? { record, outer: inner.trail };
    const fields = pairs.map(([name, value]): [name: string, value: unknown] => [name, value]);
    // First all keys, as the places may become one.
    for (const [name] of fields) this.#field(node, record, name);
    return fieldParts(record, fields);
  }

  #instanceParts(
    node: TypeNode,
    object: PyObject,
    inner: { trail: Trail | undefined },
  ): Iterator<Part> | undefined {
    const { type } = object;
    const python = type instanceof PyGlobal ? String(type) : "";
    const isKnown = this.#instances.has(python);
    if (python === "" || (!isKnown && this.#instances.size >= MAX_CLASSES)) {
      node.unknown = true;
      return undefined;
    }
    (node.instances ??= new Set()).add(python);
    let instance = this.#instances.get(python);
    if (instance === undefined) {
      const place = (): TypeNode => emptyNode(0, 0);
      instance = {
        python,
        attributes: emptyRecord(),
        args: place(),
        items: place(),
        keys: place(),
        values: place(),
      };
      this.#instances.set(python, instance);
    }
    const { attributes, args, items, keys, values } = instance;
    const own = Object.entries(object.toObject());
    attributes.total++;
    inner.trail = { record: attributes, outer: undefined };
    for (const [name] of own) this.#field(args, attributes, name);
    return chained<Part>(
      Array.isArray(object.args) && object.args.length > 0 ? [[args, Tuple.from(object.args)]] : [],
      { [Symbol.iterator]: () => fieldParts(attributes, own) },
      { [Symbol.iterator]: () => itemParts(items, object.items) },
      { [Symbol.iterator]: () => pairParts(keys, values, object.entries) },
    );
  }
}

/**
 * Finds the types of values: what they have in common, and where they differ.
 *
 * @param values as `loads` gives them, exact or plain: exact tells tuples from lists
 * @example
 * const types = inferTypes([loads(data, { exact: true })]);
 * console.log(printTypeScript(types));
 */
export function inferTypes(values: Iterable<unknown>, options?: InferOptions): InferredTypes {
  const inference = new TypeInference(options);
  for (const value of values) inference.add(value);
  return inference.types();
}
