import type { Shape } from "./shape-scanner.ts";

/** How long programs are, in bytes. */
export interface CutSizes {
  /** From here on one is cut behind a batch of items. */
  readonly behind: number;
  /** From here on it is cut within a batch, where a first pass can judge whether it is one. */
  readonly within: number;
}

/** Long enough that a program costs little, and short enough that few items are held. */
export const USUAL_SIZES: CutSizes = { behind: 1 << 16, within: 1 << 20 };

/** How to cut. */
export interface CutOptions {
  /** Absolute position of the first opcode. */
  readonly start: number;
  /** Absolute end of the container's opcodes; `Infinity` for up to STOP. */
  readonly end: number;
  /** How many memo slots were filled before. */
  readonly memoCount: number;
  /** Whether a batch may be cut within, for this is read once more if that was wrong. */
  readonly cutsWithin: boolean;
  /** How long programs are. */
  readonly sizes: CutSizes;
  /** What the container is, where that is known. */
  readonly shape?: Shape | undefined;
}

/** Thrown by a pass over what is no container to the end, or not in the usual order. */
export const MISTAKEN: Error = /* @__PURE__ */ new Error("the container must be known before");
