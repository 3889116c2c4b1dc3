import { abandon, located, type PicklerBase } from "./pickler.ts";
import { refusal } from "./refusal.ts";
import { run } from "./run.ts";
import { save } from "./save.ts";

/** Below protocol 4, which has no frames, so many bytes are a piece. */
const PIECE = 64 * 1024;

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
export function* dumpInPieces(
  pickler: PicklerBase,
  value: unknown,
): Generator<Uint8Array<ArrayBuffer>, void> {
  const { state } = pickler;
  const { writer, memo, settings } = state;
  if (settings.canonical) throw refusal("invalid-option", "the canonical form needs the pickle as a whole");
  const { size } = memo;
  let isWritten = false;
  state.isFast = pickler.fast;
  state.pauses = true;
  try {
    writer.begin();
    if (writer.boundary === Infinity) writer.boundary = PIECE;
    save(state, value);
    for (run(state); state.stack.length > 0; run(state)) yield writer.takeFinished();
    writer.end();
    yield writer.take();
    isWritten = true;
  } catch (error) {
    throw located(state, error);
  } finally {
    if (!isWritten) abandon(state, size);
    writer.boundary = Infinity;
    state.pauses = false;
  }
}
