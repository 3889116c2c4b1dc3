import { InputError } from "./input.ts";
import { looksLike } from "./looks-like.ts";
import { BadPickle } from "./pickles.ts";
import { inputName } from "./input-name.ts";

/** What the command line can do about an error; the library's own advice speaks of its options. */
const advice: Readonly<Record<string, string>> = {
  "undecodable-text": "",
  "limit-exceeded": "If you trust the file, allow more: --max-memory 8G",
};

const python2Advice =
  "Try --encoding latin1, which reads any byte, --encoding utf-8, or --encoding bytes for the bytes as they are";

// What torch.save wrote first before 1.6: the pickle of this number.
const legacyTorch = "80028a0a6cfc9c46f9206aa850192e";

/** Codes of errors that what is no pickle at all leads to. */
const strange = new Set([
  "invalid-opcode",
  "stack-underflow",
  "missing-mark",
  "unexpected-mark",
  "invalid-operand",
]);
const incomplete = new Set(["truncated", "no-data"]);
/** A text that happens to begin with an opcode fails within so many bytes. */
const EARLY = 64;

/** Makes one line of text, with nothing in it that a terminal would obey. */
function oneLine(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/\p{C}/gu, (c) => `\\x${(c.codePointAt(0) as number).toString(16).padStart(2, "0")}`);
}

function shellWord(file: string): string {
  return /^[\w./+:@%-]+$/.test(file) ? file : `'${file.replaceAll("'", `'\\''`)}'`;
}

function hint(error: BadPickle, bytes: Uint8Array, file: string, size: number): string {
  const { code, words, opcode, offset = 0, advice: libraryAdvice } = error.cause;
  if (error.number > 1) {
    if (Buffer.from(bytes.subarray(0, 15)).toString("hex") === legacyTorch) {
      return "This is a PyTorch file of the old format: its tensors follow the pickles";
    }
    if (strange.has(code) || incomplete.has(code)) {
      return `The ${size - error.start} bytes after pickle ${error.number - 1} are no whole pickle`;
    }
  } else {
    const guess = looksLike(bytes, strange.has(code) && offset < EARLY && !words.startsWith("Exceeds"));
    if (guess !== undefined) {
      const command = guess.command
        ?.replace(/(< )?FILE/, (_, from = "") => (file === "-" ? "" : from + shellWord(file)))
        .trim();
      return `It looks like ${guess.what}${command === undefined ? "" : `: try ${command} | brine`}`;
    }
    if (Buffer.from(bytes.subarray(0, 1 << 16)).includes("joblib.numpy_pickle")) {
      return "This is a joblib file: the bytes of its arrays stand between the opcodes, which is no pickle";
    }
  }
  if (code === "undecodable-text" && opcode?.endsWith("STRING") === true) return python2Advice;
  return (Object.hasOwn(advice, code) ? advice[code] : libraryAdvice) ?? "";
}

/**
 * One line about what went wrong with a file: where, what, and what to do. Throws what is no such error.
 *
 * @param bytes its content, or the beginning of that
 * @param size how long it is
 */
export function failureLine(
  error: unknown,
  file: string,
  bytes: Uint8Array | undefined,
  size: number = bytes?.length ?? 0,
): string {
  const name = inputName(file);
  if (error instanceof InputError) return oneLine(`brine: ${name}: ${error.message}`);
  if (!(error instanceof BadPickle) || bytes === undefined) throw error;
  if (bytes.length === 0) return oneLine(`brine: ${name}: it is empty`);
  const { offset, words } = error.cause;
  const which = error.number > 1 ? `pickle ${error.number}, ` : "";
  const at = offset === undefined ? "" : `${which}at byte ${offset}: `;
  const what = words.replace(/\.$/, "").replace("than limits.allocation", "than is allowed");
  const todo = hint(error, bytes, file, size);
  return oneLine(`brine: ${name}: ${at}${what}${todo === "" ? "" : `. ${todo}`}`);
}
