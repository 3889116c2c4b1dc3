import { decodeLatin1, isAscii } from "../../bytes/utf8.ts";
import { BYTES, type Constants, GLOBAL, TEXT, TUPLE } from "./constants.ts";
import { latin1OfUtf8 } from "./latin1-of-utf8.ts";

/** The text of a constant, if it is ASCII and short. */
function textOf(constants: Constants, value: number): string {
  if (value < 0 || constants.kinds.items[value] !== TEXT) return "";
  const content = constants.contentOf(value);
  return content.length < 32 && isAscii(content, 0, content.length)
    ? decodeLatin1(content, 0, content.length)
    : "";
}

/** Module and name of a global, parted by a point; what is long or beyond ASCII is left out. */
export function dottedName(constants: Constants, value: number): string {
  if (value < 0 || constants.kinds.items[value] !== GLOBAL) return "";
  return `${textOf(constants, constants.part(value, 0))}.${textOf(constants, constants.part(value, 1))}`;
}

/** Module and name of a call's callable, parted by a point, if it is a global and the arguments are a tuple. */
export function calledName(constants: Constants, callable: number, args: number): string {
  return args >= 0 && constants.kinds.items[args] === TUPLE ? dottedName(constants, callable) : "";
}

/**
 * What a call gives that stands for bytes or a bytearray, in the forms that CPython's picklers have for protocols without
 * such an opcode; `undefined` for any other call. Source: CPython `Modules/_pickle.c`, `save_bytes`, `save_bytearray`.
 */
export function calledContent(constants: Constants, name: string, args: number): Uint8Array | undefined {
  const isByteArray = name === "builtins.bytearray";
  if (!isByteArray && name !== "builtins.bytes" && name !== "_codecs.encode") return undefined;
  const count = constants.second.items[args] as number;
  if (count === 0) return name === "_codecs.encode" ? undefined : new Uint8Array(0);
  const first = constants.part(args, 0);
  if (first < 0) return undefined;
  if (count === 1) {
    const isCopy = isByteArray && constants.kinds.items[first] === BYTES;
    return isCopy ? constants.contentOf(first).slice() : undefined;
  }
  if (count > 2 || name === "builtins.bytes" || constants.kinds.items[first] !== TEXT) return undefined;
  if (!/^latin-?1$/.test(textOf(constants, constants.part(args, 1)))) return undefined;
  return latin1OfUtf8(constants.contentOf(first));
}
