import { merged, type RecordNode, type TypeNode } from "./infer-nodes.ts";

/** A part of a value, and the place it belongs to. */
export type Part = readonly [node: TypeNode, value: unknown];

/** All of one source, then of the next. */
export function* chained<T>(...sources: readonly Iterable<T>[]): Generator<T, void> {
  for (const source of sources) yield* source;
}

/** The items of a list or set. */
export function* itemParts(place: TypeNode, items: Iterable<unknown>): Generator<Part, void> {
  for (const item of items) yield [place, item];
}

/** The keys and values of a dict; the keys alone if values have no place. */
export function* pairParts(
  key: TypeNode,
  value: TypeNode | undefined,
  pairs: Iterable<readonly [unknown, unknown]>,
): Generator<Part, void> {
  for (const [first, second] of pairs) {
    yield [key, first];
    if (value !== undefined) yield [value, second];
  }
}

/** The values of a record, each with the place that its key has by then. */
export function* fieldParts(record: RecordNode, fields: readonly [string, unknown][]): Generator<Part, void> {
  for (const [name, value] of fields) {
    const now = merged(record);
    // What lies around may have become a table meanwhile.
    yield [now.table ?? (now.fields?.get(name)?.node as TypeNode), value];
  }
}
