// What an opcode does to the height of the stack, for a walk that constructs nothing.

/** No opcode. */
export const NONE_SUCH = 0;
/** Pushes one value. */
export const PUSH = 1;
/** Pushes a mark. */
export const MARKS = 2;
/** Makes one value of those above a mark. */
export const CLOSE = 3;
/** Adds the values above a mark to the one below it. */
export const ADD_MANY = 4;
/** Takes the topmost value, or mark. */
export const TAKE = 5;
/** Takes the values above a mark, and the mark. */
export const TAKE_MANY = 6;
/** Writes the topmost value into the memo. */
export const WRITE = 7;
/** Pushes a value of the memo. */
export const READ = 8;
/** Says something of the pickle. */
export const ABOUT = 9;
/** Ends the pickle. */
export const END = 10;
/** Pushes the topmost value once more. */
export const AGAIN = 11;
/** Above it, this many values are made into one. */
export const MAKE = 16;
/** Above it, this many values, the lowest of which stays and gets the others. */
export const ADD = 32;

// Opcodes as characters.
const groups: readonly (readonly [effect: number, codes: string])[] = [
  [PUSH, "NIJKMLFGVSXUTCB)]}cP\x82\x83\x84\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x96\x97"],
  [MARKS, "("],
  [CLOSE, "tldoi\x91"],
  [ADD_MANY, "eu\x90"],
  [TAKE, "0"],
  [TAKE_MANY, "1"],
  [WRITE, "pqr\x94"],
  [READ, "ghj"],
  [ABOUT, "\x80\x95"],
  [END, "."],
  [AGAIN, "2"],
  [MAKE + 1, "Q\x85\x98"],
  [MAKE + 2, "R\x81\x86\x93"],
  [MAKE + 3, "\x87\x92"],
  [ADD + 2, "ab"],
  [ADD + 3, "s"],
];

function table(): Uint8Array {
  const effects = new Uint8Array(256);
  for (const [effect, codes] of groups)
    for (let i = 0; i < codes.length; i++) effects[codes.charCodeAt(i)] = effect;
  return effects;
}

/** By the code of an opcode, what it does to the stack. A test ties it to `opcodes`. */
export const stackEffects: Uint8Array = /* @__PURE__ */ table();
