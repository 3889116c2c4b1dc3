import { failure } from "../bytes/failure.ts";
import { UnpicklingError } from "../errors.ts";
import type { LoadSettings } from "../unpickler/options.ts";
import { ResumableMachine } from "../unpickler/resumable-machine.ts";
import { RESTART } from "../unpickler/state.ts";
import { MAX_RESTARTS } from "../unpickler/unpickler.ts";
import { ByteWindow } from "./byte-window.ts";
import { readAhead } from "./read-ahead.ts";
import type { ByteSource } from "./source.ts";

/** Loads pickles from a source, one behind the other, holding of it what is unread. */
export class StreamLoader {
  /** Absolute position of the next pickle. */
  position: number;
  readonly #source: ByteSource;
  readonly #settings: LoadSettings;
  /** Whether nothing behind the first pickle is read, though its frame is held to reach further. */
  readonly #isSingle: boolean;
  #window: ByteWindow;

  constructor(source: ByteSource, settings: LoadSettings, start: number, isSingle: boolean) {
    this.#isSingle = isSingle;
    this.position = start;
    this.#source = source;
    this.#settings = settings;
    this.#window = new ByteWindow(source.open(start), start);
  }

  /** Whether there is anything behind the last pickle. */
  async hasMore(): Promise<boolean> {
    await this.#window.reach(this.position, 1);
    return this.#window.bytes.length > 0;
  }

  /**
   * Loads the next pickle.
   *
   * @throws UnpicklingError as `loads` does, with the same code and offset
   */
  async load(): Promise<unknown> {
    const machine = new ResumableMachine(this.#settings);
    try {
      await this.#load(machine);
      this.position = machine.position;
      return machine.value;
    } finally {
      machine.state.release();
    }
  }

  /** As `loadAt` in `unpickler.ts` goes about it; what must begin anew is read again. */
  async #load(machine: ResumableMachine): Promise<void> {
    const start = this.position;
    machine.begin(start);
    // An exact load never begins anew.
    if (this.#settings.exact !== true) this.#window.remember(start);
    let failed: unknown;
    for (let restarts = 0; restarts <= MAX_RESTARTS; restarts++) {
      try {
        await this.#run(machine);
        return;
      } catch (error) {
        if (error !== RESTART) throw error;
      }
      await this.#rewind(start);
      machine.restart(start, true);
      try {
        await this.#run(machine);
      } catch (error) {
        failed = error;
      }
      await this.#rewind(start);
      machine.restart(start, false);
    }
    throw failed;
  }

  async #run(machine: ResumableMachine): Promise<void> {
    for (;;) {
      const { bytes, base, ended } = this.#window;
      if (machine.run(bytes, base, ended)) return;
      const { position, needed, openFrames } = machine;
      const end = this.#window.end;
      // One for each frame that ended beyond its chunk: they would be many.
      if (openFrames !== undefined) machine.openFrames = openFrames.filter((frame) => frame.end > end);
      // A frame may claim more than a number counts to.
      const last = Math.min(position + needed, Number.MAX_SAFE_INTEGER) - 1;
      if (machine.isSettled && this.#isSingle) await this.#window.reach(last, 1);
      else await readAhead(this.#window, position, position, needed);
    }
  }

  async #rewind(start: number): Promise<void> {
    if (this.#window.rewind()) return;
    if (!this.#source.isRepeatable) {
      throw failure(
        "unrepresentable",
        "a dict or set turns out to need another class, and the stream cannot be read again",
        undefined,
        'Load with exact: true, with dicts: "map" if it is a dict, or from a source that can be read twice',
      );
    }
    await this.#window.close();
    this.#window = new ByteWindow(this.#source.open(start), start);
  }

  /** Lets go of the source. */
  async close(): Promise<void> {
    await this.#window.close();
  }
}

/** The same error, told with which pickle of several it was. */
export function inPickle(error: unknown, index: number, start: number): unknown {
  if (!(error instanceof UnpicklingError) || error.offset === undefined) return error;
  const { code, words, offset, opcode, path, pythonException, advice, cause } = error;
  const which = `It is in pickle ${index} (counted from 0), which begins at byte ${start}`;
  return new UnpicklingError(code, words, {
    offset,
    opcode,
    path,
    pythonException,
    cause,
    advice: advice === undefined ? which : `${advice}. ${which}`,
  });
}
