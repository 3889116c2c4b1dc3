import { type InspectArguments, inspectAs, inspectCustom } from "../values/inspect.ts";
import type { PyGlobal } from "../values/py-global.ts";
import { pythonType, pythonTypeName, withoutPrototype } from "../values/python-type.ts";
import type { TypeDefinition } from "./registry.ts";
import { attributeOf, textOf } from "../values/attributes.ts";
import { builtin, define, integer, keepState, written } from "./value.ts";

/** An argument in a message: what holds others by its type only. */
const shownArgument = (arg: unknown): string =>
  typeof arg === "object" && arg !== null ? `<${pythonTypeName(arg)}>` : String(arg);

/** What Python's `str(exception)` says, roughly. */
function messageOf(name: string, args: readonly unknown[]): string {
  // The longest that a message is made of.
  const shown = args.slice(0, 5).map(shownArgument);
  const [first = "", second, third, fourth, fifth] = shown;
  if (name.startsWith("Unicode") && args.length === 5)
    return `'${first}' codec can't ${name.slice(7, 13).toLowerCase()} position ${third}-${fourth}: ${fifth}`;
  if (args.length < 2 || /^SyntaxError$|Group$/.test(name)) return first;
  if (integer(args[0]) !== undefined && typeof args[1] === "string")
    return `[Errno ${first}] ${second}${third === undefined ? "" : `: '${third}'`}`;
  return `(${shown.join(", ")}${args.length > 5 ? ", …" : ""})`;
}

function initialize(exception: object, type: PyGlobal, args: readonly unknown[]): void {
  const { name } = type;
  const own = { type, args, state: undefined, name, message: messageOf(name, args) };
  for (const [key, value] of Object.entries(own)) {
    Object.defineProperty(exception, key, { value, writable: true, configurable: true });
  }
}

/** What it holds, its state only if there is one. */
const shownParts = ({ args, state }: PyException): object =>
  state === undefined ? { args } : { args, state };

/** An exception of Python as an `Error`: `name` is the Python class's, the message what Python's `str` says, roughly. */
export class PyException extends Error {
  /** The Python class. */
  declare readonly type: PyGlobal;
  /** The arguments it was made with. */
  declare readonly args: readonly unknown[];
  /** Attributes set on it as BUILD gives them, `__notes__` among them; `undefined` if there are none. */
  declare state: unknown;

  /**
   * An exception of a builtin class, by its name (`"ValueError"`), or of another one.
   *
   * @example
   * new PyException("KeyError", ["name"]);
   */
  constructor(type: PyGlobal | string, args: readonly unknown[] = []) {
    super();
    initialize(this, typeof type === "string" ? builtin(type) : type, args);
  }

  /** An attribute that was set on it, `undefined` if there is none. */
  get(name: string): unknown {
    return attributeOf(this.state, name);
  }

  /** Number of the operating system's error, of an `OSError`. */
  get errno(): number | undefined {
    return this.args.length > 1 ? integer(this.args[0]) : undefined;
  }

  /** Path of the file that an `OSError` is about. */
  get filename(): string | undefined {
    return this.args.length > 2 ? textOf(this.args[2]) : undefined;
  }

  /** The exceptions in an `ExceptionGroup`, none in others. */
  get exceptions(): readonly unknown[] {
    const [, inner] = this.args;
    return this.name.endsWith("Group") && Array.isArray(inner) ? (inner as unknown[]) : [];
  }

  /** Class, arguments and state, in an object without a prototype. */
  toJSON(): Record<string, unknown> {
    return withoutPrototype(Object.entries({ $type: String(this.type), ...shownParts(this) }));
  }

  /** The Python type's name. */
  get [pythonType](): string {
    return this.name;
  }

  /** What `util.inspect` shows: no stack, for it would be that of `loads`. */
  [inspectCustom](...how: InspectArguments): string {
    return inspectAs(this, String(this.type), () => shownParts(this), ...how);
  }
}

/** The subclass of OSError that Python makes for an error's number on Linux. Source: CPython `Objects/exceptions.c`, `errnomap`. */
const subclasses =
  "Permission 1 13,FileNotFound 2,ProcessLookup 3,Interrupted 4,ChildProcess 10,BlockingIO 11 114 115,FileExists 17,NotADirectory 20," +
  "IsADirectory 21,BrokenPipe 32 108,ConnectionAborted 103,ConnectionReset 104,Timeout 110,ConnectionRefused 111";

/** The class that a call of `type` makes: of an `OSError` with a number, its subclass. */
function classOf(type: PyGlobal, [errno, ...more]: readonly unknown[]): PyGlobal {
  const number = more.length > 0 && type.name === "OSError" ? String(integer(errno)) : "";
  const [name] =
    subclasses
      .split(",")
      .map((words) => words.split(" "))
      .find((words) => words.includes(number)) ?? [];
  return name === undefined ? type : builtin(`${name}Error`);
}

/** The ends of the names of all builtin exceptions, those of Python 2 too, which `fixImports` maps. */
const ends = /(?:Error|Exception|Warning|Group|Exit|Interrupt|Iteration)$/;

/** How the builtin exceptions are read. */
export const exceptionReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  define<PyException>(builtin("Exception"), {
    class: PyException,
    matches: (module, name) => module === "builtins" && ends.test(name),
    construct({ type: called, args }) {
      // No constructor of Error runs: the stack that it takes, of no use here, costs 700 bytes and 10 µs.
      const exception = Object.create(PyException.prototype) as PyException;
      initialize(exception, classOf(called, args), args);
      return exception;
    },
    setState: keepState,
  }),
])();

/** How the builtin exceptions are read and written. */
export const exceptions: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  written<PyException>(exceptionReaders, ({ type, args, state }) => ({ callable: type, args, state })))();
