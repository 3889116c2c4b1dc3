import { isatty } from "node:tty";
import { eachInput } from "./each-input.ts";
import { Output } from "./output.ts";
import { picklesOf } from "./large-pickles.ts";
import type { ReadOptions } from "./pickles.ts";
import { Printer, type PrintOptions } from "./printer.ts";
import { grouped } from "./quantities.ts";
import { painter, wantsColor } from "./style.ts";
import { inputName } from "./input-name.ts";

/** The options of `brine cat`. */
export interface CatOptions extends ReadOptions {
  readonly full?: boolean | undefined;
  readonly depth?: number | undefined;
  readonly maxItems?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly width?: number | undefined;
  readonly color?: boolean | undefined;
}

const DEFAULT_WIDTH = 100;

/** How much is printed, and how. */
export function printOptions(options: CatOptions): PrintOptions {
  const full = options.full === true;
  const isTerminal = isatty(1);
  // Of a pipe, process.stdout is left alone, for it would become non-blocking.
  const { width = (isTerminal && process.stdout.columns) || DEFAULT_WIDTH } = options;
  return {
    depth: options.depth ?? (full ? Infinity : 12),
    maxItems: options.maxItems ?? (full ? Infinity : 50),
    maxLength: options.maxLength ?? (full ? Infinity : 200),
    width,
    paint: painter(wantsColor(options.color, isTerminal, process.env)),
  };
}

/** `brine cat`: prints every pickle of every file readably. The exit status is returned. */
export async function cat(files: readonly string[], options: CatOptions): Promise<number> {
  const output = new Output();
  const settings = printOptions(options);
  const { paint } = settings;
  const printer = new Printer(output, settings);
  let isFirst = true;
  const heading = (line: string): void => {
    output.write(`${isFirst ? "" : "\n"}${paint("note", `# ${line}`)}\n`);
    isFirst = false;
  };
  const status = await eachInput(files, output, function* (source, file) {
    const name = inputName(file);
    const of = files.length > 1 ? name : "";
    const pickles = picklesOf(source, options, (reason) => {
      const at = reason.offset === undefined ? "" : `at byte ${reason.offset}: `;
      console.error(
        `brine: ${name}: ${at}a Python 2 string that is not ASCII; such strings are shown as latin1, see --encoding`,
      );
    });
    for (const { value, number, start, alone } of pickles) {
      const which = alone ? "" : `pickle ${grouped(number)}, byte ${grouped(start)}`;
      if (of !== "" || which !== "") heading([of, which].filter((part) => part !== "").join(": "));
      printer.print(value);
      yield;
    }
  });
  if (printer.wasCut && isatty(1) && isatty(2))
    console.error(paint("note", "# --full shows what is left out"));
  return status;
}
