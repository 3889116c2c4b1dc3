import { isatty } from "node:tty";
import { type Finding, type Reader, type Severity, verify as verified, type Verification } from "brine/tools";
import { eachFile } from "./each-file.ts";
import { jsonText } from "./json-text.ts";
import { looksLike } from "./looks-like.ts";
import { Output } from "./output.ts";
import { type Paint, painter, type Style, wantsColor } from "./style.ts";
import { inputName } from "./input-name.ts";

/** The options of `brine verify`. */
export interface VerifyCommandOptions {
  readonly encoding?: string | undefined;
  readonly errors?: string | undefined;
  readonly given?: boolean | undefined;
  readonly sharedMemo?: boolean | undefined;
  readonly strict?: boolean | undefined;
  readonly explain?: boolean | undefined;
  readonly limit?: number | undefined;
  readonly json?: boolean | undefined;
  readonly color?: boolean | undefined;
}

const styles: Readonly<Record<Severity, Style>> = { error: "label", warning: "number", note: "note" };

const readerNames: Readonly<Record<Reader, string>> = {
  c: "pickle.loads",
  python: "pickle._loads",
  pickletools: "pickletools.dis",
};

function readersText(readers: readonly Reader[]): string {
  if (readers.length === 3) return "every reader";
  return readers.map((reader) => readerNames[reader]).join(" and ");
}

/** A text that happens to begin with an opcode fails within so many bytes. */
const EARLY = 64;

/** A file of joblib names its module within so many bytes. */
const JOBLIB_NAME_WITHIN = 1 << 16;

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;

function summary({ findings, errors, warnings, notes, omitted, pickles, refusedBy }: Verification): string {
  const parts = [
    ...(errors > 0 ? [counted(errors, "error")] : []),
    ...(warnings > 0 ? [counted(warnings, "warning")] : []),
    ...(notes > 0 ? [counted(notes, "note")] : []),
  ];
  const of = pickles === 1 ? "" : ` in ${counted(pickles, "pickle")}`;
  if (findings.length === 0) return `nothing found${of}`;
  const more = omitted > 0 ? `, ${omitted} more not shown` : "";
  const refused = refusedBy.length > 0 ? `; refused by ${readersText(refusedBy)}` : "";
  return parts.join(", ") + of + more + refused;
}

/** What a terminal would obey is in no message but for names of a pickle, which are escaped there; this is for those. */
const printable = (text: string): string =>
  text.replace(/\p{C}/gu, (c) => `\\x${(c.codePointAt(0) as number).toString(16).padStart(2, "0")}`);

function* table(findings: readonly Finding[], paint: Paint): Generator<string> {
  const widths = [0, 0, 0];
  const rows = findings.map((finding) => {
    const { offset, opcode = "", code } = finding;
    const cells = [String(offset), opcode, code];
    cells.forEach((cell, at) => (widths[at] = Math.max(widths[at] as number, cell.length)));
    return { finding, cells };
  });
  const [forOffset, forOpcode, forCode] = widths as [number, number, number];
  for (const { finding, cells } of rows) {
    const [offset, opcode, code] = cells as [string, string, string];
    const { severity, message, refusedBy, isConsequence } = finding;
    const refused = refusedBy.length > 0 ? paint("note", ` [${readersText(refusedBy)}]`) : "";
    const follows = isConsequence ? paint("note", " (may follow from an error before)") : "";
    yield `  ${offset.padStart(forOffset)}  ${paint("name", opcode.padEnd(forOpcode))}  ${paint(styles[severity], severity.padEnd(7))}  ${code.padEnd(forCode)}  ${printable(message)}${refused}${follows}\n`;
  }
}

/** What the codes among the findings mean, once each. */
function* explained(findings: readonly Finding[], paint: Paint): Generator<string> {
  const texts = new Map(findings.map(({ code, explanation }) => [code, explanation]));
  for (const [code, text] of texts) yield `\n  ${paint("attribute", code)}: ${text}\n`;
}

/** What the file is if it is no pickle, and what to do then. */
function hintFor({ findings, end }: Verification, bytes: Uint8Array, file: string): string | undefined {
  const first = findings.find(({ severity }) => severity === "error");
  if (end !== undefined || first === undefined) return undefined;
  const guess = looksLike(bytes, first.offset < EARLY);
  if (guess === undefined) {
    const isJoblib = Buffer.from(bytes.subarray(0, JOBLIB_NAME_WITHIN)).includes("joblib.numpy_pickle");
    return isJoblib ? "This is a joblib file: the bytes of its arrays stand between the opcodes" : undefined;
  }
  const command = /^[\w./+@%-]+$/.test(file) ? guess.command?.replace("FILE", file) : guess.command;
  const advice = command === undefined ? "" : `: try ${command} | brine verify`;
  return `It looks like ${guess.what}${advice}`;
}

/** `brine verify`: what is irregular in each file. The exit status is returned. */
export function verify(files: readonly string[], options: VerifyCommandOptions): number {
  const output = new Output();
  const paint = painter(wantsColor(options.color, isatty(1), process.env));
  const given = options.given === true;
  const bad: string[] = [];
  let isFirst = true;
  const status = eachFile(files, output, (bytes, file) => {
    const result = verified(bytes, {
      encoding: options.encoding,
      errors: options.errors,
      sharedMemo: options.sharedMemo,
      limit: options.limit,
      persistentIds: given,
      buffers: given,
      extensions: given,
    });
    if (result.errors > 0 || (options.strict === true && result.warnings > 0)) bad.push(file);
    const name = inputName(file);
    if (options.json === true) {
      output.write(`${jsonText({ file: name, ...result })}\n`);
      return;
    }
    if (!isFirst) output.write("\n");
    isFirst = false;
    output.write(`${paint("attribute", printable(name))}: ${summary(result)}\n`);
    for (const line of table(result.findings, paint)) output.write(line);
    const hint = hintFor(result, bytes, file);
    if (hint !== undefined) output.write(`  ${paint("note", hint)}\n`);
    if (options.explain === true) for (const line of explained(result.findings, paint)) output.write(line);
  });
  return bad.length > 0 ? 1 : status;
}
