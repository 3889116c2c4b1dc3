import { PyObject } from "brine/core";
import { InputError } from "./input.ts";

/** One step: a name, as in `.owner` or `["the owner"]`, or a number, as in `[3]`. */
export type Step = string | bigint;

const step =
  /(?:(\.?)([\p{ID_Start}_$][\p{ID_Continue}$]*)|\[\s*(-?\d+)\s*\]|\[\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*\])/uy;

/**
 * The steps of a path such as `$.users[3].owner`, `users[-1]["full name"]`; `$` is the whole value.
 *
 * @throws InputError
 */
export function parsePath(text: string): Step[] {
  const steps: Step[] = [];
  let at = text.startsWith("$") && !/^\$[\p{ID_Continue}$]/u.test(text) ? 1 : 0;
  while (at < text.length) {
    step.lastIndex = at;
    const [whole, dot, name, index, quoted] = step.exec(text) ?? [];
    // Only the first name may stand without a point.
    if (whole === undefined || (dot === "" && at > 0)) {
      throw new InputError(
        `the path ${text} is wrong at character ${at + 1}: write it as $.users[3]["full name"]`,
      );
    }
    if (index !== undefined) steps.push(BigInt(index));
    else steps.push(name ?? unquoted(quoted as string, text));
    at += whole.length;
  }
  return steps;
}

function unquoted(quoted: string, path: string): string {
  const inner = quoted.slice(1, -1);
  const asJson = quoted.startsWith('"')
    ? quoted
    : `"${inner.replace(/\\'/g, "'").replace(/(?<!\\)"/g, '\\"')}"`;
  try {
    return JSON.parse(asJson) as string;
  } catch {
    throw new InputError(`the path ${path} has a text that is none: ${quoted}`);
  }
}

/** How the part of a path up to a step is written. */
function pathTo(steps: readonly Step[], count: number): string {
  return steps
    .slice(0, count)
    .reduce<string>(
      (path, one) =>
        path +
        (typeof one === "bigint"
          ? `[${one}]`
          : /^[\w$]+$/.test(one)
            ? `.${one}`
            : `[${JSON.stringify(one)}]`),
      "$",
    );
}

function itemAt(items: readonly unknown[], index: bigint): { readonly value: unknown } | undefined {
  const at = index < 0n ? BigInt(items.length) + index : index;
  return at >= 0n && at < BigInt(items.length) ? { value: items[Number(at)] } : undefined;
}

/** What one step leads to; `undefined` if it leads nowhere. */
function follow(value: unknown, one: Step): { readonly value: unknown } | undefined {
  if (value instanceof Map) {
    const map = value as ReadonlyMap<unknown, unknown>;
    return map.has(one) ? { value: map.get(one) } : undefined;
  }
  if (Array.isArray(value)) return typeof one === "bigint" ? itemAt(value, one) : undefined;
  if (!(value instanceof PyObject)) return undefined;
  const { state, items, entries, args } = value;
  // Attributes are in the state, those in slots in the second of two.
  const parts: readonly unknown[] = Array.isArray(state) ? state : [state];
  for (const part of typeof one === "string" ? parts : []) {
    const found = part instanceof Map ? follow(part, one) : undefined;
    if (found !== undefined) return found;
  }
  const entry = entries.find(([key]) => key === one);
  if (entry !== undefined) return { value: entry[1] };
  if (typeof one !== "bigint") return undefined;
  return itemAt(items.length > 0 ? items : (args as readonly unknown[]), one);
}

/**
 * What is at a path of a value that was loaded exact: keys of dicts, indexes of lists and tuples, attributes, items and entries
 * of objects, and the arguments of those that have nothing else.
 *
 * @throws InputError that says how far the path led
 */
export function valueAt(root: unknown, steps: readonly Step[]): unknown {
  let value = root;
  for (const [index, one] of steps.entries()) {
    const next = follow(value, one);
    if (next === undefined) throw new InputError(`there is no ${pathTo(steps, index + 1)}`);
    value = next.value;
  }
  return value;
}
