import type { PicklerBase } from "./pickler.ts";

/**
 * The very bytes of `pickler.dump(value)` in pieces, each as soon as its frame is finished, so that no more than a frame
 * (64 KiB and the value that crosses its end) is held at a time; below protocol 4, which has no frames, pieces of that
 * size. The value is read while the pieces are taken and must not change until the last. A piece is an array of its own.
 *
 * To stop early (`return`, or leaving a `for…of`) and an error both leave `pickler` as it was before: it may be used
 * again, and nothing of this value counts as written. It must not be used before that.
 *
 * @throws PicklingError as `dump` does, after the pieces before it have been given
 */
export function dumpInPieces(pickler: PicklerBase, value: unknown): Generator<Uint8Array<ArrayBuffer>, void> {
  return pickler.pieces(value);
}
