import type { TypeDeclaration, TypeShape } from "./shape.ts";

// What a terminal would obey, what ends a line of source, and what shows a source in another order than it has.
const unsafe = /[\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g;

/** A text in double quotes that means the same in any source, whatever is in it, and shows as it is. */
export const quoted = (text: string): string =>
  JSON.stringify(text).replace(unsafe, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** A comment in front of a declaration. Whatever a pickle calls a class, it does not end the comment. */
export const comment = (text: string): string =>
  `/** ${quoted(text.slice(0, 500)).slice(1, -1).replaceAll("*/", "*\\/").replaceAll('\\"', '"')} */\n`;

/** The name of a property, in quotes if it must be. */
export const propertyName = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name));

/** The names that a printed module needs, by where they come from. */
export class Imports {
  readonly #names = new Map<string, Set<string>>();

  /** Notes a name, and gives it back. */
  use(name: string, from: string): string {
    const names = this.#names.get(from);
    if (names === undefined) this.#names.set(from, new Set([name]));
    else names.add(name);
    return name;
  }

  /** The import declarations. */
  text(keyword: "import" | "import type"): string {
    return [...this.#names]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([from, names]) => `${keyword} { ${[...names].sort().join(", ")} } from ${quoted(from)};\n`)
      .join("");
  }
}

/** The types that a shape is made of, itself first. */
export function partsOf(shape: TypeShape): TypeShape[] {
  const parts = [shape];
  // By index: parts of parts are added.
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] as TypeShape;
    if (part.kind === "list" || part.kind === "set") parts.push(part.item);
    else if (part.kind === "tuple") parts.push(...part.items);
    else if (part.kind === "map") parts.push(part.key, part.value);
    else if (part.kind === "table") parts.push(part.value);
    else if (part.kind === "class" || part.kind === "union") parts.push(...part.of);
    else if (part.kind === "cycle") parts.push(part.of);
  }
  return parts;
}

/** The types that a declaration is made of. */
export function shapesOf(declaration: TypeDeclaration): TypeShape[] {
  if (declaration.kind === "alias") return [declaration.type];
  const shapes = declaration.fields.map(({ type }) => type);
  if (declaration.kind === "dict") return shapes;
  const { args, items, entries } = declaration;
  return [...shapes, ...[args, items].filter((shape) => shape !== undefined), ...(entries ?? [])];
}

/** The declarations that a type refers to. */
export function referencesOf(shapes: readonly TypeShape[]): Set<string> {
  const names = shapes.flatMap(partsOf).map((part) => (part.kind === "named" ? part.name : ""));
  return new Set(names.filter((name) => name !== ""));
}

/** Whether a declaration is mentioned anywhere in a type. */
export const hasNames = (shape: TypeShape): boolean => partsOf(shape).some(({ kind }) => kind === "named");
