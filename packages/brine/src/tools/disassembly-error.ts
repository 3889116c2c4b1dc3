import { UnpicklingError } from "../errors.ts";

/** Why a disassembly ended before its time; `words` are those of pickletools. */
export class DisassemblyError extends UnpicklingError {
  /** What `pickletools.dis` has printed by then: of `disLines` and `disRows` only what is beyond the last whole line. */
  readonly text: string;

  constructor(error: UnpicklingError, text: string) {
    const { offset, opcode, path, pythonException, advice, cause } = error;
    super(error.code, error.words, { offset, opcode, path, pythonException, advice, cause });
    this.name = "DisassemblyError";
    this.text = text;
  }
}
