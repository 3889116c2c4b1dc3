import { failure } from "../bytes/failure.ts";
import { toBytes } from "../bytes/input.ts";
import { readGraph } from "./canonical/read-graph.ts";
import { findRepeated } from "./canonical/repeated.ts";
import { withoutByteArrays } from "./canonical/without-byte-arrays.ts";
import { writeGraph } from "./canonical/write-graph.ts";
import { type StartOptions, startOf, type ToolInput } from "./tool-input.ts";

/** How {@link canonical} writes. */
export interface CanonicalOptions extends StartOptions {
  /** The protocol to write: 5, or 4 for readers before Python 3.8. Bytes of one are never equal to bytes of the other. */
  readonly protocol?: 4 | 5 | undefined;
  /**
   * Whether one object in two places is another value than two equal ones, and stays one. By default it is written out in
   * each, as `==` of Python has it, but for cycles.
   */
  readonly sharing?: boolean | undefined;
}

/**
 * The pickle of an equal value that is the same for all equal values, whatever wrote them: for keys of a cache, for
 * signatures, to see whether something has changed. It is what CPython's pickler would write, had it put dicts and sets in
 * order and kept equal immutable values once. The order is: None, bool, int, float, str, bytes, tuple, frozenset, then
 * everything else; ints by value, floats as IEEE 754's totalOrder has them, str by code points, bytes by bytes; of tuples
 * and frozensets the one that nests less, then part by part. What is mutable is written out in each place, however it was
 * shared. Nothing is constructed. What comes after the STOP is left out.
 *
 * Two values are equal here if their types are too, and their signs: 1, 1.0 and True are three, 0.0 and −0.0 two. Objects are by what makes them, and what they
 * are given, in its order.
 *
 * @throws UnpicklingError as {@link genops} and {@link compact} do; `unsupported-operation` for what has no canonical form:
 *   out-of-band buffers, a dict key or set element that contains itself, an object inside its own constructor arguments,
 *   keys that differ in nothing, a call whose result is dropped, what is shared so often that it would be much longer
 *   written out; `unsupported-protocol` for any other than 4 and 5.
 * @example
 * const key = await crypto.subtle.digest("SHA-256", canonical(pickled));
 */
export function canonical(data: ToolInput, options: CanonicalOptions = {}): Uint8Array {
  const bytes = toBytes(data);
  const start = startOf(options);
  const protocol: number = options.protocol ?? 5;
  if (protocol !== 4 && protocol !== 5) {
    throw failure(
      "unsupported-protocol",
      `the canonical form is of protocol 4 or 5, not ${protocol}`,
      "ValueError",
    );
  }
  const read = readGraph(bytes, start);
  const graph = protocol === 4 ? withoutByteArrays(read) : read;
  const values = graph.constants.length + graph.nodes.length;
  return writeGraph(graph, protocol, options.sharing === true ? new Uint8Array(values) : findRepeated(graph));
}
