import { PyGlobal } from "../values/py-global.ts";
import { PyObject } from "../values/py-object.ts";
import { textOfSource } from "./iso.ts";
import type { Reduction, TypeDefinition } from "./registry.ts";
import { textOf } from "../values/attributes.ts";
import {
  defineValue,
  instanceReader,
  keepState,
  PyInstance,
  PyMutableInstance,
  PyRecord,
  reduceInstance,
  written,
} from "./value.ts";

/** Python's `types.SimpleNamespace`: attributes, and equal by them. */
export class PySimpleNamespace extends PyMutableInstance {
  constructor(attributes: unknown = {}) {
    super(new PyGlobal("types", "SimpleNamespace"), attributes);
  }
}

/** How `SimpleNamespace` is read. */
export const simpleNamespaceReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  defineValue<PySimpleNamespace>(new PyGlobal("types", "SimpleNamespace"), [0, 0], {
    class: PySimpleNamespace,
    construct: ({ kwargs }) => new PySimpleNamespace(kwargs),
    setState: keepState,
  }),
])();

/** What a call without arguments makes and BUILD fills. */
const reduceState = ({ type, state }: PySimpleNamespace | PyRandom): Reduction => ({
  callable: type,
  args: [],
  state,
});

/** How `SimpleNamespace` is read and written. */
export const simpleNamespaces: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  written(simpleNamespaceReaders, reduceState))();

/**
 * Python's `logging.LogRecord`. What `SocketHandler` sends is the dict of its attributes, as a pickle with its length before it (4
 * bytes, big-endian): `new PyLogRecord(loads(pickle))`. Back it goes as `dumps(record.toObject(), { protocol: 1 })`.
 */
export class PyLogRecord extends PyInstance {
  /** A record of these attributes. */
  constructor(attributes: unknown = {}) {
    super(new PyGlobal("logging", "LogRecord"), attributes);
  }

  /** Name of the logger. */
  get name(): string {
    return textOf(this.get("name")) ?? "";
  }

  /** Its level: 10 DEBUG, 20 INFO, 30 WARNING, 40 ERROR, 50 CRITICAL. */
  get level(): number {
    return Number(this.get("levelno") ?? 0);
  }

  /** The message, into which `SocketHandler` has put the arguments. */
  get message(): string {
    return textOfSource(this.get("msg") ?? "");
  }

  /** When it was made, in milliseconds exact. */
  toDate(): Date {
    return new Date(Math.round(Number(this.get("created") ?? 0) * 1000));
  }
}

/** How `logging.LogRecord` is read. */
export const logRecordReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  instanceReader(new PyGlobal("logging", "LogRecord"), PyLogRecord, () => new PyLogRecord()),
])();

/** How `logging.LogRecord` is read and written. */
export const logRecords: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  written(logRecordReaders, reduceInstance))();

/** A message of Python's `email`: `email.message.Message`, `EmailMessage` or a class of `email.mime`. */
export class PyEmailMessage extends PyInstance {
  /** The headers in order, name and text. */
  get headers(): [name: string, value: string][] {
    const headers = this.get("_headers");
    return (Array.isArray(headers) ? (headers as readonly [unknown, unknown][]) : []).map(([name, value]) => [
      textOf(name) ?? "",
      // What a policy made of it is rebuilt from name, classes and text.
      textOf(value instanceof PyObject && Array.isArray(value.args) ? value.args.at(-1) : value) ?? "",
    ]);
  }

  /** The body: a text as it is sent, or the parts of a multipart message. */
  get payload(): unknown {
    return this.get("_payload");
  }
}

/** Text of a message's first header of that name, upper or lower case; `undefined` if there is none. */
export function headerOf({ headers }: PyEmailMessage, name: string): string | undefined {
  return headers.find(([own]) => own.toLowerCase() === name.toLowerCase())?.[1];
}

/** How messages of `email` are read: the classes of `email.message` and of the modules in `email.mime`. */
export const emailMessageReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  instanceReader(
    new PyGlobal("email.message", "Message"),
    PyEmailMessage,
    (type) => new PyEmailMessage(type),
    { matches: (module, name) => module.startsWith("email.m") && /^MIME|Message$/.test(name) },
  ),
])();

/** How messages of `email` are read and written. */
export const emailMessages: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  written(emailMessageReaders, reduceInstance))();

/** Python's `random.Random`: the state of its Mersenne Twister, to be given back to Python. */
export class PyRandom extends PyRecord {
  /** What `getstate()` gives: version, 624 words and a position, and the next Gaussian number or `null`. */
  declare state: unknown;

  constructor(state: unknown) {
    super();
    this.state = state;
  }

  /** The Python class. */
  get type(): PyGlobal {
    return new PyGlobal("random", "Random");
  }
}

/** Python's `struct.Struct`: a layout of bytes. `pickle` itself refuses it; others write it as a call. */
export class PyStruct extends PyRecord {
  /** The format, such as `"<iih"`. */
  declare readonly format: string;

  constructor(format: string) {
    super({ format });
  }

  /** The Python class. */
  get type(): PyGlobal {
    return new PyGlobal("_struct", "Struct");
  }
}

/** How `random.Random` is read. */
export const randomReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  defineValue<PyRandom>(new PyGlobal("random", "Random"), [0, 0], {
    class: PyRandom,
    construct: () => new PyRandom(undefined),
    setState: keepState,
  }),
])();

/** How `random.Random` is read and written. */
export const randoms: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  written(randomReaders, reduceState))();

/** How `struct.Struct` is read. */
export const structReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  ["_struct", "struct"].map((module) =>
    defineValue<PyStruct>(new PyGlobal(module, "Struct"), [1, 1], {
      construct({ args }) {
        const format = textOf(args[0]);
        return format === undefined ? undefined : new PyStruct(format);
      },
    }),
  ))();

/** How `struct.Struct` is read and written. */
export const structs: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  written<PyStruct>(
    structReaders,
    ({ format }) => ({
      callable: new PyGlobal("struct", "Struct"),
      args: [format],
    }),
    PyStruct,
  ))();
