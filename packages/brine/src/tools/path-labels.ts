import { OpCursor } from "../syntax/cursor.ts";
import { NEWFALSE, NEWTRUE, opcodeOf } from "../syntax/opcodes.ts";
import { type Operand, operandReaders } from "./operands.ts";
import { bytesRepr, strRepr } from "./python-repr.ts";
import { ANY_KEY } from "./shape.ts";

/** A key whose operand is longer has no label of its own. */
const LONGEST_KEY = 64;
/** A longer name of a class is not told. */
const LONGEST_NAME = 1024;
/** So many labels are kept; the keys beyond have none of their own. */
const MOST_LABELS = 1 << 16;
/** Indexes below have labels of their own. */
export const MOST_INDEXES = 16;
const RECENT = 4096;

const identifier = /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u;

/** What a path says for each step: `.name`, `['two words']`, `[3]`. Each is a number, so that steps compare quickly. */
export class PathLabels {
  // Those that have a number of their own in shape.ts.
  readonly #texts: string[] = [".*", "[*]", "()", ".__setstate__()"];
  readonly #numbers = new Map<string, number>();
  readonly #cursor: OpCursor;
  readonly #view: DataView;
  // By position of a key, in no more room than is good for a cache: its label.
  readonly #recentPositions = new Float64Array(RECENT).fill(-1);
  readonly #recentLabels = new Int32Array(RECENT);
  readonly #indexes: readonly number[];

  constructor(bytes: Uint8Array) {
    this.#cursor = new OpCursor(bytes);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#indexes = Array.from({ length: MOST_INDEXES }, (_, index) => this.#numberOf(`[${index}]`));
  }

  /** The text of a label. */
  text(label: number): string {
    return this.#texts[label] as string;
  }

  /** The label of an index, below {@link MOST_INDEXES}. */
  ofIndex(index: number): number {
    return this.#indexes[index] as number;
  }

  /** The label of a key, whose opcode stands at `position`; {@link ANY_KEY} for one that is long or no atom. */
  ofKey(position: number): number {
    if (position < 0) return ANY_KEY;
    const slot = position % RECENT;
    if (this.#recentPositions[slot] === position) return this.#recentLabels[slot] as number;
    const label = this.#read(position);
    this.#recentPositions[slot] = position;
    this.#recentLabels[slot] = label;
    return label;
  }

  /** The text whose opcode stands at `position`; `undefined` for a long one. */
  textAt(position: number): string | undefined {
    const text = position < 0 ? undefined : this.#operandAt(position, LONGEST_NAME);
    return typeof text === "string" ? text : undefined;
  }

  #ofText(text: string): number {
    return this.#numberOf(identifier.test(text) ? `.${text}` : `[${strRepr(text)}]`);
  }

  #read(position: number): number {
    const key = this.#operandAt(position, LONGEST_KEY);
    switch (typeof key) {
      case "undefined":
        return ANY_KEY;
      case "string":
        return this.#ofText(key);
      case "object":
        return key === null
          ? this.#numberOf(`[${this.#constantAt(position)}]`)
          : this.#numberOf(`[${bytesRepr(key)}]`);
      default:
        return this.#numberOf(`[${key}]`);
    }
  }

  #constantAt(position: number): string {
    const code = this.#cursor.bytes[position];
    return code === NEWTRUE ? "True" : code === NEWFALSE ? "False" : "None";
  }

  /** The operand of the opcode at `position`; `undefined` if it is long, or wrong. */
  #operandAt(position: number, longest: number): Operand | null | undefined {
    const cursor = this.#cursor;
    cursor.end = position;
    cursor.next();
    const { code, bytes, operandStart, operandEnd } = cursor;
    const kind = opcodeOf(code)?.operand ?? null;
    if (kind === null) return null;
    if (operandEnd - operandStart > longest) return undefined;
    try {
      return operandReaders[kind](bytes, this.#view, operandStart, operandEnd);
    } catch {
      return undefined;
    }
  }

  #numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    if (this.#texts.length >= MOST_LABELS) return ANY_KEY;
    this.#numbers.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }
}
