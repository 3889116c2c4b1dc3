import { REDUCE } from "../../syntax/opcodes.ts";
import { BYTES, type Constants, GLOBAL, TEXT, TUPLE } from "../compact/constants.ts";
import { bytesOfText } from "../compact/global-names.ts";
import { BYTEARRAY, type Graph, GraphNode, OBJECT } from "./graph.ts";

function text(constants: Constants, value: string): number {
  return constants.content(TEXT, bytesOfText(value), 0, value.length);
}

/**
 * The graph with calls of `bytearray` in the place of those, as protocol 4 has it.
 * Source: CPython `Modules/_pickle.c`, `save_bytearray`.
 */
export function withoutByteArrays({ constants, nodes, root }: Graph): Graph {
  const compound = (kind: number, ...parts: number[]): number =>
    constants.compound(kind, Int32Array.from(parts), 0, parts.length);
  return {
    constants,
    root,
    nodes: nodes.map((node) => {
      const { kind, content, uses } = node;
      if (kind !== BYTEARRAY || content === undefined) return node;
      const callable = compound(GLOBAL, text(constants, "builtins"), text(constants, "bytearray"));
      const args =
        content.length === 0
          ? compound(TUPLE)
          : compound(TUPLE, constants.content(BYTES, content.slice(), 0, content.length));
      const call = new GraphNode(OBJECT, [callable, args], REDUCE);
      call.uses = uses;
      return call;
    }),
  };
}
