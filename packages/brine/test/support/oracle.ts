import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { judgeInterpreter } from "./interpreters.ts";

/** A pickle to be judged. */
export interface Case {
  readonly bytes: Uint8Array;
  readonly encoding?: string | undefined;
  readonly errors?: string | undefined;
  readonly buffers?: readonly Uint8Array[] | undefined;
}

/** What CPython makes of it; a drawing is what oracle.py says. */
export type Verdict =
  | { readonly value: unknown }
  | { readonly error: readonly [type: string, words: string] }
  | { readonly skip: string };

export const hexOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");

/** CPython's C unpickler in a process of its own, for as many cases as come. */
export class Oracle {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: { resolve: (verdict: Verdict) => void; reject: (error: Error) => void }[] = [];
  #complaint = "";

  constructor(script: string = join(import.meta.dirname, "oracle.py")) {
    this.#child = spawn(judgeInterpreter().path, [script]);
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      this.#waiting.shift()?.resolve(JSON.parse(line) as Verdict);
    });
    this.#child.stderr.on("data", (chunk: Buffer) => (this.#complaint += chunk.toString()));
    this.#child.stdin.on("error", () => undefined);
    this.#child.on("close", (code) => {
      const error = new Error(`the oracle ended with ${code}: ${this.#complaint}`);
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    });
  }

  /** The verdicts, in the order of the cases. */
  judge(cases: readonly Case[]): Promise<Verdict[]> {
    const verdicts = cases.map(
      () => new Promise<Verdict>((resolve, reject) => this.#waiting.push({ resolve, reject })),
    );
    const lines = cases.map(({ bytes, encoding, errors, buffers }) =>
      JSON.stringify({ hex: hexOf(bytes), encoding, errors, buffers: buffers?.map(hexOf) }),
    );
    if (lines.length > 0) this.#child.stdin.write(lines.join("\n") + "\n");
    return Promise.all(verdicts);
  }

  close(): void {
    this.#child.stdin.end();
  }
}
