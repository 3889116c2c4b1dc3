/** What was seen of strs: how often each, as long as they are few and short. */
interface TextSeen {
  count: number;
  values: Set<string> | undefined;
}

/** What was seen of dicts at a place whose keys are strs. */
export interface RecordNode {
  /** How many dicts. */
  total: number;
  /** The keys, until there are too many. */
  fields: Map<string, { count: number; node: TypeNode }> | undefined;
  /** All values, once there are too many keys. */
  table: TypeNode | undefined;
  /** What it was merged into: the same type further up. */
  merged: RecordNode | undefined;
}

/** What was seen of instances of a class. */
export interface InstanceNode {
  readonly python: string;
  readonly attributes: RecordNode;
  readonly args: TypeNode;
  readonly items: TypeNode;
  readonly keys: TypeNode;
  readonly values: TypeNode;
}

/** What was seen at a place. It grows with the kinds of values, not with their count. */
export interface TypeNode {
  /** What it was merged into. */
  merged: TypeNode | undefined;
  /** How many containers it is in, up to a class. */
  readonly depth: number;
  /** How many lists and tuples it is in directly. */
  readonly run: number;
  none: boolean;
  bool: boolean;
  bytes: boolean;
  memoryview: boolean;
  global: boolean;
  unknown: boolean;
  cycle: boolean;
  smallInt: boolean;
  bigInt: boolean;
  float: boolean;
  nonFinite: boolean;
  text: TextSeen | undefined;
  list: TypeNode | undefined;
  set: TypeNode | undefined;
  /** By length; `undefined` once they are of too many. */
  tuples: Map<number, TypeNode[]> | undefined;
  key: TypeNode | undefined;
  value: TypeNode | undefined;
  record: RecordNode | undefined;
  /** Names of Python classes. */
  instances: Set<string> | undefined;
  /** Type arguments of the library's classes, by their names. */
  classes: Map<string, TypeNode[]> | undefined;
}

/** A place where nothing was seen yet. */
export function emptyNode(depth: number, run: number): TypeNode {
  return {
    merged: undefined,
    depth,
    run,
    none: false,
    bool: false,
    bytes: false,
    memoryview: false,
    global: false,
    unknown: false,
    cycle: false,
    smallInt: false,
    bigInt: false,
    float: false,
    nonFinite: false,
    text: undefined,
    list: undefined,
    set: undefined,
    tuples: undefined,
    key: undefined,
    value: undefined,
    record: undefined,
    instances: undefined,
    classes: undefined,
  };
}

/** A record of which nothing was seen yet. */
export function emptyRecord(): RecordNode {
  return { total: 0, fields: new Map(), table: undefined, merged: undefined };
}

/** The place or record itself, or what it was merged into. */
export function merged<T extends { readonly merged: T | undefined }>(part: T): T {
  let at = part;
  while (at.merged !== undefined) at = at.merged;
  return at;
}

const flags = [
  "none",
  "bool",
  "bytes",
  "memoryview",
  "global",
  "unknown",
  "cycle",
  "smallInt",
  "bigInt",
  "float",
  "nonFinite",
] as const;

const parts = ["list", "set", "key", "value"] as const;

/** Puts what was seen at other places into one. */
export class NodeMerger {
  readonly #maxLiterals: number;
  /** How many places were merged into others. */
  count = 0;
  readonly #left: [target: TypeNode, source: TypeNode][] = [];

  constructor(maxLiterals: number) {
    this.#maxLiterals = maxLiterals;
  }

  /** Adds what `source` has seen to `target`. */
  merge(target: TypeNode, source: TypeNode): void {
    this.#left.push([target, source]);
    this.#run();
  }

  /** Adds what `source` has seen to `target`, and leads from the one to the other. */
  mergeRecords(target: RecordNode, source: RecordNode): void {
    this.#records(target, source);
    this.#run();
  }

  /** Puts all fields of a record into a table. */
  tabulate(record: RecordNode, table: TypeNode): void {
    record.table = table;
    for (const { node } of record.fields?.values() ?? []) this.#left.push([table, node]);
    record.fields = undefined;
    this.#run();
  }

  #run(): void {
    // What is merged leads to its target at once, so types that refer to themselves come to an end.
    for (let next = this.#left.pop(); next !== undefined; next = this.#left.pop())
      this.#nodes(merged(next[0]), merged(next[1]));
  }

  #nodes(target: TypeNode, source: TypeNode): void {
    if (target === source) return;
    source.merged = target;
    this.count++;
    for (const flag of flags) target[flag] ||= source[flag];
    if (source.text !== undefined) {
      target.text ??= { count: 0, values: new Set() };
      target.text.count += source.text.count;
      const values = new Set([...(target.text.values ?? []), ...(source.text.values ?? [])]);
      const isKnown = target.text.values !== undefined && source.text.values !== undefined;
      target.text.values = isKnown && values.size <= this.#maxLiterals ? values : undefined;
    }
    for (const part of parts) this.#part(target, part, source[part]);
    for (const [length, nodes] of source.tuples ?? []) {
      target.tuples ??= new Map();
      const known = target.tuples.get(length);
      if (known === undefined) target.tuples.set(length, nodes);
      else known.forEach((node, index) => this.#left.push([node, nodes[index] as TypeNode]));
    }
    for (const name of source.instances ?? []) (target.instances ??= new Set()).add(name);
    for (const [name, nodes] of source.classes ?? []) {
      target.classes ??= new Map();
      const known = target.classes.get(name);
      if (known === undefined) target.classes.set(name, nodes);
      else known.forEach((node, index) => this.#left.push([node, nodes[index] as TypeNode]));
    }
    if (source.record === undefined) return;
    if (target.record === undefined) target.record = source.record;
    else this.#records(merged(target.record), merged(source.record));
  }

  #part(target: TypeNode, part: (typeof parts)[number], source: TypeNode | undefined): void {
    if (source === undefined) return;
    const known = target[part];
    if (known === undefined) target[part] = source;
    else this.#left.push([known, source]);
  }

  #records(target: RecordNode, source: RecordNode): void {
    if (target === source) return;
    source.merged = target;
    target.total += source.total;
    if (target.fields === undefined || source.fields === undefined) {
      // One of both has a table.
      const table = (target.table ?? source.table) as TypeNode;
      for (const record of [target, source]) {
        if (record.table !== undefined && record.table !== table) this.#left.push([table, record.table]);
        for (const { node } of record.fields?.values() ?? []) this.#left.push([table, node]);
      }
      target.table = table;
      target.fields = undefined;
    } else {
      for (const [name, { count, node }] of source.fields) {
        const field = target.fields.get(name);
        if (field === undefined) target.fields.set(name, { count, node });
        else {
          field.count += count;
          this.#left.push([field.node, node]);
        }
      }
    }
    source.fields = source.table = undefined;
  }
}
