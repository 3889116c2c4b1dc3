/** What one place of a value can be. Ints and floats are told apart as far as the values were loaded exact. */
export type TypeShape =
  | { readonly kind: "none" | "bool" | "bytes" | "memoryview" | "global" | "unknown" }
  /** An int; `small` if a `number` held some of those seen safely, `big` if it did not. */
  | { readonly kind: "int"; readonly small: boolean; readonly big: boolean }
  /** A float; `finite` if no NaN and no infinity was seen. */
  | { readonly kind: "float"; readonly finite: boolean }
  /** A str; one of `literals` if few were seen, and often. */
  | { readonly kind: "str"; readonly literals: readonly string[] | undefined }
  | { readonly kind: "list" | "set"; readonly item: TypeShape }
  | { readonly kind: "tuple"; readonly items: readonly TypeShape[] }
  /** A dict with keys that are no strs. */
  | { readonly kind: "map"; readonly key: TypeShape; readonly value: TypeShape }
  /** A dict with keys that are strs, of which there are many. */
  | { readonly kind: "table"; readonly value: TypeShape }
  /** A declaration. */
  | { readonly kind: "named"; readonly name: string }
  /** A class of the library, such as `PyDateTime`, or of JavaScript: with its type arguments. */
  | {
      readonly kind: "class";
      readonly name: string;
      readonly from: "brine" | "brine/types" | undefined;
      readonly of: readonly TypeShape[];
    }
  | { readonly kind: "union"; readonly of: readonly TypeShape[] }
  /** Where a value led back to what holds it. */
  | { readonly kind: "cycle"; readonly of: TypeShape };

/** A named part of a dict, or an attribute. */
export interface FieldShape {
  /** Its name in Python. */
  readonly name: string;
  /** What it can be. */
  readonly type: TypeShape;
  /** Whether it was missing somewhere. */
  readonly optional: boolean;
}

/** A type with a name. */
export type TypeDeclaration =
  /** A dict whose keys are strs, always about the same. */
  | { readonly kind: "dict"; readonly name: string; readonly fields: readonly FieldShape[] }
  /** An instance of a Python class that has no class in JavaScript, a `PyObject`. */
  | {
      readonly kind: "instance";
      readonly name: string;
      /** The Python class, `module.Class`. */
      readonly python: string;
      /** Its attributes. */
      readonly fields: readonly FieldShape[];
      /** What it is constructed with, `undefined` if never with anything. */
      readonly args: TypeShape | undefined;
      /** What is appended to it, `undefined` if nothing ever. */
      readonly items: TypeShape | undefined;
      /** What is set by key, `undefined` if nothing ever. */
      readonly entries: readonly [key: TypeShape, value: TypeShape] | undefined;
    }
  /** Another type that refers to itself, or the root. */
  | { readonly kind: "alias"; readonly name: string; readonly type: TypeShape };

/** What {@link inferTypes} finds: data, to be printed or read. */
export interface InferredTypes {
  /** Name of the declaration of the whole value. */
  readonly root: string;
  /** All declarations by name, the root first. */
  readonly declarations: ReadonlyMap<string, TypeDeclaration>;
}
