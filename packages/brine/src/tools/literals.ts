import { failure } from "../bytes/failure.ts";

/** A literal of Python at the beginning of a text, and how long it is. */
export interface Literal<Value> {
  readonly value: Value;
  readonly length: number;
}

const invalid = (words: string): Error => failure("invalid-operand", words, "SyntaxError");

// Behind a backslash; what is none of these keeps its backslash, as in Python.
const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ["\\", "\\"],
  ["'", "'"],
  ['"', '"'],
  ["a", "\x07"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
]);

const widths: ReadonlyMap<string, number> = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);

function codeOf(digits: string, width: number, escape: string): number {
  const value =
    digits.length === width && /^[\da-f]+$/i.test(digits) ? Number.parseInt(digits, 16) : Infinity;
  if (value > 0x10ffff) throw invalid(`the escape ${escape}${digits} stands for no character`);
  return value;
}

const isHigh = (unit: number): boolean => (unit & 0xfc00) === 0xd800;
const isLow = (unit: number): boolean => (unit & 0xfc00) === 0xdc00;

/** Reads what is between quotes, in pieces that begin where a low surrogate is an escape of its own. */
function quoted(text: string, from: number, isBytes: boolean): Literal<string[]> {
  const quote = text[from];
  if (quote !== "'" && quote !== '"') throw invalid("expected a literal in quotes");
  const pieces: string[] = [];
  let piece = "";
  const special = quote === "'" ? /['\\]/g : /["\\]/g;
  let at = from + 1;
  for (;;) {
    special.lastIndex = at;
    const found = special.exec(text);
    if (found === null) throw invalid("the literal does not end on its line");
    piece += text.slice(at, found.index);
    at = found.index + 1;
    if (found[0] === quote) break;
    const letter = text[at++] ?? "";
    const simple = simpleEscapes.get(letter);
    const width = isBytes && letter !== "x" ? undefined : widths.get(letter);
    const octal = /^[0-7]{1,3}/.exec(text.slice(at - 1, at + 2));
    if (simple !== undefined) piece += simple;
    else if (octal !== null) {
      at += octal[0].length - 1;
      piece += String.fromCharCode(Number.parseInt(octal[0], 8) & (isBytes ? 0xff : 0x1ff));
    } else if (width !== undefined) {
      const codePoint = codeOf(text.slice(at, at + width), width, `\\${letter}`);
      at += width;
      if (isLow(codePoint) && isHigh(piece.charCodeAt(piece.length - 1))) {
        pieces.push(piece);
        piece = "";
      }
      piece += String.fromCodePoint(codePoint);
    } else piece += `\\${letter}`;
  }
  pieces.push(piece);
  return { value: pieces, length: at - from };
}

/**
 * A str literal. In pieces: where an escaped low surrogate follows a high one, they are two characters in Python.
 *
 * @throws UnpicklingError `invalid-operand`.
 */
export function readStr(text: string): Literal<readonly string[]> {
  return quoted(text, 0, false);
}

/**
 * A bytes literal, or a bytearray as Python shows it.
 *
 * @throws UnpicklingError `invalid-operand`.
 */
export function readBytes(text: string): Literal<Uint8Array> {
  const [opening] = /^(?:bytearray\()?b(?=['"])/.exec(text) ?? [];
  if (opening === undefined) throw invalid("expected a bytes literal, such as b'ab'");
  const { value, length } = quoted(text, opening.length, true);
  const units = value.join("");
  if (/[^\0-\xff]/.test(units)) throw invalid("a bytes literal has no character beyond U+00FF");
  const bytes = Uint8Array.from(units, (unit) => unit.charCodeAt(0));
  const end = opening.length + length;
  if (opening === "b") return { value: bytes, length: end };
  if (text[end] !== ")") throw invalid("expected ) behind the bytes of a bytearray");
  return { value: bytes, length: end + 1 };
}

/** A word, up to a blank. */
function readWord<Value>(
  text: string,
  pattern: RegExp,
  what: string,
  make: (word: string) => Value,
): Literal<Value> {
  const [word] = /^\S*/.exec(text) as unknown as [string];
  if (!pattern.test(word)) throw invalid(`expected ${what}, not ${JSON.stringify(word)}`);
  return { value: make(word), length: word.length };
}

/**
 * An int in decimal, or True or False.
 *
 * @throws UnpicklingError `invalid-operand`.
 */
export function readInt(text: string, allowsBool: boolean): Literal<bigint | boolean> {
  if (allowsBool && /^(?:True|False)(?!\S)/.test(text)) {
    return { value: text.startsWith("T"), length: text.startsWith("T") ? 4 : 5 };
  }
  return readWord(text, /^-?\d{1,4300}$/, "an int", (word) =>
    word.startsWith("-") ? -BigInt(word.slice(1)) : BigInt(word),
  );
}

/**
 * A float as Python shows it.
 *
 * @throws UnpicklingError `invalid-operand`.
 */
export function readFloat(text: string): Literal<number> {
  return readWord(text, /^[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|inf|nan)$/i, "a float", (word) =>
    Number(word.replace(/inf/i, "Infinity")),
  );
}
