import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import { isatty } from "node:tty";
import { type Stat, stat as statOf } from "brine/tools";
import { eachFile } from "./each-file.ts";
import { InputError } from "./input.ts";
import { jsonText } from "./json-text.ts";
import { Output } from "./output.ts";
import { BadPickle, isEnd } from "./pickles.ts";
import { roundSize } from "./quantities.ts";
import { report, type StatView } from "./stat-report.ts";
import { painter, wantsColor } from "./style.ts";
import { inputName } from "./input-name.ts";

/** The options of `brine stat`. */
export interface StatOptions {
  readonly by?: StatView | undefined;
  readonly top?: number | undefined;
  readonly json?: boolean | undefined;
  readonly svg?: string | undefined;
  readonly html?: string | undefined;
  readonly width?: number | undefined;
  readonly color?: boolean | undefined;
}

/** Rows of each table, where there are several, and where there is one. */
const FEW = 10;
const MANY = 30;
const DEFAULT_WIDTH = 100;
/** Tiles beyond are too small to be told apart. */
const TILES = 600;

/** `stat` as JSON: bytes as base64, an error as its code, words and offset. */
function jsonOf(file: string, { error, ...rest }: Stat): string {
  const told =
    error === undefined ? null : { code: error.code, words: error.words, offset: error.offset ?? null };
  return jsonText({ file: inputName(file), ...rest, error: told });
}

async function drawings({ svg, html }: StatOptions): Promise<((of: Stat, file: string) => void)[]> {
  const found: ((of: Stat, file: string) => void)[] = [];
  const add = (path: string | undefined, draw: (tree: Stat["tree"], title: string) => string): void => {
    if (path === undefined) return;
    found.push(({ bytes, tree }, file) => {
      const title = `${basename(inputName(file))}, ${roundSize(bytes)}`;
      try {
        writeFileSync(path, draw(tree, title));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === undefined) throw error;
        throw new InputError(`${path} cannot be written: ${code}`);
      }
    });
  };
  if (svg !== undefined) add(svg, (await import("./treemap-svg.ts")).treemapSvg);
  if (html !== undefined) add(html, (await import("./treemap-html.ts")).treemapHtml);
  return found;
}

/** `brine stat`: what takes the space in each file. The exit status is returned. */
export async function stat(files: readonly string[], options: StatOptions): Promise<number> {
  const { by, json = false } = options;
  const isTerminal = isatty(1);
  const output = new Output();
  const draw = await drawings(options);
  if (draw.length > 0 && files.length > 1) {
    console.error("brine: a treemap is of one file: name one, or leave --svg and --html out");
    return 2;
  }
  const settings = {
    by,
    top: options.top ?? (by === undefined ? FEW : MANY),
    // Of a pipe, process.stdout is left alone, for it would become non-blocking.
    width: options.width ?? ((isTerminal && process.stdout.columns) || DEFAULT_WIDTH),
    paint: painter(wantsColor(options.color, isTerminal, process.env)),
  };
  let isFirst = true;
  return eachFile(files, output, (bytes, file) => {
    const result = statOf(bytes, draw.length > 0 ? { maxPaths: TILES } : {});
    const { error, pickles, end } = result;
    // A line end behind the last pickle is none of one.
    const isBroken = error !== undefined && !(pickles > 0 && isEnd(bytes, end));
    const cannot = isBroken ? new BadPickle(pickles + 1, end, error) : undefined;
    // What is not even the beginning of a pickle has nothing to be told.
    const isWhole = pickles > 0 || error?.code === "truncated" || error?.code === "no-data";
    if (cannot !== undefined && (!isWhole || result.unread === bytes.length)) throw cannot;
    for (const one of draw) one(result, file);
    if (json) output.write(`${jsonOf(file, result)}\n`);
    else if (draw.length === 0 || by !== undefined) {
      const heading = files.length > 1 ? [settings.paint("note", `# ${inputName(file)}`)] : [];
      output.write(`${isFirst ? "" : "\n"}${[...heading, ...report(result, settings)].join("\n")}\n`);
      isFirst = false;
    }
    if (cannot !== undefined) throw cannot;
  });
}
