import type { LoadOptions } from "../../src/unpickler/options.ts";
import { TypeRegistry } from "../../src/types/registry.ts";
import { loadOne } from "../../src/unpickler/unpickler.ts";
import type { Outcome } from "./feed.ts";

/** The bytes cut off at every place, and with every byte in turn made each of `values`, one more and one with a bit turned over; at the places that are chosen. */
export function* corruptions(
  bytes: Uint8Array,
  values: readonly number[],
  isChosen: (at: number) => boolean = () => true,
): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at++) {
    if (!isChosen(at)) continue;
    yield bytes.slice(0, at);
    const old = bytes[at] as number;
    for (const value of new Set([...values, (old + 1) & 255, old ^ (1 << (at & 7))])) {
      if (value === old) continue;
      const changed = bytes.slice();
      changed[at] = value;
      yield changed;
    }
  }
}

/** What a load gives or throws, whatever that is. */
export function loadOrRefuse(bytes: Uint8Array, options: LoadOptions): Outcome {
  try {
    return { value: loadOne(bytes, options, TypeRegistry.empty) };
  } catch (error) {
    return { error };
  }
}
