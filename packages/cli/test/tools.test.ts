import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { dumps, loadsAll, PyGlobal } from "brine";
import { disRows } from "brine/tools";
import { expect, test } from "vitest";
import { bin, brine, examples, file, folder } from "./command.ts";

const pyenv = join(homedir(), ".pyenv/versions/3.13.0/bin/python");
const python = process.env["PYTHON"] ?? (existsSync(pyenv) ? pyenv : "python3.13");

const first = file("first.pkl", dumps(["a", new Map([[1, ["b"]]])], { protocol: 4 }));
const second = file("second.pkl", dumps({ c: 2 }, { protocol: 0 }));
const broken = file("broken.pkl", "(NtR.");

function pickletools(args: readonly string[]): string {
  return spawnSync(python, ["-m", "pickletools", ...args], { encoding: "utf8", cwd: folder }).stdout;
}

test.each([
  [[first]],
  [[first, second]],
  [["-l", "2", first]],
  [["-p", "{{}} {name}:", second, first]],
  [["-m", join(examples, "log.pkl"), first]],
  [[broken]],
])("dis %j prints what python -m pickletools does", (args) => {
  expect(brine(["dis", ...args]).stdout).toBe(pickletools(args));
});

test("dis annotates, writes to a file, reads standard input, says what is wrong", () => {
  expect(brine(["dis", "-a", second]).stdout).toContain("    0: (    MARK                      Sets a mark,");
  const output = join(folder, "dis.txt");
  expect(brine(["dis", "-o", output, first])).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(readFileSync(output, "utf8")).toBe(pickletools([first]));
  expect(brine(["dis"], { input: readFileSync(first) }).stdout).toBe(pickletools([first]));
  expect(brine(["dis", broken, second])).toMatchObject({
    status: 1,
    stderr: `brine: ${broken}: at byte 3: tries to pop 2 items from stack with only 1 items\n`,
  });
  expect(brine(["dis", "-o", join(folder, "no/where"), first]).stderr).toContain("cannot be written: ENOENT");
});

test("optimize makes each pickle of a file smaller", () => {
  const log = join(examples, "log.pkl");
  const output = join(folder, "small.pkl");
  expect(brine(["optimize", log, "-o", output])).toEqual({ status: 0, stdout: "", stderr: "" });
  const small = readFileSync(output);
  expect(small.length).toBeLessThan(readFileSync(log).length);
  expect([...loadsAll(small)]).toEqual([...loadsAll(readFileSync(log))]);
  expect(brine(["optimize", file("half.pkl", "N.K")])).toMatchObject({
    status: 1,
    stdout: "",
    stderr: expect.stringContaining("at byte 2: not enough data in stream to read uint1") as string,
  });
});

test("asm makes a pickle of what dis printed, and of what was changed in it", () => {
  const output = join(folder, "made.pkl");
  const { stdout: text } = brine(["dis", first]);
  expect(brine(["asm", "-o", output], { input: text })).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(readFileSync(output)).toEqual(readFileSync(first));
  brine(["asm", "-o", output], { input: text.replace("'a'", "'changed'") });
  expect([...loadsAll(readFileSync(output))]).toEqual([["changed", new Map([[1, ["b"]]])]]);
  const kept = brine(["asm", "--keep-frames", "-o", output], { input: text.replace("'a'", "'changed'") });
  expect(kept.status).toBe(0);
  expect(readFileSync(output)[3]).toBe(readFileSync(first)[3]);
  expect(brine(["asm"], { input: "NONE\nNOPE" })).toMatchObject({
    status: 1,
    stderr: 'brine: standard input: line 2: no opcode in "NOPE"\n',
  });
});

test("compact writes equal values in fewer bytes, and says how much that saves", () => {
  const rows = Array.from({ length: 40 }, (_, id) => ({
    id,
    state: id % 2 === 0 ? "open" : "closed",
    price: 0.5,
  }));
  const path = file("rows.pkl", Buffer.concat([dumps(rows, { protocol: 2 }), dumps(rows, { protocol: 2 })]));
  const output = join(folder, "compact.pkl");
  const { status, stdout, stderr } = brine(["compact", path, "-o", output]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const small = readFileSync(output);
  const before = readFileSync(path).length;
  const number = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ",");
  const percent = ((100 * (before - small.length)) / before).toFixed(1);
  expect(stdout).toBe(
    `${path}: ${number(before)} → ${number(small.length)} bytes, ${number(before - small.length)} saved (${percent} %)` +
      " (2 pickles, protocol 2)\n",
  );
  expect([...loadsAll(small)]).toEqual([rows, rows]);
  expect(brine(["compact", "--color", path, "-o", output]).stdout).toContain("\u001b[33m");
  const piped = spawnSync(process.execPath, [bin, "compact", path]).stdout;
  expect(piped).toEqual(small);
});

test("compact reports as JSON, and raises the protocol", () => {
  const path = file("old.pkl", dumps(["a".repeat(9), "b".repeat(9), new Set(["c"])], { protocol: 2 }));
  const before = readFileSync(path).length;
  const output = join(folder, "raised.pkl");
  const { stdout } = brine(["compact", "--json", "--protocol", "4", path, "-o", output]);
  const after = readFileSync(output).length;
  const sizes = { before, after, saved: before - after };
  expect(JSON.parse(stdout)).toEqual({ file: path, output, ...sizes, pickles: [{ ...sizes, protocol: 4 }] });
  expect(JSON.parse(brine(["compact", "--json"], { input: readFileSync(path) }).stdout)).toMatchObject({
    file: "standard input",
    output: null,
    before,
  });
  expect(brine(["compact", "--protocol", "6", path])).toMatchObject({ status: 2, stdout: "" });
});

test("compact --canonical gives equal values one form", () => {
  const one = file(
    "one.pkl",
    dumps(
      new Map([
        ["b", 1],
        ["a", 2],
      ]),
      { protocol: 0 },
    ),
  );
  const two = file(
    "two.pkl",
    dumps(
      new Map([
        ["a", 2],
        ["b", 1],
      ]),
    ),
  );
  const form = (path: string): string => brine(["compact", "--canonical", path]).stdout;
  expect(form(one)).toBe(form(two));
  expect(form(one)).not.toBe("");
  const output = join(folder, "canonical.pkl");
  expect(brine(["compact", "--canonical", one, "-o", output]).stdout).toContain("protocol 5, canonical)");
  expect(brine(["compact", "--canonical", "--protocol", "2", one])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("the canonical form is of protocol 4 or 5, not 2") as string,
  });
});

test("compact writes nothing if a pickle is wrong", () => {
  const output = join(folder, "none.pkl");
  expect(brine(["compact", file("half.pkl", "N.K"), "-o", output])).toMatchObject({
    status: 1,
    stdout: "",
    stderr: expect.stringContaining("at byte 2: not enough data in stream to read uint1") as string,
  });
  expect(existsSync(output)).toBe(false);
});

test("dis gives rows as JSON, and colours that leave the text as it is", () => {
  const rows = brine(["dis", "--json", first]).stdout.trimEnd().split("\n");
  const expected = Array.from(disRows(readFileSync(first)), ({ opcode, position, operandText }) => [
    opcode.name,
    position,
    operandText,
  ]);
  const told = rows.map(
    (row) => JSON.parse(row) as { opcode: string; position: number; operandText: string },
  );
  expect(told.map(({ opcode, position, operandText }) => [opcode, position, operandText])).toEqual(expected);
  const odd = file(
    "odd.pkl",
    "(NI5\nC\x02\xff\x00L123456789012345678901234567890L\nGx\xff\xff\xff\xff\xff\xff\xfft.",
  );
  const operands = brine(["dis", "--json", odd]).stdout.trimEnd().split("\n");
  expect(operands.map((row) => (JSON.parse(row) as { operand: unknown }).operand)).toContainEqual({
    $int: "123456789012345678901234567890",
  });
  for (const path of [first, second, odd, broken]) {
    const { stdout } = brine(["dis", "--color", path]);
    expect(stdout).toContain("\u001b[");
    expect(stripVTControlCharacters(stdout)).toBe(brine(["dis", path]).stdout);
    const annotated = brine(["dis", "--color", "-a", "-m", path, path]).stdout;
    expect(annotated).toContain("\u001b[2m");
    expect(stripVTControlCharacters(annotated)).toBe(brine(["dis", "-a", "-m", path, path]).stdout);
  }
});

test("optimize tells the sizes as JSON", () => {
  const log = join(examples, "log.pkl");
  const output = join(folder, "told.pkl");
  const { stdout } = brine(["optimize", "--json", "-o", output, log]);
  const before = readFileSync(log).length;
  const after = readFileSync(output).length;
  expect(JSON.parse(stdout)).toEqual({ file: log, pickles: 3, before, after, saved: before - after });
  expect(brine(["optimize", "--json", log]).stdout).toBe(stdout);
});

test("asm tells the size as JSON, and refuses a text without opcodes", () => {
  const input = brine(["dis", first]).stdout;
  const output = join(folder, "sized.pkl");
  const size = readFileSync(first).length;
  expect(JSON.parse(brine(["asm", "--json", "-o", output], { input }).stdout)).toEqual({
    file: "standard input",
    output,
    bytes: size,
  });
  expect(readFileSync(output)).toEqual(readFileSync(first));
  expect(JSON.parse(brine(["asm", "--json"], { input }).stdout)).toMatchObject({ output: null, bytes: size });
  expect(brine(["asm", first])).toMatchObject({
    status: 1,
    stderr: `brine: ${first}: it is a pickle: asm takes the text that brine dis prints of one\n`,
  });
  expect(brine(["asm"], { input: "# nothing\n" })).toEqual({
    status: 1,
    stdout: "",
    stderr: "brine: standard input: there is no opcode in it\n",
  });
});

test("help may be cut off", () => {
  const { stdout, stderr } = spawnSync("sh", ["-c", `"${process.execPath}" "${bin}" --help | head -n 1`], {
    encoding: "utf8",
  });
  expect(stdout).toContain("Usage: brine");
  expect(stderr).toBe("");
});

test("compact --canonical --sharing tells one object from two equal ones", () => {
  const shared: unknown[] = [];
  const one = file("one-object.pkl", dumps([shared, shared]));
  const two = file("two-objects.pkl", dumps([[], []]));
  const form = (...args: string[]): string => brine(["compact", "--canonical", ...args]).stdout;
  expect(form(one)).toBe(form(two));
  expect(form("--sharing", one)).not.toBe(form("--sharing", two));
});

test("no control character of a pickle reaches the terminal, as JSON neither", () => {
  const text = "\u001b[31m\u0007\u009b2J\u007f";
  const path = file("controls.pkl", dumps([{ [text]: text }, new PyGlobal(text, text)]));
  const other = file("other-controls.pkl", dumps([{ [text]: `${text}x` }, null]));
  const ways = ["dis", "dis -a", "stat", "verify", "types", "cat"].map((way) => [...way.split(" "), path]);
  const asJson = ["dis", "stat", "verify", "compact", "optimize"].map((name) => [name, "--json", path]);
  for (const args of [...ways, ...asJson, ["diff", path, other], ["diff", "--json", path, other]]) {
    const { stdout, stderr } = brine(args);
    expect(stdout, args.join(" ")).not.toBe("");
    expect(`${stdout}${stderr}`.replaceAll("\n", ""), args.join(" ")).not.toMatch(/\p{Cc}/u);
  }
  const [row] = brine(["diff", "--json", path, other]).stdout.split("\n");
  expect(JSON.parse(row ?? "")).toMatchObject({ equal: false });
});
