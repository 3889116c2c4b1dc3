import { expect, test } from "vitest";
import { UnpicklingError } from "../../src/errors.ts";
import { FRAME } from "../../src/syntax/opcodes.ts";
import { canonical } from "../../src/tools/canonical.ts";
import { compact } from "../../src/tools/compact.ts";
import { genops } from "../../src/tools/genops.ts";
import type { PickleOp } from "../../src/tools/pickle-op.ts";
import { reassemble } from "../../src/tools/reassemble.ts";
import { Random } from "../support/assemble.ts";
import { randomProgram } from "../support/opcode-programs.ts";
import { compared, type Pair } from "../support/same-values.ts";
import { hexOf } from "../support/oracle.ts";

/** Without frames: random ones end inside opcodes, which CPython reads in ways of its own. */
function unframed<T extends { readonly bytes: Uint8Array }>(given: T): T {
  const ops: PickleOp[] = [];
  try {
    for (const op of genops(given.bytes)) if (op.opcode.code !== FRAME) ops.push(op);
  } catch {
    return given;
  }
  return { ...given, bytes: reassemble(ops) };
}

test.each([undefined, 2, 3, 4, 5])(
  "random programs load to the same, raised to %s",
  (protocol) => {
    const random = new Random(Number(process.env["SEED"] ?? 1) * 10 + (protocol ?? 0));
    const pairs: Pair[] = [];
    let refused = 0;
    for (let left = Number(process.env["COUNT"] ?? 1500); left > 0; left--) {
      const given = unframed(randomProgram(random));
      try {
        const { data, before, after } = compact(given.bytes, { protocol });
        expect(data.length).toBe(after);
        expect(after).toBeLessThanOrEqual(before);
        pairs.push({ ...given, a: given.bytes, b: data });
      } catch (error) {
        if (!(error instanceof UnpicklingError)) throw error;
        pairs.push({ ...given, a: given.bytes, b: Uint8Array.of() });
        refused++;
      }
    }
    let same = 0;
    compared(pairs).forEach((likeness, at) => {
      if ("skip" in likeness) return;
      const { a, b } = pairs[at] as Pair;
      expect(likeness.why, `${hexOf(a)} ${hexOf(b)}`).toBeNull();
      same++;
    });
    expect(same).toBeGreaterThan(pairs.length * 0.3);
    expect(refused).toBeLessThan(pairs.length * 0.6);
  },
  60_000,
);

test("random programs have a canonical form, or are refused", () => {
  const random = new Random(Number(process.env["SEED"] ?? 1));
  const pairs: Pair[] = [];
  const count = Number(process.env["COUNT"] ?? 3000);
  for (let left = count; left > 0; left--) {
    // As bytes, the 8-bit strings of Python 2 are other keys than they are as text.
    const given = unframed({ ...randomProgram(random), encoding: "latin1" });
    let form: Uint8Array;
    let shared: Uint8Array;
    try {
      form = canonical(given.bytes);
      shared = canonical(given.bytes, { sharing: true });
    } catch (error) {
      if (!(error instanceof UnpicklingError)) throw error;
      continue;
    }
    expect(hexOf(canonical(form)), hexOf(given.bytes)).toBe(hexOf(form));
    expect(hexOf(canonical(compact(given.bytes).data)), hexOf(given.bytes)).toBe(hexOf(form));
    pairs.push({ ...given, a: given.bytes, b: form, canonical: true, sharing: false });
    pairs.push({ ...given, a: given.bytes, b: shared, canonical: true });
  }
  let same = 0;
  compared(pairs).forEach((likeness, at) => {
    if ("skip" in likeness) return;
    const { a, b } = pairs[at] as Pair;
    expect(likeness.why, `${hexOf(a)} ${hexOf(b)}`).toBeNull();
    same++;
  });
  expect(same).toBeGreaterThan(count * 0.2);
}, 60_000);
