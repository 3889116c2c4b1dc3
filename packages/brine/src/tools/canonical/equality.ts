import { encodeLong } from "../../bytes/long.ts";
import { isAscii } from "../../bytes/utf8.ts";
import {
  type Constants,
  FALSE,
  FLOAT,
  FROZENSET,
  GLOBAL,
  INT,
  LONG,
  STRING,
  TEXT,
  TRUE,
  TUPLE,
} from "../compact/constants.ts";
import { IntList } from "../compact/number-lists.ts";

const scratch = /* @__PURE__ */ new DataView(new ArrayBuffer(8));

/** The float of a constant that is one. */
function floatOf(constants: Constants, value: number): number {
  scratch.setInt32(0, constants.first.items[value] as number);
  scratch.setInt32(4, constants.second.items[value] as number);
  return scratch.getFloat64(0);
}

/**
 * Which values are one key to Python, which holds 1, 1.0 and True to be equal, and tuples and frozensets if their parts are. What is equal has the same constant for a class.
 */
export class Equality {
  readonly #constants: Constants;
  readonly #classes = new IntList();
  /** By constant, 1 if it may not be equal to another that looks the same. */
  readonly #doubts = new IntList();

  constructor(constants: Constants) {
    this.#constants = constants;
  }

  /** Whether two values that look like this one may be two keys: where there is a NaN, which is equal to itself alone. */
  isDoubtful(value: number): boolean {
    if (value < 0) return false;
    this.of(value);
    return this.#doubts.items[value] === 1;
  }

  /** The class of a value. A node is equal to itself alone, as far as can be told. */
  of(value: number): number {
    if (value < 0) return value;
    // The parts of a constant are before it.
    while (this.#classes.length <= value) {
      const next = this.#classes.length;
      this.#doubts.push(this.#doubt(next));
      this.#classes.push(this.#class(next));
    }
    return this.#classes.items[value] as number;
  }

  #doubt(value: number): number {
    const constants = this.#constants;
    const kind = constants.kinds.items[value] as number;
    if (kind === FLOAT) return Number.isNaN(floatOf(constants, value)) ? 1 : 0;
    if (kind < GLOBAL) return 0;
    const count = constants.second.items[value] as number;
    for (let at = 0; at < count; at++) {
      const part = constants.part(value, at);
      if (part >= 0 && this.#doubts.items[part] === 1) return 1;
    }
    return 0;
  }

  #class(value: number): number {
    const constants = this.#constants;
    const kind = constants.kinds.items[value];
    if (kind === TRUE || kind === FALSE) return INT + (kind === TRUE ? 1 : 0);
    if (kind === FLOAT) return this.#ofFloat(value);
    if (kind === STRING) return this.#ofString(value);
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

  /** To Python 2, an 8-bit string is equal to the same text, if it is ASCII; to Python 3, it is that text. */
  #ofString(value: number): number {
    const content = this.#constants.contentOf(value);
    if (!isAscii(content, 0, content.length)) return value;
    return this.#constants.content(TEXT, content.slice(), 0, content.length);
  }

  #ofFloat(value: number): number {
    const float = floatOf(this.#constants, value);
    if (!Number.isInteger(float)) return value;
    if ((float | 0) === float) return this.#constants.int(float | 0);
    const content = encodeLong(BigInt(float));
    return this.#constants.content(LONG, content, 0, content.length);
  }
}
