import { Command, InvalidArgumentError, Option } from "commander";
import { version } from "../package.json";
import type { AssembleOptions } from "./asm.ts";
import type { CatOptions } from "./cat.ts";
import type { CompactOptions } from "./compact.ts";
import type { DiffCommandOptions } from "./diff.ts";
import type { DisOptions } from "./dis.ts";
import type { GetOptions } from "./get.ts";
import {
  compactNotes,
  diffNotes,
  examples,
  jsonNotes,
  statNotes,
  typesNotes,
  verifyNotes,
} from "./help-texts.ts";
import type { JoinOptions } from "./join.ts";
import type { JsonOptions } from "./json.ts";
import type { OptimizeOptions } from "./optimize.ts";
import type { VerifyCommandOptions } from "./verify.ts";
import type { PrepareOptions } from "./prepared-input.ts";
import type { SplitOptions } from "./split.ts";
import { Output, OutputClosed } from "./output.ts";
import type { StatOptions } from "./stat.ts";
import type { TypesOptions } from "./types.ts";

const fileArgument = "files of pickles; - is standard input, and so is none unless it is a terminal";

function writeAll(text: string): void {
  const output = new Output();
  try {
    output.write(text);
    output.flush();
  } catch (error) {
    if (!(error instanceof OutputClosed)) throw error;
  }
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}

function memorySize(text: string): number {
  const parts = /^(\d+(?:\.\d+)?)([KMGT]?)(?:i?B)?$/i.exec(text);
  if (parts === null) throw new InvalidArgumentError("It must be a number of bytes, such as 8G.");
  const power = " KMGT".indexOf((parts[2] as string).toUpperCase() || " ");
  return Math.floor(Number(parts[1]) * 1024 ** power);
}

function addInputOptions(command: Command): Command {
  return command.option("--member <name>", "of a zip archive, what to read (default: the first *.pkl)");
}

function addReadOptions(command: Command): Command {
  return addInputOptions(command)
    .option("--from <offset>", "begin at this byte of the file, decompressed", wholeNumber)
    .option(
      "--encoding <name>",
      "of the 8-bit strings of Python 2: ASCII, latin1, utf-8, bytes, windows-1251 …",
    )
    .option(
      "--errors <how>",
      "what to do with what is not in the encoding: strict, replace, backslashreplace …",
    )
    .option("--shared-memo", "the pickles of a file refer to those before, as those of one Pickler do")
    .option("--max-memory <size>", "refuse a pickle that takes more, such as 8G (default: 2G)", memorySize);
}

function addPrintOptions(command: Command): Command {
  return command
    .option("--full", "leave nothing out")
    .option("--depth <n>", "levels of nesting to show (default: 12)", wholeNumber)
    .option("--max-items <n>", "items of a container to show (default: 50)", wholeNumber)
    .option("--max-length <n>", "characters of a str, bytes or int to show (default: 200)", wholeNumber)
    .option("--width <n>", "columns to fill (default: the terminal's, or 100)", wholeNumber)
    .option("--color", "colours even if the output is no terminal")
    .option("--no-color", "no colours");
}

function addCat(command: Command): Command {
  command.argument("[file...]", fileArgument);
  addReadOptions(addPrintOptions(command)).option(
    "--items",
    "print the items of a list, dict or set one by one, while they are read: of a file larger than memory",
  );
  return command.action(async (files: string[], options: CatOptions & PrepareOptions) => {
    if (files.length === 0 && process.stdin.isTTY) command.help({ error: true });
    if (options.items === true) {
      const { catItems } = await import("./cat-items.ts");
      process.exitCode = await catItems(files.length === 0 ? ["-"] : files, options);
      return;
    }
    const { cat } = await import("./cat.ts");
    process.exitCode = await cat(files.length === 0 ? ["-"] : files, options);
  });
}

function addJson(command: Command): Command {
  command
    .description("print each pickle as strict JSON, one a line")
    .argument("[file...]", fileArgument)
    .option("--indent <n>", "spaces a level; without it, one line a pickle", wholeNumber)
    .option("--array", "all pickles in one array")
    .option("--tagged", "keep tuple, set, frozenset and bytearray apart from list and bytes")
    .addOption(
      new Option("--nan <how>", "how to write nan and inf: tag, null or string").choices([
        "tag",
        "null",
        "string",
      ]),
    )
    .addHelpText("after", jsonNotes);
  return addReadOptions(command).action(async (files: string[], options: JsonOptions) => {
    if (files.length === 0 && process.stdin.isTTY) command.help({ error: true });
    const { json } = await import("./json.ts");
    process.exitCode = await json(files.length === 0 ? ["-"] : files, options);
  });
}

function addGet(command: Command): void {
  command
    .description("print what is at a path of each pickle of a file, such as $.orders[0].customer.name")
    .argument("<file>", "file of pickles; - is standard input")
    .argument("<path>", 'keys, indexes and attributes from the top: users[-1]["full name"]; $ is the whole')
    .option("--json", "as strict JSON");
  addReadOptions(addPrintOptions(command)).action(async (file: string, path: string, options: GetOptions) => {
    const { get } = await import("./get.ts");
    process.exitCode = await get(file, path, options);
  });
}

function addDis(command: Command): void {
  addInputOptions(command)
    .description("disassemble the first pickle of each file, as python -m pickletools does")
    .argument("[file...]", fileArgument)
    .option("-o, --output <file>", "where to write")
    .option("-m, --memo", "keep the memo from one file to the next")
    .option("-l, --indentlevel <n>", "blanks by which a MARK indents (default: 4)", wholeNumber)
    .option("-a, --annotate", "say on each line what the opcode does")
    .option("-p, --preamble <text>", "what to print before each of several files (default: ==> {name} <==)")
    .option("--json", "print a JSON object for each opcode, a line each")
    .option("--color", "colours even if the output is no terminal")
    .option("--no-color", "no colours")
    .action(async (files: string[], options: DisOptions) => {
      if (files.length === 0 && process.stdin.isTTY) command.help({ error: true });
      const { dis } = await import("./dis.ts");
      process.exitCode = await dis(files.length === 0 ? ["-"] : files, options);
    });
}

function addStat(command: Command): void {
  addInputOptions(command)
    .description("tell what takes the space: by path, type, opcode and repeated value")
    .argument("[file...]", fileArgument)
    .addOption(new Option("--by <what>", "one table only").choices(["path", "type", "opcode", "value"]))
    .option("--top <n>", "rows of a table (default: 10, and 30 with --by)", wholeNumber)
    .option("--svg <file>", "write a treemap: the larger a tile, the more bytes")
    .option("--html <file>", "write a treemap as a page, with details under the pointer and zoom")
    .option("--json", "print all of it as JSON, a line for each file")
    .option("--width <n>", "columns to fill (default: the terminal's, or 100)", wholeNumber)
    .option("--color", "colours even if the output is no terminal")
    .option("--no-color", "no colours")
    .addHelpText("after", statNotes)
    .action(async (files: string[], options: StatOptions) => {
      if (files.length === 0 && process.stdin.isTTY) command.help({ error: true });
      const { stat } = await import("./stat.ts");
      process.exitCode = await stat(files.length === 0 ? ["-"] : files, options);
    });
}

function addOptimize(command: Command): void {
  addInputOptions(command)
    .description("leave out what a pickle keeps in its memo and never reads; the values stay the same")
    .argument("[file]", "file of one or more pickles; - is standard input, and so is none")
    .option("-o, --output <file>", "where to write")
    .option("--json", "print the sizes before and after as JSON; the pickle is written only where -o says")
    .action(async (path: string | undefined, options: OptimizeOptions) => {
      const { optimize } = await import("./optimize.ts");
      process.exitCode = optimize(path ?? "-", options);
    });
}

function protocolNumber(text: string): number {
  if (!/^[0-5]$/.test(text)) throw new InvalidArgumentError("It must be 0 to 5.");
  return Number(text);
}

function addCompact(command: Command): void {
  addInputOptions(command)
    .description("make the pickles of a file as small as they can be; they load to equal values")
    .argument("[file]", "file of one or more pickles; - is standard input, and so is none")
    .option("-o, --output <file>", "where to write")
    .option("--protocol <n>", "raise the protocol to this one, if it is lower", protocolNumber)
    .option("--canonical", "instead, the form that is the same for all equal values, whatever wrote them")
    .option("--sharing", "with --canonical: what is one object is another value than two equal ones")
    .option("--json", "report the sizes as JSON, and write no bytes without -o")
    .option("--color", "colours even if the output is no terminal")
    .option("--no-color", "no colours")
    .addHelpText("after", compactNotes)
    .action(async (path: string | undefined, options: CompactOptions) => {
      const { compact } = await import("./compact.ts");
      process.exitCode = compact(path ?? "-", options);
    });
}

function addAsm(command: Command): void {
  command
    .description("make a pickle of the text that brine dis writes, edited or not")
    .argument("[file]", "file of text; - is standard input, and so is none")
    .option("-o, --output <file>", "where to write")
    .option("--keep-frames", "write the frame lengths that the text has instead of those that are right")
    .option("--json", "tell the size as JSON; the pickle is written only where -o says")
    .action(async (path: string | undefined, options: AssembleOptions) => {
      const { asm } = await import("./asm.ts");
      process.exitCode = asm(path ?? "-", options);
    });
}

function addVerify(command: Command): void {
  addInputOptions(command)
    .description("find every irregularity of a pickle, and who refuses it")
    .argument("[file...]", fileArgument)
    .option("--strict", "warnings count as errors")
    .option("--explain", "say what each code means")
    .option("--given", "the reader is given what persistent ids, buffers and extension codes stand for")
    .option("--encoding <name>", "how the reader decodes the 8-bit strings of Python 2 (default: ASCII)")
    .option("--errors <how>", "what it does with what is not in the encoding")
    .option("--shared-memo", "the pickles of a file refer to those before, as those of one Pickler do")
    .option("--limit <n>", "findings of one kind to show (default: 100)", wholeNumber)
    .option("--json", "a line of JSON for each file")
    .option("--color", "colours even if the output is no terminal")
    .option("--no-color", "no colours")
    .addHelpText("after", verifyNotes)
    .action(async (files: string[], options: VerifyCommandOptions) => {
      if (files.length === 0 && process.stdin.isTTY) command.help({ error: true });
      const { verify } = await import("./verify.ts");
      process.exitCode = verify(files.length === 0 ? ["-"] : files, options);
    });
}

function addDiff(command: Command): void {
  addInputOptions(command)
    .description("tell what differs between the values of two pickles")
    .argument("<before>", "a file; - is standard input")
    .argument("<after>", "another")
    .option("--sharing", "also tell what is one object here and two there")
    .option("--encoding <name>", "of the 8-bit strings of Python 2 (default: latin1)")
    .option("--limit <n>", "differences to show (default: 10000)", wholeNumber)
    .option("-q, --quiet", "nothing but the exit status")
    .option("--json", "as JSON")
    .option("--color", "colours even if the output is no terminal")
    .option("--no-color", "no colours")
    .addHelpText("after", diffNotes)
    .action(async (before: string, after: string, options: DiffCommandOptions) => {
      const { diff } = await import("./diff.ts");
      process.exitCode = diff(before, after, options);
    });
}

function addTypes(command: Command): void {
  command
    .description("write TypeScript declarations, or a zod schema, for what pickles hold")
    .argument("[file...]", fileArgument)
    .option("--zod", "write schemas for zod 4, with their types")
    .option("--attributes", "write instances as their attributes, as brine's into fills classes")
    .option("--root <name>", "name of the whole value (default: Root)")
    .option("--no-literals", "no literal types: every str is a string")
    .option("-o, --output <file>", "where to write")
    .addHelpText("after", typesNotes);
  addReadOptions(command).action(async (files: string[], options: TypesOptions) => {
    if (files.length === 0 && process.stdin.isTTY) command.help({ error: true });
    const { types } = await import("./types.ts");
    process.exitCode = await types(files.length === 0 ? ["-"] : files, options);
  });
}

function addSplit(command: Command): void {
  addInputOptions(command)
    .description("write the pickles of a file into a file each: NAME-1.pkl, NAME-2.pkl …")
    .argument("[file]", "file of pickles; - is standard input, and so is none")
    .option("-d, --directory <folder>", "where to write (default: here)")
    .option("-n, --every <n>", "pickles for each file (default: 1)", wholeNumber)
    .option("--from <offset>", "begin at this byte of the file, decompressed", wholeNumber)
    .option("-f, --force", "write over files that are there")
    .action(async (path: string | undefined, options: SplitOptions) => {
      const { split } = await import("./split.ts");
      process.exitCode = await split(path ?? "-", options);
    });
}

function addJoin(command: Command): void {
  addInputOptions(command)
    .description("write the pickles of several files into one, one after the other")
    .argument("<file...>", "files of pickles; - is standard input")
    .option("--from <offset>", "begin at this byte of each file, decompressed", wholeNumber)
    .option("-o, --output <file>", "where to write")
    .action(async (files: string[], options: JoinOptions) => {
      const { join } = await import("./join.ts");
      process.exitCode = await join(files, options);
    });
}

/** The command line. What a command does is imported when it runs, so that `--help` and `--version` are quick. */
export function program(): Command {
  const root = new Command("brine")
    .description("Shows what is inside Python pickles. Nothing in them is run.")
    .version(version, "-V, --version")
    .helpOption("-h, --help", "display help")
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })
    .configureOutput({
      // Not by process.stdout, which fails by an event when `head` has gone away.
      writeOut: writeAll,
      outputError: (text, write) => write(text.replace(/^error: /, "brine: ")),
    })
    .showHelpAfterError("See brine --help.");
  root.hook("preAction", async (_, command) => {
    const files = command.args.length === 0 && !process.stdin.isTTY ? ["-"] : command.args;
    const options = command.opts<PrepareOptions>();
    // Those are read as they come.
    if (options.items === true) return;
    const { prepareInputs } = await import("./prepared-input.ts");
    await prepareInputs(files, options);
  });
  addCat(root);
  // Made by `command`, as a command takes over the settings of its parent only then.
  addCat(root.command("cat").description("print each pickle readably; what brine does without a command"));
  addJson(root.command("json"));
  addGet(root.command("get"));
  addDis(root.command("dis"));
  addStat(root.command("stat"));
  addOptimize(root.command("optimize"));
  addCompact(root.command("compact"));
  addAsm(root.command("asm"));
  addVerify(root.command("verify"));
  addDiff(root.command("diff"));
  addTypes(root.command("types"));
  addSplit(root.command("split"));
  addJoin(root.command("join"));
  return root.addHelpText("after", examples);
}
