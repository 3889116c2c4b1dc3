import { PyGlobal } from "../values/py-global.ts";
import type { TypeDefinition } from "./registry.ts";
import { digits } from "./iso.ts";
import { attributeOf } from "../values/attributes.ts";
import { bigInteger, defineValue, integer, newObject, PyValue, written } from "./value.ts";

const type: PyGlobal = /* @__PURE__ */ new PyGlobal("uuid", "UUID");

const hexOf = (bits: bigint): string => digits(bits.toString(16), 32);

/** Python's `uuid.UUID`: 128 bits. */
export class PyUUID extends PyValue {
  /** The bits as an integer, from 0 to 2^128 − 1. */
  declare readonly int: bigint;
  /** What the system said when it made it: 0 safe, −1 unsafe; `undefined` if not known, as mostly. */
  declare readonly isSafe: number | undefined;

  /**
   * A UUID from its text in any of the usual forms, its 16 bytes in network order, or its integer.
   *
   * @throws RangeError if it is none
   */
  constructor(value: string | Uint8Array | bigint) {
    const hex =
      typeof value === "string"
        ? value.replace(/^urn:uuid:|[-{}]/gi, "")
        : typeof value === "bigint"
          ? hexOf(value)
          : Array.from(value, (byte) => digits(byte.toString(16), 2)).join("");
    if (!/^[0-9a-f]{32}$/i.test(hex)) throw new RangeError(`no UUID: ${value.toString()}`);
    super({ int: BigInt(`0x${hex}`), isSafe: undefined });
  }

  /** The Python class. */
  get type(): PyGlobal {
    return type;
  }

  /** The 16 bytes in network order. */
  get bytes(): Uint8Array {
    return Uint8Array.from(hexOf(this.int).match(/../g) as string[], (pair) => Number.parseInt(pair, 16));
  }

  /** What tells values of the class apart. */
  protected override parts(): readonly unknown[] {
    return [this.int];
  }

  /** The usual text: `12345678-1234-5678-1234-567812345678`. */
  toString(): string {
    return hexOf(this.int).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }
}

/** How `UUID` is read: since Python 3.7 it has slots, its state is a dict in all versions. */
export const uuidReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  defineValue<PyUUID>(type, [0, 0], {
    class: PyUUID,
    // Not frozen before BUILD gives the bits.
    construct: () => Object.assign(Object.create(PyUUID.prototype) as PyUUID, { int: 0n, isSafe: undefined }),
    setState(value, state) {
      const int = bigInteger(attributeOf(state, "int")) ?? 0n;
      const isSafe = integer(attributeOf(state, "is_safe"));
      Object.freeze(Object.assign(value, { int: BigInt.asUintN(128, int), isSafe }));
    },
  }),
])();

/** How `UUID` is read and written. */
export const uuids: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  written<PyUUID>(uuidReaders, ({ int, isSafe }, protocol) => {
    const state = new Map([["int", int]]);
    if (isSafe !== undefined) state.set("is_safe", BigInt(isSafe));
    return newObject(protocol, type, [], { state });
  }))();
