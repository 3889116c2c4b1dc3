import type { ShapeScanner } from "./shape-scanner.ts";

/** What the memo does, told to whoever asks, by slot and absolute position of the opcode. */
export interface MemoListener {
  /** A slot is filled with what stands at `height` of the stack. */
  put(slot: number, height: number, scanner: ShapeScanner, at: number): void;
  /** Slots from here on are of no interest to {@link put}. */
  readonly putEnd: number;
  /** The height of the topmost value whose end is of interest, if there is any. */
  readonly openHeight?: number;
  /** A slot is read. */
  get?(slot: number, at: number): void;
  /** What stands at `height` and above it is taken by the opcode at `at`, for good. */
  taken?(height: number, scanner: ShapeScanner, at: number): void;
}
