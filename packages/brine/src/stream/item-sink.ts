import { TypeDefinition, type TypeRegistry } from "../types/registry.ts";

/** Stands in the place of a list, dict or set whose items are handed out and not kept. */
export class ItemSink {
  /** What was added since the last look: items, or entries of a dict. */
  items: unknown[] = [];

  /** Hands out what there is. */
  drain(): unknown[] {
    const { items } = this;
    this.items = [];
    return items;
  }
}

/** A registry that fills sinks as well. */
export function withSink(types: TypeRegistry): TypeRegistry {
  const add = (sink: ItemSink, items: readonly unknown[]): void => {
    for (const item of items) sink.items.push(item);
  };
  return types.with(
    new TypeDefinition("brine", "ItemSink", {
      class: ItemSink,
      append: add,
      setItems: add,
    }),
  );
}
