import { COUNTED, LINE, layouts, TWO_LINES } from "../../syntax/layouts.ts";
import type { OpCursor } from "../../syntax/cursor.ts";
import { C, NOBODY, PYTHON } from "./findings.ts";
import type { Report } from "./effects.ts";

/** Keeps an eye on the frames of a pickle. */
export class Frames {
  /** Where the frame at hand, or the last one, ends. */
  #end = 0;
  #hasSeenOne = false;

  /** Whether there was any. */
  get any(): boolean {
    return this.#hasSeenOne;
  }

  /**
   * Looks at the opcode that the cursor stands on. The reader in Python reads it in pieces, and takes each whole from the
   * frame or whole from behind it. Source: CPython 3.13 `Lib/pickle.py`, `_Unframer`.
   */
  check({ bytes, code, position, operandStart, end }: OpCursor, report: Report): void {
    const frameEnd = this.#end;
    if (position >= frameEnd || end <= frameEnd) return;
    const layout = layouts[code] as number;
    const middle =
      layout === TWO_LINES
        ? bytes.indexOf(10, position + 1) + 1
        : layout >= COUNTED && layout < LINE
          ? operandStart
          : end;
    if ((position + 1 < frameEnd && middle > frameEnd) || (middle < frameEnd && end > frameEnd)) {
      report("frame-straddled", PYTHON, `the frame ends inside, at byte ${frameEnd}`);
    }
  }

  /** Begins the frame of a FRAME opcode, with the bytes from `start` on. */
  open(start: number, length: number, dataEnd: number, report: Report): void {
    this.#hasSeenOne = true;
    const end = start + length;
    if (length >= 2 ** 63) report("frame-too-long", C | PYTHON, "a frame of 2^63 bytes or more");
    else if (end > dataEnd) {
      report("frame-too-long", C, `a frame of ${length} bytes, and ${dataEnd - start} are left`);
    } else if (length === 0) report("frame-empty", NOBODY, "a frame of no bytes");
    if (start < this.#end) {
      const overlaps = end > this.#end;
      report(
        overlaps ? "frame-overlap" : "frame-nested",
        PYTHON,
        overlaps
          ? `the frame around it ends at byte ${this.#end}, this one at ${end}`
          : `the frame around it ends at byte ${this.#end}`,
      );
    }
    this.#end = Math.min(end, dataEnd);
  }

  /** Looks at where the pickle ends. */
  stop(end: number, report: Report): void {
    if (end < this.#end)
      report("frame-past-stop", NOBODY, `the frame ends ${this.#end - end} bytes behind STOP`);
  }
}
