import { type InstanceNode, merged, type RecordNode, type TypeNode } from "./infer-nodes.ts";
import { exportedFrom, libraryNames } from "./library-classes.ts";
import { singular, TypeNames } from "./names.ts";
import type { FieldShape, InferredTypes, TypeDeclaration, TypeShape } from "./shape.ts";

/** From so many strs on, few different ones are literals: each must have come four times as often. */
const ENOUGH = 8;
const OFTEN = 4;
/** A dict of so many keys that are mostly missing is a table. */
const MANY_KEYS = 8;
const SELDOM = 0.25;

const identifier = /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u;

/** Makes declarations of what was seen. Types are as deep as places are told apart, so recursion is bounded. */
class Declarer {
  readonly names: TypeNames = new TypeNames(libraryNames());
  readonly declarations = new Map<string, TypeDeclaration>();
  readonly #instances: ReadonlyMap<string, InstanceNode>;
  readonly #instanceNames = new Map<string, string>();
  readonly #recordNames = new Map<RecordNode, string>();
  /** The places whose types are being made, with the name of those that were met again. */
  readonly #open = new Map<TypeNode, string | undefined>();
  /** Declarations are made one after the other, lest a chain of classes be as deep as there are classes. */
  readonly #left: (() => void)[] = [];

  constructor(instances: ReadonlyMap<string, InstanceNode>) {
    this.#instances = instances;
  }

  run(): void {
    for (let index = 0; index < this.#left.length; index++) (this.#left[index] as () => void)();
  }

  /** The type of a place; `hint` is what its parts may be named after. */
  shape(place: TypeNode, hint: string): TypeShape {
    const node = merged(place);
    if (node.unknown) return { kind: "unknown" };
    if (this.#open.has(node)) {
      const name = this.#open.get(node) ?? this.names.take(hint);
      this.#open.set(node, name);
      return { kind: "named", name };
    }
    this.#open.set(node, undefined);
    const type = this.#union(node, hint);
    const name = this.#open.get(node);
    this.#open.delete(node);
    if (name !== undefined) this.declarations.set(name, { kind: "alias", name, type });
    const shape: TypeShape = name === undefined ? type : { kind: "named", name };
    return node.cycle ? { kind: "cycle", of: shape } : shape;
  }

  #union(node: TypeNode, hint: string): TypeShape {
    const of: TypeShape[] = [];
    for (const kind of ["bool", "bytes", "memoryview", "global"] as const) if (node[kind]) of.push({ kind });
    if (node.smallInt || node.bigInt) of.push({ kind: "int", small: node.smallInt, big: node.bigInt });
    if (node.float) of.push({ kind: "float", finite: !node.nonFinite });
    if (node.text !== undefined) {
      const { count, values } = node.text;
      const isLiteral = values !== undefined && count >= ENOUGH && values.size * OFTEN <= count;
      of.push({ kind: "str", literals: isLiteral ? [...values].sort() : undefined });
    }
    const one = oneOf(hint);
    if (node.list !== undefined) of.push({ kind: "list", item: this.shape(node.list, one) });
    for (const items of node.tuples?.values() ?? [])
      of.push({ kind: "tuple", items: items.map((item) => this.shape(item, one)) });
    if (node.set !== undefined) of.push({ kind: "set", item: this.shape(node.set, one) });
    if (node.key !== undefined && node.value !== undefined) {
      const key = this.shape(node.key, `${one} key`);
      of.push({ kind: "map", key, value: this.shape(node.value, one) });
    }
    if (node.record !== undefined) of.push(this.#record(merged(node.record), hint));
    for (const [name, args] of node.classes ?? [])
      of.push({ kind: "class", name, from: exportedFrom(name), of: args.map((arg) => this.shape(arg, one)) });
    for (const python of node.instances ?? []) of.push({ kind: "named", name: this.#instance(python) });
    if (node.none) of.push({ kind: "none" });
    return of.length === 1 ? (of[0] as TypeShape) : { kind: "union", of };
  }

  #record(record: RecordNode, hint: string): TypeShape {
    const one = oneOf(hint);
    if (record.table !== undefined) return { kind: "table", value: this.shape(record.table, one) };
    const fields = record.fields ?? new Map<string, never>();
    if (isTable(record)) {
      // Each place is looked at by itself, and what is the same is told once.
      const types = [...fields.values()].map(({ node }) => this.shape(node, one));
      return { kind: "table", value: unionOf(types) };
    }
    let name = this.#recordNames.get(record);
    if (name === undefined) {
      const taken = (name = this.names.take(hint));
      this.#recordNames.set(record, taken);
      const declare = (shapes: readonly FieldShape[]): void => {
        this.declarations.set(taken, { kind: "dict", name: taken, fields: shapes });
      };
      // Keeps its place in the order.
      declare([]);
      this.#left.push(() => declare(this.#fields(record)));
    }
    return { kind: "named", name };
  }

  #fields(record: RecordNode): FieldShape[] {
    return Array.from(record.fields ?? [], ([name, { count, node }]) => ({
      name,
      type: this.shape(node, name),
      optional: count < record.total,
    }));
  }

  #instance(python: string): string {
    const known = this.#instanceNames.get(python);
    if (known !== undefined) return known;
    const parts = python.split(".");
    const name = this.names.take(...[1, 2, 3].map((count) => parts.slice(-count).join("_")));
    this.#instanceNames.set(python, name);
    const declare = (more: Partial<Extract<TypeDeclaration, { kind: "instance" }>>): void => {
      this.declarations.set(name, {
        kind: "instance",
        name,
        python,
        fields: [],
        args: undefined,
        items: undefined,
        entries: undefined,
        ...more,
      });
    };
    declare({});
    const { attributes, args, items, keys, values } = this.#instances.get(python) as InstanceNode;
    this.#left.push(() => {
      const shapeOf = (node: TypeNode, hint: string): TypeShape | undefined => {
        const shape = this.shape(node, hint);
        return shape.kind === "union" && shape.of.length === 0 ? undefined : shape;
      };
      const key = shapeOf(keys, `${name} key`);
      const value = shapeOf(values, `${name} value`);
      const table = attributes.table && this.shape(attributes.table, name);
      declare({
        fields: table === undefined ? this.#fields(attributes) : [],
        args: shapeOf(args, `${name} argument`),
        items: shapeOf(items, `${name} item`),
        entries: key && value && [key, value],
      });
    });
    return name;
  }
}

/** What a part is named after, if it has no key. */
function oneOf(hint: string): string {
  const one = singular(hint);
  return one === hint ? `${hint}_item` : one;
}

/** Whether the keys of dicts are data rather than names. */
function isTable({ fields, total }: RecordNode): boolean {
  if (fields === undefined || fields.size === 0) return true;
  let seen = 0;
  let names = 0;
  for (const [name, { count }] of fields) {
    seen += count;
    if (identifier.test(name)) names++;
  }
  return (
    (fields.size >= MANY_KEYS && seen < fields.size * total * SELDOM) || (fields.size > 2 && names === 0)
  );
}

function unionOf(types: readonly TypeShape[]): TypeShape {
  const of = new Map<string, TypeShape>();
  for (const type of types)
    for (const part of type.kind === "union" ? type.of : [type]) of.set(JSON.stringify(part), part);
  const parts = [...of.values()];
  return parts.length === 1 ? (parts[0] as TypeShape) : { kind: "union", of: parts };
}

/** What was seen at the root and of instances, as declarations. */
export function declareTypes(
  root: TypeNode,
  instances: ReadonlyMap<string, InstanceNode>,
  options: { readonly root?: string | undefined },
): InferredTypes {
  const declarer = new Declarer(instances);
  const { names, declarations } = declarer;
  const wish = options.root ?? "Root";
  const type = declarer.shape(root, wish);
  declarer.run();
  if (type.kind === "named" && declarations.get(type.name)?.kind !== "instance")
    return { root: type.name, declarations };
  const name = names.take(wish, `${wish}_value`);
  const alias: TypeDeclaration = { kind: "alias", name, type };
  return { root: name, declarations: new Map([[name, alias], ...declarations]) };
}
