import { encodeLong } from "../../bytes/long.ts";
import { type Constants, FALSE, FLOAT, FROZENSET, INT, LONG, TRUE, TUPLE } from "../compact/constants.ts";
import { IntList } from "../compact/number-lists.ts";

const scratch = /* @__PURE__ */ new DataView(new ArrayBuffer(8));

/** The float of a constant that is one. */
function floatOf(constants: Constants, value: number): number {
  scratch.setInt32(0, constants.first.items[value] as number);
  scratch.setInt32(4, constants.second.items[value] as number);
  return scratch.getFloat64(0);
}

/** Whether a value is a NaN, which is no second time the same key. */
export function isNaNConstant(constants: Constants, value: number): boolean {
  return value >= 0 && constants.kinds.items[value] === FLOAT && Number.isNaN(floatOf(constants, value));
}

/**
 * Which values are one key to Python, which holds 1, 1.0 and True to be equal, and tuples and frozensets if their parts
 * are. What is equal has the same constant for a class.
 */
export class Equality {
  readonly #constants: Constants;
  readonly #classes = new IntList();

  constructor(constants: Constants) {
    this.#constants = constants;
  }

  /** The class of a value. A node is equal to itself alone, as far as can be told. */
  of(value: number): number {
    if (value < 0) return value;
    // The parts of a constant are before it.
    while (this.#classes.length <= value) this.#classes.push(this.#class(this.#classes.length));
    return this.#classes.items[value] as number;
  }

  #class(value: number): number {
    const constants = this.#constants;
    const kind = constants.kinds.items[value];
    if (kind === TRUE || kind === FALSE) return INT + (kind === TRUE ? 1 : 0);
    if (kind === FLOAT) return this.#ofFloat(value);
    if (kind !== TUPLE && kind !== FROZENSET) return value;
    const count = constants.second.items[value] as number;
    const parts = new Int32Array(count);
    let isSame = true;
    for (let at = 0; at < count; at++) {
      const part = constants.part(value, at);
      const partClass = part < 0 ? part : (this.#classes.items[part] as number);
      if (partClass !== part) isSame = false;
      parts[at] = partClass;
    }
    if (isSame) return value;
    return constants.compound(kind, kind === TUPLE ? parts : parts.sort(), 0, count);
  }

  #ofFloat(value: number): number {
    const float = floatOf(this.#constants, value);
    if (!Number.isInteger(float)) return value;
    if ((float | 0) === float) return this.#constants.int(float | 0);
    const content = encodeLong(BigInt(float));
    return this.#constants.content(LONG, content, 0, content.length);
  }
}
