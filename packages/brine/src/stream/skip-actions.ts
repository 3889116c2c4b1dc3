import { layouts } from "../syntax/layouts.ts";

// What the loop does about an opcode, by its code; what has no entry is for the scanner.
/** Pushes a value; the operand has a fixed length. */
export const PUSH = 1;
/** Pushes a value; one byte says how long the operand is. */
export const PUSH_COUNTED = 2;
/** Pushes a text that may be an element of the path; one byte says how long it is. */
export const PUSH_TEXT = 3;
/** Pushes an int, which may be one too. */
export const PUSH_INT = 4;
/** Reads the memo. */
export const GET = 5;
/** Writes the memo. */
export const MEMOIZE = 6;
/** Writes a slot of the memo by its number. */
export const PUT = 7;
/** Pushes a mark. */
export const MARK = 8;
/** Adds what is above the mark to the value below. */
export const ADD = 9;
/** Makes a tuple of what is above the mark. */
export const TUPLE = 10;
/** Gives the value below its state. */
export const BUILD = 11;
/** As PUSH_TEXT, with four bytes of length. */
export const PUSH_LONG_TEXT = 13;
/** Makes one of so many values. */
export const MAKE = 12;

/** Of an entry of the table: the action; above it is the length of the opcode, or of what it makes one of. */
export const ACTION = 15;

// Opcodes as characters.
const groups: readonly (readonly [action: number, codes: string])[] = [
  [PUSH, "N\x88\x89G)]}\x8f"],
  [PUSH_COUNTED, "C"],
  [PUSH_TEXT, "\x8cU"],
  [PUSH_LONG_TEXT, "XT"],
  [PUSH_INT, "JKM"],
  [GET, "h"],
  [MEMOIZE, "\x94"],
  [PUT, "qr"],
  [MARK, "("],
  [ADD, "eu\x90"],
  [TUPLE, "t"],
  [BUILD, "b"],
];
const makers = ["", "\x85", "\x86R\x81\x93", "\x87"];

function table(): Uint8Array {
  const actions = new Uint8Array(256);
  for (const [action, codes] of groups) {
    for (let i = 0; i < codes.length; i++) {
      const code = codes.charCodeAt(i);
      actions[code] = ((1 + (layouts[code] as number)) << 4) | action;
    }
  }
  for (const [count, codes] of makers.entries())
    for (let i = 0; i < codes.length; i++) actions[codes.charCodeAt(i)] = (count << 4) | MAKE;
  return actions;
}

/** By the code of an opcode, its entry. */
export const skipActions: Uint8Array = /* @__PURE__ */ table();
