import { isatty } from "node:tty";
import { diff as differences, diffLine, type Difference, type DiffKind, UnpicklingError } from "brine/tools";
import { toldAt } from "./dis.ts";
import { failureLine } from "./failure.ts";
import { InputError } from "./input.ts";
import { jsonText } from "./json-text.ts";
import { Output, OutputClosed } from "./output.ts";
import { takeInput } from "./prepared-input.ts";
import { painter, type Style, wantsColor } from "./style.ts";

/** The options of `brine diff`. */
export interface DiffCommandOptions {
  readonly encoding?: string | undefined;
  readonly sharing?: boolean | undefined;
  readonly limit?: number | undefined;
  readonly quiet?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly color?: boolean | undefined;
}

// As diff(1) has them.
const EQUAL = 0;
const DIFFERENT = 1;
const TROUBLE = 2;

const styles: Readonly<Record<DiffKind, Style>> = {
  added: "text",
  removed: "label",
  changed: "number",
  "type-changed": "constant",
  moved: "name",
  sharing: "attribute",
};

/** The bytes of a file, `undefined` after what is wrong with it was told. */
function read(file: string): Uint8Array | undefined {
  try {
    const { bytes, error } = takeInput(file);
    if (error !== undefined) throw error;
    return bytes;
  } catch (error) {
    console.error(failureLine(error, file, undefined));
    return undefined;
  }
}

/** Whether a file can be compared at all; what is wrong with it is told. */
function isReadable(file: string, bytes: Uint8Array, options: DiffCommandOptions): boolean {
  try {
    differences(bytes, bytes, { all: true, encoding: options.encoding });
    return true;
  } catch (error) {
    if (!(error instanceof UnpicklingError)) throw error;
    const reason = toldAt(error);
    const advice = bytes.length === 0 ? "" : "; brine verify tells more";
    console.error(
      failureLine(new InputError(`${reason.message.replace(/\.$/, "")}${advice}`), file, undefined),
    );
    return false;
  }
}

function write(output: Output, { equal, rows, omitted }: Difference, options: DiffCommandOptions): void {
  if (options.json === true) {
    output.write(`${jsonText({ equal, rows, omitted })}\n`);
    return;
  }
  const paint = painter(wantsColor(options.color, isatty(1), process.env));
  for (const row of rows) output.write(`${paint(styles[row.kind], diffLine(row))}\n`);
  if (omitted > 0) output.write(`${paint("note", `… ${omitted} more: --limit shows them`)}\n`);
}

/** `brine diff`: what differs between the values of two files. The exit status is returned, as diff(1) has it. */
export function diff(before: string, after: string, options: DiffCommandOptions): number {
  if (before === "-" && after === "-") {
    console.error("brine: standard input cannot be both files");
    return TROUBLE;
  }
  const [one, other] = [read(before), read(after)];
  if (one === undefined || other === undefined) return TROUBLE;
  const { encoding, sharing, limit } = options;
  let result: Difference;
  try {
    result = differences(one, other, { all: true, encoding, sharing, limit });
  } catch (error) {
    if (!(error instanceof UnpicklingError)) throw error;
    // Which of them it is shows when each is read alone.
    const areReadable = [isReadable(before, one, options), isReadable(after, other, options)];
    if (areReadable.every(Boolean)) throw error;
    return TROUBLE;
  }
  const output = new Output();
  try {
    if (options.quiet !== true) write(output, result, options);
    output.flush();
  } catch (error) {
    if (!(error instanceof OutputClosed)) throw error;
  }
  return result.equal ? EQUAL : DIFFERENT;
}
