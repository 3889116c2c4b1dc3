import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { judgeInterpreter } from "../../brine/test/support/interpreters.ts";
import { brine, file } from "./command.ts";

// Values of the types that have a literal, of every size and kind.
const write = `
import pickle, random, sys
random.seed(20260314)
alphabet = ["a", "é", "中", "🥒", "'", '"', "\\\\", "\\n", "\\t", "\\0", "\\x7f", "\\x85", "\\u2028", "\\ud800", "\\U000e0001", " "]
def atom():
    kind = random.randrange(8)
    if kind == 0: return random.choice([None, True, False])
    if kind == 1: return random.randint(-10**random.randrange(1, 40), 10**random.randrange(1, 40))
    if kind == 2: return random.choice([0.0, -0.0, 1e16, 1e15, 123456789012345678.0, 1e-4, 1e-5, 5e-324, 1.7976931348623157e308])
    if kind == 3: return random.uniform(-1, 1) * 10.0 ** random.randrange(-320, 308)
    if kind == 4: return bytes(random.choices(range(256), k=random.randrange(30)))
    return "".join(random.choices(alphabet, k=random.randrange(12)))
def key(depth):
    return tuple(key(depth - 1) for _ in range(random.randrange(3))) if depth and random.random() < 0.2 else atom()
def value(depth):
    kind = random.randrange(7) if depth else 6
    count = random.choice([0, 1, 2, 3, 5, 30])
    if kind in (0, 1): return [value(depth - 1) for _ in range(count)]
    if kind == 2: return tuple(value(depth - 1) for _ in range(count))
    if kind in (3, 4): return {key(2): value(depth - 1) for _ in range(count)}
    if kind == 5: return {key(2) for _ in range(count)} or {1}
    return atom()
with open(sys.argv[1], "wb") as file:
    for number in range(300):
        pickle.dump(value(4), file, protocol=random.choice([2, 3, 4, 5]))
`;

const compare = `
import ast, pickle, sys
with open(sys.argv[1], "rb") as file: data = file.read()
texts = sys.stdin.buffer.read().decode().split("\\n\\n")
import io
stream = io.BytesIO(data)
same = 0
for text in texts:
    heading, text = text.split("\\n", 1)
    expected = pickle.load(stream)
    got = ast.literal_eval(text)
    if repr(got) == repr(expected) or (got == expected and isinstance(got, set)): same += 1
    else: print(heading, repr(expected), text, sep="\\n")
print(same, "of", len(texts))
`;

test("Python reads what is shown of literals as the values that were pickled", () => {
  const { path: python } = judgeInterpreter();
  const path = file("literals.pkl", "");
  expect(spawnSync(python, ["-c", write, path], { encoding: "utf8" }).stderr).toBe("");
  for (const width of ["20", "100"]) {
    const { status, stdout, stderr } = brine(["--full", "--width", width, path]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    // Sharing is not Python's to read; strings that begin with a sign are none of it.
    const text = stdout.trimEnd();
    const { stdout: verdict, stderr: trouble } = spawnSync(python, ["-c", compare, path], {
      input: text,
      encoding: "utf8",
    });
    expect(trouble).toBe("");
    expect(verdict).toBe("300 of 300\n");
  }
});
