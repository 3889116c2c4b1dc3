/** Where in a source the opcodes stand that make a value. */
export interface Span {
  /** Absolute position of the first. */
  readonly start: number;
  /** Absolute position behind the last. */
  readonly end: number;
  /** How many memo slots were filled before it. */
  readonly memoCount: number;
}
