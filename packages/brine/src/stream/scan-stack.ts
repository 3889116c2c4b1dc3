/** The stack of a walk over opcodes: of each value where it begins and what is known of it; and the marks. */
export class ScanStack {
  /** How many values there are. */
  size = 0;
  /** How many memo slots are filled. */
  memoCount: number;
  /** Whether slots are filled by MEMOIZE, once one was. */
  memoizes: boolean | undefined;
  /** Absolute position of the first opcode of each value. */
  readonly starts: number[] = [];
  /** How many memo slots were filled before it. */
  readonly memoCounts: number[] = [];
  /** Which element of the path it equals, so that it may be the key of a child. */
  readonly keyOf: number[] = [];
  /** Whether it was read from the memo, so that what is done to it is done elsewhere too. */
  readonly isShared: boolean[] = [];
  /** The height at each mark. */
  readonly marks: number[] = [];
  /** Absolute position of each MARK. */
  readonly markStarts: number[] = [];

  constructor(memoCount: number) {
    this.memoCount = memoCount;
  }
}
