/** What went wrong while reading: the stable `code` of an {@link UnpicklingError}. */
export type UnpicklingErrorCode =
  | "invalid-input" // what was handed in is no binary data, or an option has no such value
  | "no-data" // the data ends where an opcode should stand
  | "truncated" // the data ends inside an operand or a frame
  | "invalid-opcode" // a byte that is no opcode
  | "invalid-operand" // an operand that is no number, no quoted string, out of its range
  | "undecodable-text" // bytes that are no text in their encoding
  | "unknown-encoding" // the option `encoding` or `errors` names nothing known
  | "stack-underflow" // an opcode needs more values than the stack holds
  | "unexpected-mark" // an opcode reaches below the topmost MARK
  | "missing-mark" // an opcode needs a MARK and there is none
  | "missing-memo" // a GET of a slot that was never PUT
  | "odd-items" // keys and values that do not pair up
  | "unhashable-key" // a list, dict, set or bytearray as a key or set element
  | "unsupported-protocol" // PROTO above 5
  | "unsupported-operation" // the value is of a type that has no such operation
  | "invalid-arguments" // REDUCE, NEWOBJ, NEWOBJ_EX, STACK_GLOBAL on what they cannot take
  | "invalid-state" // BUILD with a state the object cannot take
  | "invalid-extension" // an extension code or registry entry that cannot be
  | "missing-extension" // an extension code that the option `extensions` does not have
  | "missing-hook" // a persistent id and no `persistentLoad`
  | "missing-buffer" // NEXT_BUFFER and no (more) `buffers`
  | "hook-failed" // a function given as an option threw; see `cause`
  | "unrepresentable" // right in Python, and no JavaScript value can hold it under these options
  | "missing-path" // a path into a value that leads nowhere
  | "schema-mismatch" // the option `schema` refuses the value; see `issues`
  | "async-schema" // a schema that answers later where nothing can wait
  | "unexpected-value" // `unpack` or `into` meets another value than they ask for
  | "limit-exceeded" // `limits` says no
  | "invalid-compression" // compressed data that is damaged, or of a kind that is not read
  | "missing-codec" // compressed in a way that the option `codecs` has nothing for
  | "missing-member"; // a zip archive that has no such member

/** What went wrong while writing: the stable `code` of a {@link PicklingError}. */
export type PicklingErrorCode =
  | "invalid-option" // an option has no such value
  | "unsupported-type" // a function, a symbol, an instance of an unregistered class
  | "unsupported-protocol" // protocol above 5, or a value that this protocol cannot express
  | "invalid-reduction" // a reduction that CPython refuses too
  | "invalid-extension" // an extension code out of range
  | "invalid-name" // a global whose name this protocol cannot write
  | "invalid-persistent-id" // a persistent id that protocol 0 cannot write
  | "plain-object" // a PyObject that was loaded plain
  | "unrebuildable-cycle" // an object inside its own constructor arguments
  | "too-large" // beyond what the protocol or the runtime can hold
  | "hook-failed"; // a function given as an option threw, see `cause`, or changed what was being written

/** Where and why: what an error carries beside its message. All of it is optional. */
export interface ErrorDetails {
  /** Absolute position, in bytes, of the opcode that failed. */
  readonly offset?: number | undefined;
  /** Name of the opcode that failed, as pickletools spells it. */
  readonly opcode?: string | undefined;
  /** Path of the value from the root, such as `$.users[3].owner`. */
  readonly path?: string | undefined;
  /** The exception CPython raises here when it is not `UnpicklingError` or `PicklingError`. */
  readonly pythonException?: string | undefined;
  /** What the user can do about it; it ends the message. */
  readonly advice?: string | undefined;
  /** The error that caused this one. */
  readonly cause?: unknown;
}

function compose(words: string, details: ErrorDetails): string {
  const { offset, opcode, path, advice } = details;
  const at = offset === undefined ? path : `${opcode ? `${opcode} ` : ""}at byte ${offset}`;
  return words + (at ? ` (${at})` : "") + (advice ? `. ${advice}` : "");
}

/**
 * Base of both error classes, as in Python's `pickle`. The message says what was wrong, where, and what to do;
 * where CPython refuses the same thing, it starts with CPython's own words.
 */
export class PickleError extends Error {
  /** Stable identifier of the kind of failure. */
  declare readonly code: UnpicklingErrorCode | PicklingErrorCode;
  /** Absolute position, in bytes, of the opcode that failed. */
  declare readonly offset: number | undefined;
  /** Name of the opcode that failed, as pickletools spells it. */
  declare readonly opcode: string | undefined;
  /** Path of the value from the root, such as `$.users[3].owner`. */
  declare readonly path: string | undefined;
  /** The exception CPython raises here when it is not `UnpicklingError` or `PicklingError`. */
  declare readonly pythonException: string | undefined;
  /** The message without the place and the advice; CPython's own words where it refuses the same thing. */
  declare readonly words: string;
  /** What the user can do about it. */
  declare readonly advice: string | undefined;

  constructor(code: UnpicklingErrorCode | PicklingErrorCode, words: string, details: ErrorDetails = {}) {
    const { cause, ...own } = details;
    super(compose(words, own), cause === undefined ? undefined : details);
    Object.assign(this, own, { code, words });
  }
}

/** Bytes that cannot be loaded, or whose loading an option forbids. */
export class UnpicklingError extends PickleError {
  /** Stable identifier of the kind of failure. */
  declare readonly code: UnpicklingErrorCode;

  constructor(code: UnpicklingErrorCode, words: string, details?: ErrorDetails) {
    super(code, words, details);
    this.name = "UnpicklingError";
  }
}

/** A value that cannot be pickled, or not under the protocol and options asked for. */
export class PicklingError extends PickleError {
  /** Stable identifier of the kind of failure. */
  declare readonly code: PicklingErrorCode;

  constructor(code: PicklingErrorCode, words: string, details?: ErrorDetails) {
    super(code, words, details);
    this.name = "PicklingError";
  }
}

/** The same failure, told with the place where it happened; a place already known is kept. */
export function locate(error: UnpicklingError, offset: number, opcode: string | undefined): UnpicklingError {
  if (error.offset !== undefined) return error;
  return new UnpicklingError(error.code, error.words, { ...error, cause: error.cause, offset, opcode });
}
