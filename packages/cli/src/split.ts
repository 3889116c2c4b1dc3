import { existsSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { genops, UnpicklingError } from "brine/tools";
import { failureLine } from "./failure.ts";
import { InputError } from "./input.ts";
import { toldAt } from "./dis.ts";
import { takeInput } from "./prepared-input.ts";
import { withOutput } from "./result-file.ts";

/** The options of `brine split`. */
export interface SplitOptions {
  /** The folder for the parts; where the command was started unless set. */
  readonly directory?: string | undefined;
  /** How many pickles each part has; 1 unless set. */
  readonly every?: number | undefined;
  /** Whether files that are there are written over. */
  readonly force?: boolean | undefined;
}

/**
 * Where each pickle of the bytes ends; one line end behind the last is passed over.
 *
 * @throws InputError with the number of the pickle that is none
 */
export function* ends(bytes: Uint8Array): Generator<number, void> {
  let end = 0;
  for (let number = 1; end < bytes.length; number++) {
    const start = end;
    const rest = bytes.subarray(start);
    if (number > 1 && rest.length <= 2 && /^\r?\n$/.test(Buffer.from(rest).toString("latin1"))) return;
    try {
      for (const op of genops(bytes, { start })) ({ end } = op);
    } catch (error) {
      if (!(error instanceof UnpicklingError)) throw error;
      throw new InputError(`pickle ${number}, ${toldAt(error).message}`);
    }
    yield end;
  }
}

/** `log.pkl.gz` → `log`. */
function stem(file: string): string {
  return file === "-"
    ? "part"
    : basename(file).replace(/(?<=.)(\.(pkl|pickle|p|joblib|gz|bz2|xz|lzma|zst|lz4|zz|zip))+$/i, "");
}

/** Lets signals be handled. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** `brine split`: the pickles of a file, each in a file of its own. The names are printed. The exit status is returned. */
export async function split(file: string, options: SplitOptions): Promise<number> {
  const { directory = ".", every = 1, force = false } = options;
  if (every === 0) {
    console.error("brine: --every must be at least 1");
    return 2;
  }
  let bytes: Uint8Array | undefined;
  try {
    const input = takeInput(file);
    ({ bytes } = input);
    if (input.error !== undefined) throw input.error;
    const all = [...ends(bytes)];
    const parts = all.filter((_, index) => (index + 1) % every === 0 || index === all.length - 1);
    const digits = String(parts.length).length;
    const pathOf = (index: number): string =>
      join(directory, `${stem(file)}-${String(index + 1).padStart(digits, "0")}.pkl`);
    mkdirSync(directory, { recursive: true });
    if (!force) {
      const taken = parts.findIndex((_, index) => existsSync(pathOf(index)));
      if (taken >= 0) throw new InputError(`${pathOf(taken)} is there already: --force writes over it`);
    }
    let start = 0;
    for (const [index, end] of parts.entries()) {
      const part = bytes.subarray(start, end);
      const status = withOutput(pathOf(index), (output) => {
        output.writeBytes(part);
        return 0;
      });
      if (status !== 0) return status;
      console.log(pathOf(index));
      start = end;
      await breathe();
    }
    return 0;
  } catch (error) {
    console.error(failureLine(error, file, bytes));
    return 1;
  }
}
