/** The method that `util.inspect` of Node, Deno and Bun looks for; a registered symbol, so that no import is needed. */
export const inspectCustom: unique symbol = Symbol.for("nodejs.util.inspect.custom") as typeof inspectCustom;

/** What `util.inspect` hands to such a method: the depth left, its options, and itself. */
export type InspectArguments = [
  depth: number | null,
  options: { readonly depth?: number | null | undefined },
  inspect?: (value: unknown, options: { readonly depth: number | null }) => string,
];

// Each inspect call from here starts a fresh search for cycles, so what is being printed is remembered here.
const printing = new Set<object>();

/**
 * Prints `value` as `label` and then what `util.inspect` makes of the stand-in (its own `Map(2)` prefix cut off), cutting cycles and
 * keeping to the depth.
 */
export function inspectAs(
  value: object,
  label: string,
  standIn: () => unknown,
  ...[depth, options, inspect]: InspectArguments
): string {
  if (printing.has(value)) return "[Circular]";
  if (inspect === undefined || (depth !== null && depth < 0)) return `[${label}]`;
  printing.add(value);
  try {
    return `${label} ${inspect(standIn(), { ...options, depth }).replace(/^(Map|Set)\(\d+\) /, "")}`;
  } finally {
    printing.delete(value);
  }
}
