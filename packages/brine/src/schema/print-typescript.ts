import { TypeNames } from "./names.ts";
import { comment, hasNames, Imports, propertyName, quoted } from "./printed-text.ts";
import type { FieldShape, InferredTypes, TypeDeclaration, TypeShape } from "./shape.ts";

/** Options of {@link printTypeScript}. */
export interface PrintTypeScriptOptions {
  /**
   * What stands for an instance of a Python class: `"object"`, the `PyObject` that a plain `loads` gives, unless set; `"attributes"`,
   * what `into` or a printed zod schema makes of it.
   */
  readonly instances?: "object" | "attributes" | undefined;
}

/** Writes types. Of instances that are their attributes, what has none stays a `PyObject`. */
export class TypeScriptPrinter {
  readonly #types: InferredTypes;
  readonly #imports: Imports;
  readonly #instances: "object" | "attributes";
  /** What comes behind the type of an optional property, for a schema that gives `undefined` too. */
  readonly #optional: "" | " | undefined";
  readonly #names: TypeNames;

  constructor(
    types: InferredTypes,
    imports: Imports,
    instances: "object" | "attributes",
    optional: "" | " | undefined",
  ) {
    this.#types = types;
    this.#imports = imports;
    this.#instances = instances;
    this.#optional = optional;
    this.#names = new TypeNames(types.declarations.keys());
  }

  /** A declaration. */
  declaration(declaration: TypeDeclaration): string {
    const { name } = declaration;
    if (declaration.kind === "alias") return `export type ${name} = ${this.type(declaration.type)};\n`;
    if (declaration.kind === "dict") return `export interface ${name} ${this.#body(declaration.fields)}\n`;
    const { python, fields } = declaration;
    const about = comment(`An instance of ${python}.`);
    if (this.#instances === "attributes") {
      return hasAttributesOnly(declaration)
        ? `${comment(`The attributes of ${python}.`)}export interface ${name} ${this.#body(fields)}\n`
        : `${about}export type ${name} = ${this.#imports.use("PyObject", "brine")};\n`;
    }
    const more = this.#more(declaration);
    const instanceOf = this.#imports.use("InstanceOf", "brine/schema");
    if (fields.length === 0)
      return `${about}export type ${name} = ${instanceOf}<object${more === "" ? "" : `, ${more}`}>;\n`;
    const attributes = this.#names.take(`${name}_attributes`);
    return (
      `${comment(`The attributes of ${python}.`)}export interface ${attributes} ${this.#body(fields)}\n\n` +
      `${about}export type ${name} = ${instanceOf}<${attributes}${more === "" ? "" : `, ${more}`}>;\n`
    );
  }

  #more(declaration: Extract<TypeDeclaration, { kind: "instance" }>): string {
    const { args, items, entries } = declaration;
    const parts: string[] = [];
    if (args !== undefined) parts.push(`readonly args: ${this.type(args)}`);
    if (items !== undefined) parts.push(`readonly items: ${this.type({ kind: "list", item: items })}`);
    if (entries !== undefined)
      parts.push(`readonly entries: ${this.type({ kind: "list", item: { kind: "tuple", items: entries } })}`);
    return parts.length === 0 ? "" : `{ ${parts.join("; ")} }`;
  }

  #body(fields: readonly FieldShape[]): string {
    const lines = fields.map(
      ({ name, type, optional }) =>
        `  ${propertyName(name)}${optional ? "?" : ""}: ${this.type(type)}${optional ? this.#optional : ""};\n`,
    );
    return `{\n${lines.join("")}}`;
  }

  /** A type. */
  type(shape: TypeShape): string {
    return this.#alternatives(shape).join(" | ");
  }

  /** What a type is written as, between `|`. */
  #alternatives(shape: TypeShape): string[] {
    if (shape.kind === "int")
      return shape.big ? (shape.small ? ["number", "bigint"] : ["bigint"]) : ["number"];
    if (shape.kind === "str") return shape.literals?.map(quoted) ?? ["string"];
    // A schema does not go round in circles.
    if (shape.kind === "cycle") return this.#optional === "" ? this.#alternatives(shape.of) : ["unknown"];
    if (shape.kind !== "union") return [this.#single(shape)];
    const parts = new Set(shape.of.flatMap((part) => this.#alternatives(part)));
    // Of an empty list nothing is known of the items.
    return parts.size === 0 || parts.has("unknown") ? ["unknown"] : [...parts];
  }

  #single(shape: Exclude<TypeShape, { kind: "int" | "str" | "cycle" | "union" }>): string {
    const imports = this.#imports;
    switch (shape.kind) {
      case "none":
        return "null";
      case "bool":
        return "boolean";
      case "bytes":
        return "Uint8Array";
      case "memoryview":
        return imports.use("MemoryView", "brine");
      case "global":
        return imports.use("PyGlobal", "brine");
      case "unknown":
        return "unknown";
      case "float":
        return "number";
      case "list": {
        const items = this.#alternatives(shape.item);
        return items.length > 1 ? `(${items.join(" | ")})[]` : `${items.join("")}[]`;
      }
      case "set":
        return `Set<${this.type(shape.item)}>`;
      case "tuple":
        return `[${shape.items.map((item) => this.type(item)).join(", ")}]`;
      case "map":
        return `Map<${this.type(shape.key)}, ${this.type(shape.value)}>`;
      case "table":
        return `Record<string, ${this.type(shape.value)}>`;
      case "named":
        return shape.name;
      case "class": {
        const name = shape.from === undefined ? shape.name : imports.use(shape.name, shape.from);
        if (this.#optional !== "" && hasNames(shape)) return name;
        return shape.of.length === 0 ? name : `${name}<${shape.of.map((arg) => this.type(arg)).join(", ")}>`;
      }
    }
  }

  /** The declarations of these names. */
  declarations(names: Iterable<string>): string {
    return Array.from(names, (name) =>
      this.declaration(this.#types.declarations.get(name) as TypeDeclaration),
    ).join("\n");
  }
}

/** Whether an instance is told by its attributes alone. */
export function hasAttributesOnly(declaration: Extract<TypeDeclaration, { kind: "instance" }>): boolean {
  const { fields, args, items, entries } = declaration;
  return fields.length > 0 && args === undefined && items === undefined && entries === undefined;
}

/**
 * Writes types as a module of TypeScript: what a plain `loads` gives. It compiles in strict mode, whatever the names in the pickle.
 *
 * @example
 * printTypeScript(inferTypes([loads(data, { exact: true })], { root: "Cache" }))
 */
export function printTypeScript(types: InferredTypes, options: PrintTypeScriptOptions = {}): string {
  const imports = new Imports();
  const printer = new TypeScriptPrinter(types, imports, options.instances ?? "object", "");
  const text = printer.declarations(types.declarations.keys());
  const head = imports.text("import type");
  return head === "" ? text : `${head}\n${text}`;
}
