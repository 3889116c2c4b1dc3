/** What a value is, in short. */
export interface DiffValue {
  /** Python's name of the type; of an instance, its class. */
  readonly type: string;
  /** The value as Python would write it, cut where it gets long. */
  readonly text: string;
}

/** One difference. */
export interface DiffRow {
  /** Where: in the first pickle, or in the second for what was added. Of an attribute or key `.name`, of an item `[3]`. */
  readonly path: string;
  /** Where it is in the second pickle, if that is another path. */
  readonly newPath: string | undefined;
  /** What became of it. */
  readonly kind: DiffKind;
  /** What it was; `undefined` for what was added. */
  readonly before: DiffValue | undefined;
  /** What it is; `undefined` for what was removed. */
  readonly after: DiffValue | undefined;
}

/**
 * What became of a value. `"type-changed"`: it is of another type or class. `"moved"`: it is the same, at another place
 * of its list. `"sharing"`: it is equal, but one object with another value in the one pickle only.
 */
export type DiffKind = "added" | "removed" | "changed" | "type-changed" | "moved" | "sharing";
