import { PyGlobal } from "../values/py-global.ts";
import { PyObject } from "../values/py-object.ts";
import { textOfSource } from "./iso.ts";
import type { TypeDefinition } from "./registry.ts";
import { define, defineInstances, PyInstance, PyMutableInstance, PyRecord, textOf } from "./value.ts";

/** Python's `types.SimpleNamespace`: attributes, and equal by them. */
export class PySimpleNamespace extends PyMutableInstance {
  constructor(attributes: unknown = {}) {
    super(new PyGlobal("types", "SimpleNamespace"), attributes);
  }
}

/** How `SimpleNamespace` is read and written. */
export const simpleNamespaces: readonly TypeDefinition[] = /* @__PURE__ */ (() => {
  const type = new PyGlobal("types", "SimpleNamespace");
  return [
    define<PySimpleNamespace>(type, {
      class: PySimpleNamespace,
      construct: ({ args, kwargs }) => (args.length === 0 ? new PySimpleNamespace(kwargs) : undefined),
      setState: (value, state) => {
        value.state = state;
      },
      reduce: ({ state }) => ({ callable: type, args: [], state }),
    }),
  ];
})();

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

/** How `logging.LogRecord` is read and written. */
export const logRecords: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  defineInstances(() => new PyLogRecord(), [new PyGlobal("logging", "LogRecord")], PyLogRecord))();

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

  /** Text of the first header of that name, upper or lower case; `undefined` if there is none. */
  header(name: string): string | undefined {
    return this.headers.find(([own]) => own.toLowerCase() === name.toLowerCase())?.[1];
  }

  /** The body: a text as it is sent, or the parts of a multipart message. */
  get payload(): unknown {
    return this.get("_payload");
  }
}

/** How messages of `email` are read and written. */
export const emailMessages: readonly TypeDefinition[] = /* @__PURE__ */ (() => {
  const mime = ["Application", "Audio", "Base", "Image", "Message", "Multipart", "NonMultipart", "Text"];
  return defineInstances(
    (type) => new PyEmailMessage(type),
    [
      new PyGlobal("email.message", "Message"),
      new PyGlobal("email.message", "EmailMessage"),
      ...mime.map((name) => new PyGlobal(`email.mime.${name.toLowerCase()}`, `MIME${name}`)),
    ],
    PyEmailMessage,
  );
})();

/** Python's `random.Random`: the state of its Mersenne Twister, to be given back to Python. */
export class PyRandom extends PyRecord {
  /** What `getstate()` gives: version, 624 words and a position, and the next Gaussian number or `null`. */
  state: unknown;

  constructor(state: unknown) {
    super();
    this.state = state;
  }

  /** The Python class. */
  get type(): PyGlobal {
    return new PyGlobal("random", "Random");
  }

  /** What it holds, by name. */
  protected override fields(): Record<string, unknown> {
    return { state: this.state };
  }
}

/** Python's `struct.Struct`: a layout of bytes. `pickle` itself refuses it; others write it as a call. */
export class PyStruct extends PyRecord {
  /** The format, such as `"<iih"`. */
  readonly format: string;

  constructor(format: string) {
    super();
    this.format = format;
  }

  /** The Python class. */
  get type(): PyGlobal {
    return new PyGlobal("_struct", "Struct");
  }

  /** What it holds, by name. */
  protected override fields(): Record<string, unknown> {
    return { format: this.format };
  }
}

/** How `random.Random` is read and written. */
export const randoms: readonly TypeDefinition[] = /* @__PURE__ */ (() => {
  const type = new PyGlobal("random", "Random");
  return [
    define<PyRandom>(type, {
      class: PyRandom,
      construct: ({ args }) => (args.length === 0 ? new PyRandom(undefined) : undefined),
      setState: (value, state) => {
        value.state = state;
      },
      reduce: ({ state }) => ({ callable: type, args: [], state }),
    }),
  ];
})();

/** How `struct.Struct` is read and written. */
export const structs: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  ["_struct", "struct"].map((module) =>
    define<PyStruct>(new PyGlobal(module, "Struct"), {
      class: PyStruct,
      construct({ args }) {
        const format = args.length === 1 ? textOf(args[0]) : undefined;
        return format === undefined ? undefined : new PyStruct(format);
      },
      reduce: ({ format }) => ({ callable: new PyGlobal("struct", "Struct"), args: [format] }),
    }),
  ))();
