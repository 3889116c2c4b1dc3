import { statSync } from "node:fs";
import { UnpicklingError } from "brine/core";
import { items } from "brine/node";
import { items as itemsOf } from "brine/stream";
import { type CatOptions, printOptions } from "./cat.ts";
import { failureLine } from "./failure.ts";
import { asInputError, InputError } from "./input.ts";
import { Output, OutputClosed } from "./output.ts";
import { codecs, type PrepareOptions } from "./prepared-input.ts";
import { Printer } from "./printer.ts";
import { Progress } from "./progress.ts";
import { standardTypes } from "./standard-values.ts";
import { everyBuffer, EveryExtension, PersistentId } from "./stand-ins.ts";

/** `brine cat --items`: prints the items of the container in each file as they are read. The exit status is returned. */
export async function catItems(
  files: readonly string[],
  options: CatOptions & PrepareOptions,
): Promise<number> {
  const output = new Output();
  const printer = new Printer(output, printOptions(options));
  const { from, encoding, errors, member, maxMemory } = options;
  const settings = {
    exact: true,
    types: standardTypes,
    persistentLoad: (id: unknown): unknown => new PersistentId(id),
    extensions: new EveryExtension(),
    buffers: everyBuffer(),
    start: from,
    limits: { allocation: maxMemory },
    encoding,
    errors,
    member,
    codecs,
  };
  let status = 0;
  try {
    for (const file of files) {
      // It would be among the items.
      const progress = output.isTerminal
        ? undefined
        : new Progress(file, statSync(file, { throwIfNoEntry: false })?.size);
      const watched = {
        ...settings,
        onProgress: ({ bytesRead }: { bytesRead: number }) => progress?.reach(bytesRead),
      };
      try {
        const source = file === "-" ? itemsOf(process.stdin, watched) : items(file, watched);
        for await (const item of source) {
          printer.print(item);
          output.flush();
        }
        progress?.end();
      } catch (error) {
        progress?.end();
        if (error instanceof OutputClosed) throw error;
        output.flush();
        const reason = error instanceof UnpicklingError ? new InputError(error.message) : asInputError(error);
        console.error(failureLine(reason, file, undefined));
        status = 1;
      }
    }
    output.flush();
  } catch (error) {
    if (!(error instanceof OutputClosed)) throw error;
  }
  return status;
}
