import { type LoadOptions, type TypeRegistry, Unpickler, UnpicklingError } from "brine/core";
import { standardTypes } from "./standard-values.ts";
import { everyBuffer, EveryExtension, PersistentId } from "./stand-ins.ts";

/** The options of the command line that say how to read. */
export interface ReadOptions {
  readonly encoding?: string | undefined;
  readonly errors?: string | undefined;
  /** In bytes. */
  readonly maxMemory?: number | undefined;
  /** Whether all pickles of a file come from one `Pickler`, which refers back to those before. */
  readonly sharedMemo?: boolean | undefined;
  /** Whether one that refers back is an error all the same, for those before are not at hand. */
  readonly standsAlone?: boolean | undefined;
  /** Where to begin, in bytes. */
  readonly from?: number | undefined;
  /** What is built; not of the command line. What is told by a text unless set. */
  readonly types?: TypeRegistry | undefined;
}

/** One of the pickles of a file. */
export interface Pickle {
  readonly value: unknown;
  /** From 1. */
  readonly number: number;
  /** Where it begins, in bytes. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** Whether it is all there is. */
  readonly alone: boolean;
}

/** A pickle that cannot be read. */
export class BadPickle extends Error {
  /** From 1. */
  readonly number: number;
  /** Where it begins, in bytes. */
  readonly start: number;
  override readonly cause: UnpicklingError;

  constructor(number: number, start: number, cause: UnpicklingError) {
    super(cause.message);
    this.number = number;
    this.start = start;
    this.cause = cause;
  }
}

type Loader = Unpickler<LoadOptions>;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Whether nothing is left, or the one line end that `redis-cli`, `echo` and editors put behind. */
export function isEnd(bytes: Uint8Array, position: number): boolean {
  const left = bytes.length - position;
  if (left > 2 || (left > 0 && bytes.at(-1) !== LINE_FEED)) return false;
  return left < 2 || bytes[position] === CARRIAGE_RETURN;
}

const python2Strings = new Set(["STRING", "BINSTRING", "SHORT_BINSTRING"]);

function isPython2Text(error: UnpicklingError): boolean {
  return error.code === "undecodable-text" && python2Strings.has(error.opcode ?? "");
}

/**
 * The pickles of a file, one by one, in exact values, with stand-ins for what is not in the file. Each has a memo of its own,
 * unless one refers to a slot it has not: then they are read again with a memo in common.
 *
 * @param fallBack is told why when 8-bit strings of Python 2 are not ASCII and no encoding was asked for: they are latin-1 from there
 *   on. Without it that is an error.
 * @throws BadPickle
 */
export function* readPickles(
  bytes: Uint8Array,
  options: ReadOptions,
  fallBack?: (reason: UnpicklingError) => void,
): Generator<Pickle, void> {
  let { encoding } = options;
  let sharedMemo: Loader | undefined;
  const open = (): Loader =>
    new Unpickler<LoadOptions>(bytes, {
      exact: true,
      bytes: "view",
      encoding,
      errors: options.errors,
      types: options.types ?? standardTypes,
      persistentLoad: (id: unknown): unknown => new PersistentId(id),
      extensions: new EveryExtension(),
      buffers: everyBuffer(),
      limits: { allocation: options.maxMemory },
    });
  const openShared = (number: number): Loader => {
    const unpickler = open();
    unpickler.position = options.from ?? 0;
    for (let before = 1; before < number; before++) unpickler.load();
    return unpickler;
  };

  if (options.sharedMemo === true) sharedMemo = open();
  let position = options.from ?? 0;
  for (let number = 1; number === 1 || !isEnd(bytes, position); number++) {
    const start = position;
    for (;;) {
      try {
        const unpickler = sharedMemo ?? open();
        unpickler.position = start;
        const value: unknown = unpickler.load();
        position = unpickler.position;
        yield { value, number, start, end: position, alone: number === 1 && isEnd(bytes, position) };
        break;
      } catch (error) {
        if (!(error instanceof UnpicklingError)) throw error;
        if (isPython2Text(error) && encoding === undefined && fallBack !== undefined) {
          encoding = "latin1";
          fallBack(error);
          if (sharedMemo !== undefined) sharedMemo = openShared(number);
        } else if (
          error.code === "missing-memo" &&
          number > 1 &&
          sharedMemo === undefined &&
          options.standsAlone !== true
        ) {
          sharedMemo = openShared(number);
        } else throw new BadPickle(number, start, error);
      }
    }
  }
}
