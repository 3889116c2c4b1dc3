import { UnpicklingError } from "../../src/errors.ts";
import { OpCursor } from "../../src/syntax/cursor.ts";
import * as op from "../../src/syntax/opcodes.ts";
import { TypeRegistry } from "../../src/types/registry.ts";
import type { LoadSettings } from "../../src/unpickler/options.ts";
import { PyGlobal } from "../../src/values/py-global.ts";
import { loadOrRefuse } from "./corruptions.ts";
import { drawExact, drawPlain, Persistent, TooLarge } from "./describe.ts";
import { feed, inPieces, type Outcome, sameFailure } from "./feed.ts";
import type { Case, Verdict } from "./oracle.ts";
import type { Random } from "./assemble.ts";

const extensions = new Map(
  Object.entries({ 1: "one", 2: "two", 200: "many", 300: "far", 70000: "distant" }).map(([code, name]) => [
    Number(code),
    new PyGlobal("extended", name),
  ]),
);

/** What the oracle does, as options of a load. */
export function oracleOptions({ encoding, errors, buffers }: Case): LoadSettings {
  return {
    fixImports: false,
    types: TypeRegistry.empty,
    extensions,
    persistentLoad: (pid) => new Persistent(pid),
    encoding,
    errors,
    buffers,
  };
}

/** Whether an operand or a frame reaches beyond the end of the frame it stands in. */
function crossesFrame(bytes: Uint8Array): boolean {
  const cursor = new OpCursor(bytes);
  let end = 0;
  try {
    while (cursor.next()) {
      if (cursor.code === op.STOP) return false;
      if (cursor.position < end && cursor.end > end) return true;
      if (cursor.code !== op.FRAME) continue;
      const length = Number(
        new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(cursor.operandStart, true),
      );
      if (cursor.position < end && cursor.end + length > end) return true;
      if (cursor.position >= end) end = cursor.end + length;
    }
    return false;
  } catch {
    return cursor.position < end;
  }
}

interface Exception {
  readonly name: string;
  readonly reason: string;
  readonly applies: (given: Case, verdict: Verdict, exact: Outcome) => boolean;
}

const failed = ({ error }: Outcome, words: RegExp): boolean =>
  error instanceof UnpicklingError && words.test(error.words);

/** Where brine is known to differ from CPython's C unpickler, and why. */
const knownExceptions: readonly Exception[] = [
  {
    name: "a bytearray that grows",
    reason: "a Uint8Array has one length for good, so APPEND(S) to a bytearray is refused",
    applies: (_, __, exact) => failed(exact, /^a bytearray cannot grow/),
  },
  {
    name: "an operand beyond the end of its frame",
    reason:
      "CPython, when it reads a file, drops the rest of the frame and reads the operand from behind it; no pickler writes such a thing",
    applies: ({ bytes }) => crossesFrame(bytes),
  },
  {
    name: "garbage in an error's words",
    reason:
      "a text operand that is no number is quoted with what is no ASCII as latin-1; CPython takes it for UTF-8, and may fail at that",
    applies: ({ bytes }, verdict, exact) => {
      if (!("error" in verdict && failed(exact, /^(invalid literal|could not convert|value too large)/)))
        return false;
      const { offset = 0 } = exact.error as UnpicklingError;
      return bytes.subarray(offset + 1, bytes.indexOf(10, offset)).some((byte) => byte > 127);
    },
  },
  {
    name: "a huge index into what takes no item assignment",
    reason:
      "refused by both; CPython looks at the size of the index first, where the type is a sequence in C",
    applies: (_, verdict, exact) =>
      "error" in verdict &&
      verdict.error[1] === "cannot fit 'int' into an index-sized integer" &&
      failed(exact, /does not support item assignment$/),
  },
];

const exceptionOf = ({ error }: Outcome): string => {
  const { pythonException = "UnpicklingError" } = error as UnpicklingError;
  return pythonException;
};

/** CPython's words as a pattern: the names of the oracle's own classes stand for whatever brine says there. */
function wordsPattern(words: string): RegExp {
  const quoted = words.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return new RegExp(`^${quoted.replace(/\b(Recorded|Inert|Persistent)\b/g, "[^']*")}$`, "s");
}

/** What is told of a program: how it ended, and what is wrong, if anything. */
export interface Report {
  readonly outcome: "accepted" | "refused" | "skipped" | `excepted: ${string}`;
  readonly wrong?: string | undefined;
}

function compareExact(verdict: Verdict, exact: Outcome): string | undefined {
  if ("skip" in verdict) return undefined;
  if ("error" in verdict) {
    const [type, words] = verdict.error;
    if (!("error" in exact)) return `accepted; CPython: ${type}: ${words}`;
    const { error } = exact;
    if (!(error instanceof UnpicklingError)) return `threw ${(error as Error).message}`;
    if (exceptionOf(exact) !== type)
      return `${exceptionOf(exact)}: ${error.message}; CPython: ${type}: ${words}`;
    if (!wordsPattern(words).test(error.words)) return `words: ${error.words}; CPython: ${words}`;
    if (error.offset === undefined) return "an error without an offset";
    return undefined;
  }
  if ("error" in exact)
    return `refused: ${String(exact.error)}; CPython loads ${JSON.stringify(verdict.value)}`;
  const drawn = JSON.stringify(drawExact(exact.value));
  const wanted = JSON.stringify(verdict.value);
  return drawn === wanted ? undefined : `other value\n  want ${wanted}\n  got  ${drawn}`;
}

/** A float that is whole is an int in plain mode, so that a list takes it as an index. */
function isFloatIndex({ error }: Outcome): boolean {
  return (
    error instanceof UnpicklingError &&
    /indices must be integers|'float' object cannot be interpreted/.test(error.words)
  );
}

/** In plain mode a number is a 'float', and what makes a tuple unhashable is a 'list', in the words of an error. */
const plainWords = ({ error }: Outcome): string =>
  (error as UnpicklingError).words
    .replaceAll("'int'", "'float'")
    .replace(/^unhashable type: .*/, "unhashable type")
    .replace(/(not) int$/, "$1 float");

function comparePlain(exact: Outcome, plain: Outcome, dicts: "auto" | "map"): string | undefined {
  if ("error" in exact) {
    if (!("error" in plain))
      return isFloatIndex(exact) ? undefined : `plain: accepted; exact: ${String(exact.error)}`;
    if (isFloatIndex(exact)) return undefined;
    const { code, offset } = exact.error as UnpicklingError;
    const other = plain.error as UnpicklingError;
    if (code === other.code && offset === other.offset && plainWords(exact) === plainWords(plain))
      return undefined;
    return `plain: ${String(plain.error)}; exact: ${String(exact.error)}`;
  }
  if ("error" in plain) return `plain: ${String(plain.error)}; exact accepts`;
  const wanted = JSON.stringify(drawPlain(exact.value, true, dicts));
  const drawn = JSON.stringify(drawPlain(plain.value, false));
  return wanted === drawn ? undefined : `plain (${dicts}): other value\n  want ${wanted}\n  got  ${drawn}`;
}

function compareFed(whole: Outcome, fed: Outcome, isExact: boolean): string | undefined {
  if ("error" in whole || "error" in fed) {
    return "error" in whole && "error" in fed && sameFailure(whole.error, fed.error)
      ? undefined
      : `in pieces: ${String(fed.error)}; whole: ${String(whole.error)}`;
  }
  const draw = (value: unknown): string =>
    JSON.stringify(isExact ? drawExact(value) : drawPlain(value, false));
  const [wanted, drawn] = [draw(whole.value), draw(fed.value)];
  return wanted === drawn ? undefined : `in pieces: other value\n  want ${wanted}\n  got  ${drawn}`;
}

/** Loads a program exact, plain and in pieces, and compares all of that with CPython's verdict. */
export function checkProgram(given: Case, verdict: Verdict, random: Random): Report {
  const options = oracleOptions(given);
  const exact = loadOrRefuse(given.bytes, { ...options, exact: true });
  const plain = loadOrRefuse(given.bytes, options);
  const known = knownExceptions.find(({ applies }) => applies(given, verdict, exact));
  const outcome =
    known !== undefined
      ? (`excepted: ${known.name}` as const)
      : "skip" in verdict
        ? "skipped"
        : "error" in verdict
          ? "refused"
          : "accepted";
  for (const { error } of [exact, plain]) {
    if (error !== undefined && !(error instanceof UnpicklingError))
      return { outcome, wrong: `threw ${(error as Error).message}` };
  }
  try {
    const asMap = random.chance(0.2) ? loadOrRefuse(given.bytes, { ...options, dicts: "map" }) : undefined;
    const isExact = random.chance(0.3);
    const fed = feed({ ...options, exact: isExact }, given.bytes, inPieces(random, given.bytes.length));
    return {
      outcome,
      wrong:
        (known === undefined ? compareExact(verdict, exact) : undefined) ??
        comparePlain(exact, plain, "auto") ??
        (asMap === undefined ? undefined : comparePlain(exact, asMap, "map")) ??
        compareFed(isExact ? exact : plain, fed, isExact),
    };
  } catch (error) {
    if (error instanceof TooLarge) return { outcome: "skipped" };
    return { outcome, wrong: `cannot be drawn: ${String(error)}` };
  }
}
