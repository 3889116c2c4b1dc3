import { expect, test } from "vitest";
import { readNumber } from "../../../src/tools/verify/numbers.ts";
import { C, PICKLETOOLS, PYTHON } from "../../../src/tools/verify/findings.ts";
import { INT, LONG, FLOAT } from "../../../src/syntax/opcodes.ts";
import { askCPython, latin1 } from "../../bytes/cpython.ts";

const judge = `
import pickle, pickletools, struct
def show(v):
    if isinstance(v, bool): return str(v)
    if isinstance(v, int): return "int %x" % v
    return "float " + ("nan" if v != v else struct.pack(">d", v).hex())
def outcome(work):
    try: return show(work())
    except Exception: return None
def tools(data):
    return next(pickletools.genops(data))[1]
answer([[outcome(lambda: read(bytes.fromhex(hex))) for read in (pickle.loads, pickle._loads, tools)] for hex in cases])
`;

function show(value: number | bigint | boolean, isFloat: boolean): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (!isFloat) return `int ${value.toString(16)}`;
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(Number(value));
  return `float ${Number.isNaN(value) ? "nan" : bytes.toString("hex")}`;
}

const pieces = [
  "",
  "0",
  "1",
  "7",
  "9",
  "00",
  "01",
  "10",
  "0x1",
  "0b1",
  "0o7",
  "_",
  "-",
  "+",
  " ",
  "L",
  ".",
  "e5",
  "inf",
  "nan",
  "\0",
  "\xe9",
  "9".repeat(20),
];
const lines = pieces.flatMap((one) =>
  pieces.flatMap((two) => pieces.slice(0, 17).map((three) => one + two + three)),
);

test.each([
  ["I", INT],
  ["L", LONG],
  ["F", FLOAT],
] as const)("what each reader makes of %s, over many lines", (opcode, code) => {
  const all = [...new Set(lines)];
  const judged = askCPython<(string | null)[][]>(
    judge,
    all.map((line) => Buffer.from(latin1(`${opcode}${line}\n.`)).toString("hex")),
  );
  const wrong = all.flatMap((line, i) => {
    const bytes = latin1(line);
    const { value, refusedBy, disagreement } = readNumber(code, bytes, 0, bytes.length);
    const ours = [C, PYTHON, PICKLETOOLS].map((reader) => {
      if ((refusedBy & reader) !== 0) return null;
      const own = disagreement?.find(([other]) => other === reader)?.[1] ?? value;
      // Zeros of ints have no sign.
      return show(code !== FLOAT && own === 0 ? 0 : own, code === FLOAT);
    });
    return JSON.stringify(ours) === JSON.stringify(judged[i]) ? [] : [[line, ours, judged[i]]];
  });
  expect(wrong.slice(0, 5)).toEqual([]);
  expect(judged.filter((outcomes) => new Set(outcomes).size > 1).length).toBeGreaterThan(50);
});
