import { PyGlobal } from "../values/py-global.ts";
import { PyObject } from "../values/py-object.ts";
import { Tuple } from "../values/tuple.ts";
import type { Construction, TypeDefinition } from "./registry.ts";
import { namedEntriesOf } from "../values/attributes.ts";
import { newInstance } from "./new-instance.ts";
import { define, newObject, PyRecord, tuple, written } from "./value.ts";

const partial: PyGlobal = /* @__PURE__ */ new PyGlobal("functools", "partial");
/** Python's `functools.partial`: a function and the arguments it is to be called with first. Nothing calls it here. */
export class PyPartial extends PyRecord {
  /** The function: a `PyGlobal` mostly. */
  declare func: unknown;
  /** Its first positional arguments. */
  declare args: readonly unknown[];
  /** Its keyword arguments as they were given or loaded, a dict. */
  declare dict: unknown;
  /** Attributes set on the object itself, `null` if there are none. */
  declare attributes: unknown;

  constructor(
    func: unknown,
    args: readonly unknown[] = [],
    keywords: ReadonlyMap<string, unknown> = new Map(),
  ) {
    super();
    Object.assign(this, { func, args, dict: keywords, attributes: null });
  }

  /** The Python class. */
  get type(): PyGlobal {
    return partial;
  }

  /** Its keyword arguments. */
  get keywords(): ReadonlyMap<string, unknown> {
    return new Map(namedEntriesOf(this.dict));
  }

  /** What it holds, by name. */
  protected override fields(): Record<string, unknown> {
    return { func: this.func, args: this.args, keywords: this.keywords };
  }
}

/** Python's `operator.itemgetter`, `attrgetter` or `methodcaller`. */
export class PyOperator extends PyRecord {
  /** Which of them. */
  declare readonly type: PyGlobal;
  /** The keys, the attributes' names, or the method's name and its arguments. */
  declare readonly args: readonly unknown[];
  /** Keyword arguments of the method. */
  declare readonly keywords: ReadonlyMap<string, unknown>;

  /** @param name which of them */
  constructor(
    name: "itemgetter" | "attrgetter" | "methodcaller",
    args: readonly unknown[],
    keywords: ReadonlyMap<string, unknown> = new Map(),
  ) {
    super({ type: new PyGlobal("operator", name), args, keywords });
  }

  /** What it holds, by name. */
  protected override fields(): Record<string, unknown> {
    return this.keywords.size > 0 ? { args: this.args, keywords: this.keywords } : { args: this.args };
  }
}

/**
 * What the call of a partial makes: below protocol 4 NEWOBJ_EX is written so (`partial(cls.__new__, cls, *args, **kwargs)()`), and
 * `methodcaller` with keywords at every one.
 */
function call({
  type: { func, args: first, keywords },
  args: more,
  kwargs: named = new Map(),
  exact,
  definitions,
}: Omit<Construction, "type"> & { type: PyPartial }): unknown {
  if (!(func instanceof PyGlobal)) return undefined;
  definitions.spend(16 * (first.length + more.length) + 32 * keywords.size);
  const args = [...first, ...more];
  const kwargs = new Map([...keywords, ...named]);
  const [type, ...rest] = args;
  if (type instanceof PyGlobal && `${String(type)}.__new__` === String(func))
    return newInstance({ exact, definitions }, type, rest, kwargs);
  if (func.name.endsWith(".__new__")) return undefined;
  return definitions.definition(func)?.parts.construct?.({
    how: "reduce",
    type: func,
    args: exact ? Tuple.from(args) : args,
    kwargs,
    exact,
    definitions,
  });
}

/** How `functools.partial` is read. */
export const partialReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  define<PyPartial>(partial, {
    class: PyPartial,
    construct: ({ args: [func, ...args], kwargs }) =>
      func === undefined ? undefined : new PyPartial(func, args, kwargs),
    call,
    setState(value, state) {
      if (!Array.isArray(state) || state.length !== 4) return;
      const [func, args, dict, attributes] = state as unknown[];
      if (Array.isArray(args)) Object.assign(value, { func, args, dict, attributes });
    },
  }),
])();

/** How the three of `operator` are read. */
export const operatorReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  (["itemgetter", "attrgetter", "methodcaller"] as const).map((name) =>
    define<PyOperator>(new PyGlobal("operator", name), {
      class: PyOperator,
      construct: ({ args, kwargs }) => new PyOperator(name, args, kwargs),
      // What it gives, nobody knows here: a PyObject of the call.
      call: () => undefined,
    }),
  ))();

/** How `functools.partial`, and the three of `operator`, are read and written. */
export const functions: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  ...written<PyPartial>(partialReaders, ({ func, args, keywords, attributes }) => ({
    callable: partial,
    args: [func],
    state: tuple(func, Tuple.from(args), new Map(keywords), attributes),
  })),
  ...written<PyOperator>(operatorReaders, ({ type, args, keywords }, protocol) => {
    // What Python 2 wrote has lost its arguments.
    if (args.length === 0) return newObject(protocol, type, []);
    if (keywords.size === 0) return { callable: type, args };
    const state = tuple(type, tuple(args[0]), new Map(keywords), null);
    return {
      callable: new PyObject(partial, tuple(type), { how: "reduce", state }),
      args: args.slice(1),
    };
  }),
])();
