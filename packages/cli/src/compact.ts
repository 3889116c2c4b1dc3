import { isatty } from "node:tty";
import { canonical, compact as compacted, genops, UnpicklingError } from "brine/tools";
import { toldAt } from "./dis.ts";
import { eachFile } from "./each-file.ts";
import { jsonText } from "./json-text.ts";
import { Output, OutputClosed } from "./output.ts";
import { grouped } from "./quantities.ts";
import { withOutput } from "./result-file.ts";
import { painter, wantsColor } from "./style.ts";
import { inputName } from "./input-name.ts";

/** The options of `brine compact`. */
export interface CompactOptions {
  readonly output?: string | undefined;
  readonly protocol?: number | undefined;
  readonly canonical?: boolean | undefined;
  /** Of the canonical form: whether one object in two places is another value than two equal ones. */
  readonly sharing?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly color?: boolean | undefined;
}

/** What became of one pickle. */
interface Result {
  readonly data: Uint8Array;
  readonly before: number;
  readonly protocol: number;
}

function canonicalResult(
  bytes: Uint8Array,
  start: number,
  protocol: number | undefined,
  sharing: boolean | undefined,
): Result & { end: number } {
  const data = canonical(bytes, { start, protocol: protocol as 4 | 5 | undefined, sharing });
  let end = start;
  for (const op of genops(bytes, { start })) ({ end } = op);
  return { data, before: end - start, protocol: protocol ?? 5, end };
}

/** Each pickle of the bytes; all of them have to be whole. */
function resultsOf(bytes: Uint8Array, options: CompactOptions): Result[] {
  const { protocol, sharing } = options;
  const results: Result[] = [];
  for (let start = 0; start < bytes.length || start === 0;) {
    const result =
      options.canonical === true
        ? canonicalResult(bytes, start, protocol, sharing)
        : compacted(bytes, { start, protocol });
    results.push(result);
    start = result.end;
  }
  return results;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function jsonReport(file: string, results: readonly Result[], output: string | undefined): string {
  const sizes = (before: number, after: number): object => ({ before, after, saved: before - after });
  const before = sum(results.map((result) => result.before));
  const after = sum(results.map((result) => result.data.length));
  return jsonText({
    file: inputName(file),
    output: output ?? null,
    ...sizes(before, after),
    pickles: results.map(({ data, before: size, protocol }) => ({ ...sizes(size, data.length), protocol })),
  });
}

/** How much was saved, in a line. */
function report(
  file: string,
  results: readonly Result[],
  { color, canonical: isCanonical }: CompactOptions,
): string {
  const paint = painter(wantsColor(color, isatty(1), process.env));
  const before = sum(results.map((result) => result.before));
  const after = sum(results.map((result) => result.data.length));
  const bytes = (count: number): string => paint("number", grouped(count));
  const percent = ((100 * Math.abs(before - after)) / before).toFixed(1);
  const change =
    before === after
      ? "nothing saved"
      : `${bytes(Math.abs(before - after))} ${before > after ? "saved" : "more"} (${percent} %)`;
  const protocols = [...new Set(results.map(({ protocol }) => protocol))].join(", ");
  const what = `${results.length === 1 ? "" : `${grouped(results.length)} pickles, `}protocol ${protocols}`;
  const name = paint("label", inputName(file));
  const form = isCanonical === true ? ", canonical" : "";
  return `${name}: ${bytes(before)} → ${bytes(after)} bytes, ${change}${paint("note", ` (${what}${form})`)}`;
}

/**
 * `brine compact`: the pickles of a file, smaller or in canonical form, and how much that saves. Without `-o`, a terminal is
 * told only that. Nothing is written if one is wrong. The exit status is returned.
 */
export function compact(file: string, options: CompactOptions): number {
  const { output, json: isJson = false } = options;
  let results: Result[] = [];
  const status = eachFile([file], new Output(), (bytes) => {
    try {
      results = resultsOf(bytes, options);
    } catch (error) {
      throw error instanceof UnpicklingError ? toldAt(error) : error;
    }
  });
  if (status !== 0) return status;
  const write = (to: Output): number => {
    for (const { data } of results) to.writeBytes(data);
    return 0;
  };
  const tell = (to: Output): number => {
    to.write(`${isJson ? jsonReport(file, results, output) : report(file, results, options)}\n`);
    to.flush();
    return 0;
  };
  try {
    if (output !== undefined) return withOutput(output, write) || withOutput(undefined, tell);
    return withOutput(undefined, isJson || isatty(1) ? tell : write);
  } catch (error) {
    if (error instanceof OutputClosed) return 0;
    throw error;
  }
}
