import { describe, expect, it } from "vitest";
import { loads, TypeRegistry, UnpicklingError } from "../../src/core.ts";
import { OpCursor } from "../../src/syntax/cursor.ts";
import * as op from "../../src/syntax/opcodes.ts";
import { allCodes, assemble, Random } from "../support/assemble.ts";
import { oracleOptions } from "../support/check-program.ts";
import { corruptions, loadOrRefuse } from "../support/corruptions.ts";
import { drawExact, drawPlain, TooLarge } from "../support/describe.ts";
import { byteByByte, feed, inPieces, sameFailure } from "../support/feed.ts";
import { randomProgram } from "../support/opcode-programs.ts";
import { hexOf, type Case } from "../support/oracle.ts";

/** Programs that together hold every opcode and load. */
function seeds(): Case[] {
  const chosen: Case[] = [];
  const missing = new Set(allCodes);
  for (let i = 0; missing.size > 0 || chosen.length < 20; i++) {
    const program = randomProgram(new Random(10_000 + i));
    if (program.bytes.length > 120) continue;
    try {
      loads(program.bytes, oracleOptions(program));
    } catch {
      continue;
    }
    const cursor = new OpCursor(program.bytes);
    let isNew = chosen.length < 20;
    while (cursor.next() && cursor.code !== op.STOP) isNew = missing.delete(cursor.code) || isNew;
    missing.delete(op.STOP);
    if (isNew) chosen.push(program);
  }
  return chosen;
}
const programs = seeds();

describe("bytes that were changed or cut off", () => {
  it("are loaded or refused with an UnpicklingError, nothing else", () => {
    let loaded = 0;
    let refused = 0;
    for (const program of programs) {
      for (const bytes of corruptions(program.bytes, [0, 0x2e, 0xff])) {
        for (const exact of [true, false]) {
          const given = { ...program, bytes };
          const outcome = loadOrRefuse(bytes, {
            ...oracleOptions(given),
            exact,
            limits: { allocation: 2 ** 26 },
          });
          if ("value" in outcome) loaded++;
          else if (outcome.error instanceof UnpicklingError) refused++;
          else throw new Error(`${hexOf(bytes)} threw ${String(outcome.error)}`);
        }
      }
    }
    expect(loaded).toBeGreaterThan(1000);
    expect(refused).toBeGreaterThan(1000);
  });

  it("are refused when cut off anywhere, and tell where", () => {
    for (const program of programs) {
      const whole = new OpCursor(program.bytes);
      while (whole.next() && whole.code !== op.STOP);
      for (let length = 0; length < whole.end; length++) {
        const { error } = loadOrRefuse(program.bytes.slice(0, length), oracleOptions(program));
        expect(error, `${hexOf(program.bytes)} at ${length}`).toBeInstanceOf(UnpicklingError);
        expect(["no-data", "truncated"]).toContain((error as UnpicklingError).code);
        expect((error as UnpicklingError).offset).toBeLessThanOrEqual(length);
      }
    }
  });
});

describe("a pickle that comes in pieces", () => {
  const draw = (value: unknown, exact: boolean): string =>
    JSON.stringify(exact ? drawExact(value) : drawPlain(value, false));

  /** What differs between the whole and the pieces. */
  function difference(program: Case, exact: boolean, ends: readonly number[]): string | undefined {
    const settings = { ...oracleOptions(program), exact, types: TypeRegistry.empty };
    const whole = loadOrRefuse(program.bytes, settings);
    const fed = feed(settings, program.bytes, ends);
    if ("error" in whole || "error" in fed) {
      return "error" in whole && "error" in fed && sameFailure(whole.error, fed.error)
        ? undefined
        : `${hexOf(program.bytes)}\nwhole ${String(whole.error)}\nfed   ${String(fed.error)}`;
    }
    try {
      const [wanted, drawn] = [draw(whole.value, exact), draw(fed.value, exact)];
      return wanted === drawn ? undefined : `${hexOf(program.bytes)}\nwhole ${wanted}\nfed   ${drawn}`;
    } catch (error) {
      if (error instanceof TooLarge) return undefined;
      throw error;
    }
  }

  it("byte by byte, in random pieces, or whole: the same value or the same error", () => {
    const random = new Random(7);
    for (let i = 0; i < 300; i++) {
      const program = randomProgram(new Random(50_000 + i));
      const { length } = program.bytes;
      for (const ends of [byteByByte(length), inPieces(random, length), [length]]) {
        expect(difference(program, random.chance(0.5), ends)).toBe(undefined);
      }
    }
  });

  it("the same when it is corrupt", () => {
    const random = new Random(8);
    for (const program of programs.slice(0, 8)) {
      for (const bytes of corruptions(program.bytes, [random.below(256)])) {
        expect(difference({ ...program, bytes }, random.chance(0.5), inPieces(random, bytes.length))).toBe(
          undefined,
        );
      }
    }
  });

  it("asks for what it needs", () => {
    const ends: number[] = [0, 1, 3, 8, 13, 14];
    const bytes = assemble("X\x05\x00\x00\x00hello", "K\x07\x86.");
    expect(feed({ types: TypeRegistry.empty }, bytes, ends)).toEqual({ value: ["hello", 7] });
  });
});
