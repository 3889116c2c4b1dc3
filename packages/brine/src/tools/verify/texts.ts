import { decodePython2String } from "../../bytes/encodings.ts";
import { decodeUtf8, isAscii } from "../../bytes/utf8.ts";
import { UnpicklingError } from "../../errors.ts";
import { decodeRawUnicodeEscape, decodeStringEscapes } from "../../syntax/text-operands.ts";
import { operandReaders } from "../operands.ts";
import { ALL, C, NOBODY, PICKLETOOLS, UNPICKLERS } from "./findings.ts";
import type { Report } from "./effects.ts";

/** What is wrong with a text that only counts how often. */
export interface TextNotes {
  /** A lone surrogate. */
  surrogate(): void;
  /** An 8-bit string that the option `encoding` cannot decode. */
  python2(words: string): void;
}

/** The words of the error that `work` throws, `undefined` if it throws none. */
function failureOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof UnpicklingError) return error.words;
    throw error;
  }
}

const empty = new DataView(new ArrayBuffer(0));

function hasLoneSurrogate(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = bytes.indexOf(0xed, start); at >= 0 && at < end; at = bytes.indexOf(0xed, at + 1)) {
    if ((bytes[at + 1] as number) >= 0xa0 && at + 1 < end) return true;
  }
  return false;
}

/** The content of BINUNICODE and its like. */
export function checkUtf8(
  bytes: Uint8Array,
  start: number,
  end: number,
  report: Report,
  notes: TextNotes,
): void {
  if (isAscii(bytes, start, end)) return;
  const words = failureOf(() => decodeUtf8(bytes, start, end));
  if (words !== undefined) report("text-encoding", ALL, words);
  // In a view of the text alone, so that no search goes beyond it.
  else if (hasLoneSurrogate(bytes.subarray(start, end), 0, end - start)) notes.surrogate();
}

/** The line of UNICODE. */
export function checkUnicodeLine(
  bytes: Uint8Array,
  start: number,
  end: number,
  report: Report,
  notes: TextNotes,
): void {
  if (bytes.subarray(start, end).indexOf(92) < 0) return;
  let text = "";
  const words = failureOf(() => (text = decodeRawUnicodeEscape(bytes, start, end)));
  if (words !== undefined) report("text-encoding", ALL, words);
  else if (/\p{Surrogate}/u.test(text)) notes.surrogate();
}

/** The content of an 8-bit string of Python 2, under the options of a load. */
export function checkPython2(content: Uint8Array, encoding: string, errors: string, notes: TextNotes): void {
  if (encoding === "bytes" || isAscii(content, 0, content.length)) return;
  const words = failureOf(() => decodePython2String(content, encoding, errors));
  if (words !== undefined) notes.python2(words);
}

/** The line of STRING: gives what it holds, `undefined` if that cannot be read. */
export function checkStringLine(
  bytes: Uint8Array,
  start: number,
  end: number,
  report: Report,
): Uint8Array | undefined {
  let content: Uint8Array | undefined;
  const words = failureOf(() => (content = decodeStringEscapes(bytes, start, end)));
  const toolsWords = failureOf(() => operandReaders.stringnl(bytes, empty, start, end));
  if (words !== undefined) report("string-form", toolsWords === undefined ? UNPICKLERS : ALL, words);
  else if (toolsWords !== undefined) report("string-form", PICKLETOOLS, toolsWords);
  // pickletools decodes what comes of the escapes.
  else if (content !== undefined && !isAscii(content, 0, content.length))
    report("not-ascii", PICKLETOOLS, "an 8-bit string with bytes beyond ASCII");
  return content;
}

/** Longer names are not looked at beyond this. */
const NAME_LIMIT = 1000;

/** What is odd about the name of a module, or of a class in it. */
export function checkName(name: string, what: "module" | "name", protocol: number, report: Report): void {
  const shown = name.slice(0, 60);
  if (name === "" || /[\p{C}\p{Z}\\/:;'"]/u.test(name) || /^\.|\.\.|\.$/.test(name)) {
    report("name-odd", NOBODY, `the ${what} ${JSON.stringify(shown)} is none that can be imported`);
  } else if (what === "name" && protocol < 4 && name.includes(".")) {
    report(
      "name-dotted",
      NOBODY,
      `${shown} is looked up as one name with a dot in it; write it with protocol 4 or higher`,
    );
  }
}

/** One of the lines of GLOBAL and INST. */
function checkNameLine(
  bytes: Uint8Array,
  start: number,
  end: number,
  what: "module" | "name",
  isInst: boolean,
  protocol: number,
  report: Report,
): void {
  if (start === end) {
    report("name-empty", C, `the ${what} is an empty line`);
    return;
  }
  const toolsWords = failureOf(() => operandReaders.stringnl_noescape(bytes, empty, start, end));
  if (toolsWords !== undefined) report("name-escape", PICKLETOOLS, `in the ${what}: ${toolsWords}`);
  const isPlain = isAscii(bytes, start, end);
  const hasEscape = bytes.subarray(start, end).indexOf(92) >= 0;
  if (!isPlain && isInst) report("not-ascii", ALL, `the ${what} is not ASCII`);
  else if (!isPlain) {
    const words = failureOf(() => decodeUtf8Strict(bytes, start, end));
    if (words !== undefined) report("text-encoding", ALL, `in the ${what}: ${words}`);
    else report("not-ascii", PICKLETOOLS, `the ${what} is not ASCII`);
  } else if (toolsWords === undefined && hasEscape && !isToolsAscii(bytes, start, end)) {
    report("name-escape", PICKLETOOLS, `in the ${what}, an escape stands for a byte beyond ASCII`);
  }
  if (failureOf(() => decodeUtf8Strict(bytes, start, end)) === undefined)
    checkName(shortText(bytes, start, end), what, protocol, report);
}

function isToolsAscii(bytes: Uint8Array, start: number, end: number): boolean {
  const text = operandReaders.stringnl_noescape(bytes, empty, start, end) as string;
  return !/[^\0-\x7f]/.test(text);
}

/** UTF-8 without lone surrogates, as the unpicklers read names. */
function decodeUtf8Strict(bytes: Uint8Array, start: number, end: number): string {
  return decodePython2String(bytes.subarray(start, end), "utf-8", "strict");
}

/** The two lines of GLOBAL and INST. */
export function checkNames2(
  bytes: Uint8Array,
  start: number,
  end: number,
  isInst: boolean,
  protocol: number,
  report: Report,
): void {
  const newline = bytes.indexOf(10, start);
  checkNameLine(bytes, start, newline, "module", isInst, protocol, report);
  checkNameLine(bytes, newline + 1, end, "name", isInst, protocol, report);
}

/** The line of PERSID. */
export function checkPersistentLine(bytes: Uint8Array, start: number, end: number, report: Report): void {
  if (!isAscii(bytes, start, end)) {
    report("not-ascii", ALL, "a persistent id of protocol 0 is ASCII");
    return;
  }
  const words = failureOf(() => operandReaders.stringnl_noescape(bytes, empty, start, end));
  if (words !== undefined) report("name-escape", PICKLETOOLS, words);
  else if (!isToolsAscii(bytes, start, end))
    report("name-escape", PICKLETOOLS, "an escape stands for a byte beyond ASCII");
}

// What it cannot decode, such as a character that the limit cuts in two, becomes U+FFFD.
const lenient = /* @__PURE__ */ new TextDecoder("utf-8", { ignoreBOM: true });

/** A name in UTF-8, as far as it is looked at. */
export function shortText(bytes: Uint8Array, start: number, end: number): string {
  // A copy: what a SharedArrayBuffer holds is not decoded.
  return lenient.decode(bytes.slice(start, Math.min(end, start + NAME_LIMIT)));
}
