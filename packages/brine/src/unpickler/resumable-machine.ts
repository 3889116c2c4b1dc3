import { locate } from "../errors.ts";
import { truncated } from "./failures.ts";
import { Machine } from "./machine.ts";
import { RESTART } from "./state.ts";

/**
 * A machine that gets its pickle in pieces and makes of it what it would make of the whole. CPython refuses a frame that
 * is longer than the data at its FRAME, even when STOP or an error comes first: what comes of the pickle is held until the
 * frames are all there.
 */
export class ResumableMachine extends Machine {
  #outcome: { readonly error?: unknown } | undefined;

  protected override reset(position: number): void {
    super.reset(position);
    this.#outcome = undefined;
  }

  /** Whether it is known what comes of the pickle, and only frames are waited for. */
  get isSettled(): boolean {
    return this.#outcome !== undefined;
  }

  override run(bytes: Uint8Array, base: number, final: boolean): boolean {
    if (this.#outcome === undefined) {
      try {
        if (!super.run(bytes, base, final)) return false;
        this.#outcome = {};
      } catch (error) {
        if (error === RESTART) throw error;
        this.#outcome = { error };
      }
    }
    for (const { offset, end } of this.openFrames ?? []) {
      if (end <= base + bytes.length) continue;
      if (final) throw locate(truncated(), offset, "FRAME");
      this.needed = end - this.position;
      return false;
    }
    if ("error" in this.#outcome) throw this.#outcome.error;
    return true;
  }
}
