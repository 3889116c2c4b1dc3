import { hasAttributesOnly, TypeScriptPrinter } from "./print-typescript.ts";
import {
  comment,
  hasNames,
  Imports,
  partsOf,
  propertyName,
  quoted,
  referencesOf,
  shapesOf,
} from "./printed-text.ts";
import type { FieldShape, InferredTypes, TypeDeclaration, TypeShape } from "./shape.ts";

const attributesHelper = `/** Gives the attributes of an instance of a Python class. */
const attributesOf = (name: string) => (value: unknown) =>
  isInstance(name)(value) ? (value as PyObject).toObject() : undefined;
`;

const instanceHelper = `/** Whether a value is an instance of a Python class. */
const isInstance = (name: string) => (value: unknown) =>
  value instanceof PyObject && value.type instanceof PyGlobal && String(value.type) === name;
`;

/** What a declaration refers to where a schema goes on: not behind what leads back, nor in instances of the library's classes. */
const schemaReferences = (declaration: TypeDeclaration): Set<string> => {
  if (declaration.kind === "instance" && !hasAttributesOnly(declaration)) return new Set();
  return referencesOf(shapesOf(declaration).map(withoutCycles));
};

function withoutCycles(shape: TypeShape): TypeShape {
  if (!partsOf(shape).some(({ kind }) => kind === "cycle" || kind === "class")) return shape;
  switch (shape.kind) {
    case "cycle":
      return { kind: "unknown" };
    case "list":
    case "set":
      return { kind: shape.kind, item: withoutCycles(shape.item) };
    case "tuple":
      return { kind: "tuple", items: shape.items.map(withoutCycles) };
    case "map":
      return { kind: "map", key: withoutCycles(shape.key), value: withoutCycles(shape.value) };
    case "table":
      return { kind: "table", value: withoutCycles(shape.value) };
    case "union":
      return { kind: "union", of: shape.of.map(withoutCycles) };
    case "class":
      return { ...shape, of: [] };
    default:
      return shape;
  }
}

/** The declarations, each behind those that it refers to, as far as they do not refer to each other. */
function ordered(types: InferredTypes): string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  const stack: { readonly name: string; readonly left: string[] }[] = [];
  const enter = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const declaration = types.declarations.get(name) as TypeDeclaration;
    stack.push({ name, left: [...schemaReferences(declaration)].toReversed() });
  };
  for (const name of types.declarations.keys()) {
    enter(name);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.left.pop();
      if (next !== undefined) enter(next);
      else order.push((stack.pop() as typeof top).name);
    }
  }
  return order;
}

class ZodPrinter {
  readonly #types: InferredTypes;
  readonly #imports = new Imports();
  readonly #typeImports = new Imports();
  readonly #printer: TypeScriptPrinter;
  readonly #printed = new Set<string>();
  readonly #helpers = new Set<string>();

  constructor(types: InferredTypes) {
    this.#types = types;
    this.#printer = new TypeScriptPrinter(types, this.#typeImports, "attributes", " | undefined");
  }

  module(): string {
    const order = ordered(this.#types);
    const place = new Map(order.map((name, index) => [name, index]));
    const declared = (name: string): TypeDeclaration => this.#types.declarations.get(name) as TypeDeclaration;
    // What is referred to before it is there has its type written out, for TypeScript infers none in a circle.
    const early = new Set<string>();
    for (const [index, name] of order.entries())
      for (const other of schemaReferences(declared(name)))
        if ((place.get(other) as number) >= index) early.add(other);
    // A set gives what is added while it is gone through.
    const written = new Set(early);
    for (const name of written) for (const other of schemaReferences(declared(name))) written.add(other);

    const parts = order.map((name) => {
      const declaration = declared(name);
      const about = declaration.kind === "instance" ? comment(`An instance of ${declaration.python}.`) : "";
      const schema = this.#declared(declaration);
      this.#printed.add(name);
      if (!written.has(name))
        return `${about}export const ${name} = ${schema};\nexport type ${name} = z.infer<typeof ${name}>;\n`;
      const type = this.#printer.declaration(declaration);
      return `${type}export const ${name}${early.has(name) ? `: z.ZodType<${name}>` : ""} = ${schema};\n`;
    });
    if (this.#helpers.has("attributesOf")) parts.unshift(attributesHelper);
    if (this.#helpers.size > 0) {
      this.#imports.use("PyGlobal", "brine");
      this.#imports.use("PyObject", "brine");
      parts.unshift(instanceHelper);
    }
    this.#imports.use("z", "zod");
    return `${this.#merged()}\n${parts.join("\n")}`;
  }

  /** Imports of what is there at run time, and of what only types mention. */
  #merged(): string {
    const values = this.#imports.text("import");
    const names = new Set(values.match(/[\w$]+/g));
    const types = this.#typeImports
      .text("import type")
      .split("\n")
      .map((line) => {
        const [, list = "", from = ""] = /\{ (.*) \} from (.*);/.exec(line) ?? [];
        const left = list.split(", ").filter((name) => name !== "" && !names.has(name));
        return left.length === 0 ? "" : `import type { ${left.join(", ")} } from ${from};\n`;
      });
    return values + types.join("");
  }

  #declared(declaration: TypeDeclaration): string {
    if (declaration.kind === "alias") return this.#schema(declaration.type, "");
    if (declaration.kind === "dict") return this.#object(declaration.fields, "");
    const python = quoted(declaration.python);
    this.#helpers.add("isInstance");
    if (hasAttributesOnly(declaration)) {
      this.#helpers.add("attributesOf");
      return `z.preprocess(attributesOf(${python}), ${this.#object(declaration.fields, "")})`;
    }
    return `z.custom<${this.#imports.use("PyObject", "brine")}>(isInstance(${python}))`;
  }

  #object(fields: readonly FieldShape[], indent: string): string {
    const lines = fields
      // Such a key zod leaves out of what it gives, so nothing can be asked of it.
      .filter(({ name }) => name !== "__proto__")
      .map(
        ({ name, type, optional }) =>
          `${indent}  ${propertyName(name)}: ${this.#schema(type, `${indent}  `)}${optional ? ".optional()" : ""},\n`,
      );
    return `z.object({\n${lines.join("")}${indent}})`;
  }

  #schema(shape: TypeShape, indent: string): string {
    const inner = (part: TypeShape): string => this.#schema(part, indent);
    switch (shape.kind) {
      case "none":
        return "z.null()";
      case "bool":
        return "z.boolean()";
      case "bytes":
        return "z.instanceof(Uint8Array)";
      case "memoryview":
        return `z.instanceof(${this.#imports.use("MemoryView", "brine")})`;
      case "global":
        return `z.instanceof(${this.#imports.use("PyGlobal", "brine")})`;
      case "unknown":
      case "cycle":
        return "z.unknown()";
      case "int":
        return shape.big ? (shape.small ? "z.union([z.int(), z.bigint()])" : "z.bigint()") : "z.int()";
      case "float":
        // z.number() takes no NaN and no infinity.
        return shape.finite ? "z.number()" : 'z.custom<number>((value) => typeof value === "number")';
      case "str":
        return shape.literals === undefined
          ? "z.string()"
          : `z.enum([${shape.literals.map(quoted).join(", ")}])`;
      case "list":
        return `z.array(${inner(shape.item)})`;
      case "set":
        return `z.set(${inner(shape.item)})`;
      case "tuple":
        return `z.tuple([${shape.items.map(inner).join(", ")}])`;
      case "map":
        return `z.map(${inner(shape.key)}, ${inner(shape.value)})`;
      case "table":
        return `z.record(z.string(), ${inner(shape.value)})`;
      case "named":
        return this.#printed.has(shape.name) ? shape.name : `z.lazy(() => ${shape.name})`;
      case "class": {
        const name = shape.from === undefined ? shape.name : this.#imports.use(shape.name, shape.from);
        // What is in it is not looked at, so instances stay what they are.
        if (shape.of.length === 0 || hasNames(shape)) return `z.instanceof(${name})`;
        return `z.custom<${this.#printer.type(shape)}>((value) => value instanceof ${name})`;
      }
      case "union": {
        const hasFloat = shape.of.some(({ kind }) => kind === "float");
        const parts = shape.of.flatMap((part) =>
          part.kind === "int" && hasFloat ? (part.big ? "z.bigint()" : []) : inner(part),
        );
        if (parts.length === 0 || parts.includes("z.unknown()")) return "z.unknown()";
        return parts.length === 1 ? (parts[0] as string) : `z.union([${parts.join(", ")}])`;
      }
    }
  }
}

/**
 * Writes types as a module of schemas for zod 4, each with its static type. They take what a plain `loads` gives: an instance of a
 * Python class becomes an object of its attributes. Where a value led back to what holds it, anything is taken.
 *
 * @example
 * printZod(inferTypes([loads(data, { exact: true })]))
 */
export function printZod(types: InferredTypes): string {
  return new ZodPrinter(types).module();
}
