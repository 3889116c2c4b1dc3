import * as op from "../../src/syntax/opcodes.ts";
import { allCodes, assemble, type Random, uint, utf8 } from "./assemble.ts";
import type { Case } from "./oracle.ts";

// What the generator knows of a value on the machine's stack.
interface Sketch {
  readonly type:
    | "none"
    | "bool"
    | "int"
    | "float"
    | "nan"
    | "str"
    | "bytes"
    | "bytearray"
    | "buffer"
    | "list"
    | "dict"
    | "set"
    | "tuple"
    | "frozenset"
    | "global"
    | "object"
    | "pers";
  readonly hashable: boolean;
  readonly items?: readonly Sketch[];
}

type Operand = Uint8Array | string;

const sketch = (type: Sketch["type"], hashable = true): Sketch => ({ type, hashable });
const containers = { list: sketch("list", false), dict: sketch("dict", false), set: sketch("set", false) };

const ints = [
  0n,
  1n,
  2n,
  3n,
  -1n,
  255n,
  256n,
  65535n,
  65536n,
  -129n,
  2n ** 31n - 1n,
  -(2n ** 31n),
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 53n + 1n,
  -(2n ** 53n),
  2n ** 60n,
  2n ** 63n,
  2n ** 64n,
  -(2n ** 70n),
];
const floats = [0, -0, 1, 2, -1, 0.5, 255, 2 ** 53, 2 ** 60, 2 ** 64, 1e300, Infinity, -Infinity];
const texts = [
  "",
  "a",
  "b",
  "ab",
  "0",
  "1",
  "10",
  "__proto__",
  "constructor",
  "toString",
  "__class__",
  "é",
  "\u20ac",
  "\u{1f600}",
  "k".repeat(20),
  "x".repeat(300),
];
const modules = ["m", "m.n", "builtins", "__proto__", "copyreg"];
const names = ["f", "C", "getattr", "__proto__", "constructor", "é", "A.B"];
const intLines = [
  "0",
  "1",
  "7",
  "-7",
  "+3",
  "00",
  "01",
  " 5",
  "5 ",
  "010",
  "0x1f",
  "0b11",
  "0o17",
  "1_0",
  "65536",
  "9007199254740993",
  "-9223372036854775809",
  "123456789012345678901234567890",
];
const badLines = ["", "x", "1.5", "0x", "1__0", "0 1", "\0", "1\0", "é", "08", "L", "--1"];
const longLines = ["0L", "1L", "-5L", "12", "0xffL", "9007199254740993L", "-36893488147419103232L", "007L"];
const floatLines = ["0.0", "-0.0", "1.5", "1", "1e3", ".5", "5.", "inf", "-inf", "1e-400", "+2.25"];
const unicodeLines = [
  "",
  "a",
  "\\u0041",
  "\\u00e9",
  "\\U0001f600",
  "\xe9",
  "a\\\\u0041",
  "\\n",
  "__proto__",
  "10",
];
const badUnicodeLines = ["\\u12", "\\U00110000", "\\uzzzz"];
const stringLines = [
  "''",
  "'a'",
  '"b"',
  "'\\x41'",
  "'\\n\\t\\\\'",
  "'\\101'",
  "'__proto__'",
  "'1'",
  "'it\\'s'",
];
const badStringLines = ["", "'", "a", "'a", "'a\"", "'\\x4'", "'\\", "'a' "];

/** Stack and memo as the machine will have them, if all goes well. */
class Writer {
  readonly random: Random;
  /** One element an opcode. */
  readonly ops: Uint8Array[] = [];
  stack: Sketch[] = [];
  marks: number[] = [];
  memo = new Map<number, Sketch>();
  buffers: Uint8Array[] = [];

  constructor(random: Random) {
    this.random = random;
  }

  get fence(): number {
    return this.marks.at(-1) ?? 0;
  }

  /** Values above the topmost mark. */
  get height(): number {
    return this.stack.length - this.fence;
  }

  get top(): Sketch | undefined {
    return this.height > 0 ? this.stack.at(-1) : undefined;
  }

  emit(code: number, ...operand: (number | Operand)[]): void {
    this.ops.push(assemble(code, ...operand));
  }

  push(value: Sketch, code: number, ...operand: (number | Operand)[]): void {
    this.emit(code, ...operand);
    this.stack.push(value);
  }

  /** Replaces the topmost `count` values. */
  replace(count: number, value: Sketch): void {
    this.stack.length -= count;
    this.stack.push(value);
  }

  /** What stands below the topmost mark. */
  get opened(): Sketch | undefined {
    return this.marks.length === 0 ? undefined : this.stack[this.fence - 1];
  }
}

function counted(width: number, content: Uint8Array): Uint8Array {
  return assemble(uint(width, content.length), content);
}

function longBytes(value: bigint): Uint8Array {
  let width = 0;
  while (BigInt.asIntN(8 * width, value) !== value) width++;
  return uint(width, BigInt.asUintN(8 * width, value));
}

function writeInt(w: Writer): void {
  const { random } = w;
  const value = random.pick(ints);
  const int = sketch("int");
  if (value >= 0n && value < 256n && random.chance(0.7)) w.push(int, op.BININT1, Number(value));
  else if (value >= 0n && value < 65536n && random.chance(0.5)) w.push(int, op.BININT2, uint(2, value));
  else if (BigInt.asIntN(32, value) === value && random.chance(0.6))
    w.push(int, op.BININT, uint(4, BigInt.asUintN(32, value)));
  else {
    const long = random.chance(0.15);
    const content = random.chance(0.15) ? random.bytes(random.below(20)) : longBytes(value);
    w.push(int, long ? op.LONG4 : op.LONG1, counted(long ? 4 : 1, content));
  }
}

function writeLine(w: Writer): void {
  const { random } = w;
  const bad = random.chance(0.02);
  switch (random.below(5)) {
    case 0:
      return w.push(sketch("int"), op.INT, `${random.pick(bad ? badLines : intLines)}\n`);
    case 1:
      return w.push(sketch("int"), op.LONG, `${random.pick(bad ? badLines : longLines)}\n`);
    case 2:
      return w.push(sketch("float"), op.FLOAT, `${random.pick(bad ? badLines : floatLines)}\n`);
    case 3:
      return w.push(sketch("str"), op.UNICODE, `${random.pick(bad ? badUnicodeLines : unicodeLines)}\n`);
    default:
      return w.push(sketch("str"), op.STRING, `${random.pick(bad ? badStringLines : stringLines)}\n`);
  }
}

function writeText(w: Writer): void {
  const { random } = w;
  const content = random.chance(0.02) ? random.bytes(random.below(4)) : utf8(random.pick(texts));
  const str = sketch("str");
  const form = random.below(10);
  if (form === 0) w.push(str, op.BINUNICODE8, counted(8, content));
  else if (form < 4 || content.length > 255) w.push(str, op.BINUNICODE, counted(4, content));
  else if (form === 4) w.push(str, op.SHORT_BINSTRING, counted(1, utf8(random.pick(texts.slice(0, 11)))));
  else if (form === 5)
    w.push(str, op.BINSTRING, counted(4, utf8(random.pick(texts.slice(0, random.chance(0.9) ? 11 : 14)))));
  else w.push(str, op.SHORT_BINUNICODE, counted(1, content));
}

function writeBytes(w: Writer): void {
  const { random } = w;
  const content = random.chance(0.6)
    ? utf8(random.pick(["", "a", "ab", "b", "1"]))
    : random.bytes(random.below(12));
  const form = random.below(6);
  if (form < 3) w.push(sketch("bytes"), op.SHORT_BINBYTES, counted(1, content));
  else if (form === 3) w.push(sketch("bytes"), op.BINBYTES, counted(4, content));
  else if (form === 4) w.push(sketch("bytes"), op.BINBYTES8, counted(8, content));
  else w.push(sketch("bytearray", false), op.BYTEARRAY8, counted(8, content));
}

function writeFloat(w: Writer): void {
  const { random } = w;
  const bytes = Buffer.alloc(8);
  const isNaN = random.chance(0.05);
  bytes.writeDoubleBE(isNaN ? NaN : random.pick(floats));
  // A NaN has an identity in Python: it is kept out of memo and DUP.
  w.push(sketch(isNaN ? "nan" : "float"), op.BINFLOAT, bytes);
}

function writeScalar(w: Writer): void {
  const { random } = w;
  const kind = random.below(20);
  if (kind === 0) w.push(sketch("none"), op.NONE);
  else if (kind < 3) w.push(sketch("bool"), random.chance(0.5) ? op.NEWTRUE : op.NEWFALSE);
  else if (kind < 8) writeInt(w);
  else if (kind < 10) writeFloat(w);
  else if (kind < 16) writeText(w);
  else if (kind < 17) writeLine(w);
  else writeBytes(w);
}

function writeGlobal(w: Writer): void {
  const { random } = w;
  const global = sketch("global");
  const form = random.below(8);
  if (form < 4) {
    const line = (text: string): Uint8Array => assemble(utf8(text), "\n");
    w.push(global, op.GLOBAL, line(random.pick(modules)), line(random.pick(names)));
  } else if (form < 6) {
    w.push(sketch("str"), op.SHORT_BINUNICODE, counted(1, utf8(random.pick(modules))));
    if (random.chance(0.2)) memoize(w);
    w.push(sketch("str"), op.SHORT_BINUNICODE, counted(1, utf8(random.pick(names))));
    w.emit(op.STACK_GLOBAL);
    w.replace(2, global);
  } else if (form === 6) w.push(global, op.EXT1, random.pick(random.chance(0.97) ? [1, 2, 200] : [0, 3]));
  else if (random.chance(0.5))
    w.push(global, op.EXT2, uint(2, random.pick(random.chance(0.97) ? [1, 300] : [0, 301])));
  else
    w.push(
      global,
      op.EXT4,
      uint(4, random.pick(random.chance(0.97) ? [2, 70000] : [0, 2 ** 31, 2 ** 32 - 1, 70001])),
    );
}

function memoize(w: Writer): void {
  const { random, memo } = w;
  const value = w.top;
  if (value === undefined || value.type === "nan") return;
  let index = memo.size;
  const form = random.below(6);
  if (form > 2 && random.chance(0.06))
    index = random.pick([0, index + 1, index + 20, 3000, 70000, Math.max(0, index - 1)]);
  if (form < 3) w.emit(op.MEMOIZE);
  else if (form === 3 && index < 256) w.emit(op.BINPUT, index);
  else if (form === 4) w.emit(op.PUT, `${index}\n`);
  else w.emit(op.LONG_BINPUT, uint(4, index));
  memo.set(index, value);
}

function fetch(w: Writer, wanted: (value: Sketch) => boolean = () => true): boolean {
  const { random, memo } = w;
  const indexes = [...memo.keys()].filter((index) => wanted(memo.get(index) as Sketch));
  if (indexes.length === 0) return false;
  const index = random.pick(indexes);
  const value = memo.get(index) as Sketch;
  const form = random.below(6);
  if (form < 4 && index < 256) w.push(value, op.BINGET, index);
  else if (form === 4) w.push(value, op.GET, `${index}\n`);
  else w.push(value, op.LONG_BINGET, uint(4, index));
  return true;
}

/** An empty container, and mostly what begins its first batch. */
function open(w: Writer): void {
  const { random } = w;
  const [code, value] = random.pick([
    [op.EMPTY_LIST, containers.list],
    [op.EMPTY_DICT, containers.dict],
    [op.EMPTY_DICT, containers.dict],
    [op.EMPTY_SET, containers.set],
  ] as const);
  w.push(value, code);
  if (random.chance(0.5)) memoize(w);
  if (random.chance(0.8)) mark(w);
}

function mark(w: Writer): void {
  w.emit(op.MARK);
  w.marks.push(w.stack.length);
}

/** Something that may be a key, pushed. */
function writeKey(w: Writer): void {
  const { random } = w;
  const kind = random.below(12);
  if (kind < 2 && fetch(w, ({ hashable }) => hashable)) return;
  if (kind === 2) return writeGlobal(w);
  if (kind < 5) {
    // A tuple or frozenset of keys.
    const count = random.below(4);
    const first = w.stack.length;
    const isSet = random.chance(0.35);
    if (isSet) mark(w);
    for (let i = 0; i < count; i++) writeKey(w);
    const value = { ...sketch(isSet ? "frozenset" : "tuple"), items: w.stack.slice(first) };
    if (isSet) {
      w.emit(op.FROZENSET);
      w.marks.pop();
    } else w.emit(count === 0 ? op.EMPTY_TUPLE : op.TUPLE1 + count - 1);
    w.replace(count, value);
    if (random.chance(0.2)) memoize(w);
    return;
  }
  do writeScalar(w);
  while (w.stack.at(-1)?.hashable === false && (w.emit(op.POP), w.stack.pop()));
  if (random.chance(0.1)) memoize(w);
}

/** Closes the topmost mark, mostly by what fits. */
function close(w: Writer): void {
  const { random, stack } = w;
  const from = w.fence;
  const owner = w.marks.length > 1 && (w.marks.at(-2) as number) === from ? undefined : w.opened;
  const items = stack.slice(from);
  const keysOnly = items.every(({ hashable }) => hashable);
  const pairsOnly = items.length % 2 === 0 && items.every(({ hashable }, i) => i % 2 === 1 || hashable);
  const choices: number[] = [op.TUPLE, op.LIST, op.POP_MARK];
  if (keysOnly) choices.push(op.FROZENSET);
  if (pairsOnly) choices.push(op.DICT);
  if (items[0]?.type === "global" || items[0]?.type === "object") choices.push(op.OBJ);
  choices.push(op.INST);
  let code = random.pick(choices);
  const object = owner?.type === "object";
  if (owner !== undefined && random.chance(0.85)) {
    if (owner.type === "list" || (object && random.chance(0.3))) code = op.APPENDS;
    else if (owner.type === "dict" || (object && random.chance(0.5))) {
      if (items.length % 2 !== 0 && random.chance(0.97)) writeScalar(w);
      code = op.SETITEMS;
    } else if (owner.type === "set" || object) code = op.ADDITEMS;
  } else if (random.chance(0.03)) code = random.pick([op.APPENDS, op.SETITEMS, op.ADDITEMS]);
  const given = stack.slice(from);
  w.marks.pop();
  if (code === op.INST)
    w.emit(op.INST, `${random.pick(modules)}\n`, `${random.pick(["C", "__proto__", "f"])}\n`);
  else w.emit(code);
  stack.length = from;
  const hashable = given.every((item) => item.hashable);
  if (code === op.TUPLE) stack.push({ type: "tuple", hashable, items: given });
  else if (code === op.LIST) stack.push(containers.list);
  else if (code === op.DICT) stack.push(containers.dict);
  else if (code === op.FROZENSET) stack.push(sketch("frozenset"));
  else if (code === op.OBJ || code === op.INST) stack.push(sketch("object"));
}

/** One of the opcodes that take what is on the stack, if one fits. */
function combine(w: Writer): void {
  const { random, stack } = w;
  const top = w.top;
  const below = w.height > 1 ? stack.at(-2) : undefined;
  const third = w.height > 2 ? stack.at(-3) : undefined;
  const choices: [weight: number, write: () => void][] = [];
  const offer = (weight: number, write: () => void): void => void choices.push([weight, write]);
  const unary = (code: number, value: Sketch) => (): void => {
    w.emit(code);
    w.replace(1, value);
  };
  const binary = (code: number, value: Sketch) => (): void => {
    w.emit(code);
    w.replace(2, value);
  };
  if (top === undefined) return writeScalar(w);
  offer(2, () => memoize(w));
  offer(1, unary(op.TUPLE1, { type: "tuple", hashable: top.hashable, items: [top] }));
  offer(0.6, unary(op.BINPERSID, sketch("pers")));
  if (top.type !== "nan") {
    offer(0.7, () => {
      w.emit(op.DUP);
      stack.push(top);
    });
  }
  offer(0.7, () => {
    w.emit(op.POP);
    stack.pop();
  });
  if (top.type === "bytes" || top.type === "bytearray" || top.type === "buffer") {
    offer(1.5, unary(op.READONLY_BUFFER, top.type === "bytearray" ? sketch("buffer", false) : top));
  }
  if (below === undefined) {
    // Nothing else fits.
  } else {
    const hashable = top.hashable && below.hashable;
    offer(1.5, binary(op.TUPLE2, { type: "tuple", hashable, items: [below, top] }));
    if (below.type === "list" || below.type === "object") offer(3, binary(op.APPEND, below));
    const callable = below.type === "global" || below.type === "object";
    if (callable && top.type === "tuple") {
      offer(4, binary(op.REDUCE, sketch("object")));
      if (below.type === "global") offer(4, binary(op.NEWOBJ, sketch("object")));
    }
    if (below.type === "object") offer(3, binary(op.BUILD, below));
    else if (top.type === "none") offer(2, binary(op.BUILD, below));
    else offer(0.05, binary(op.BUILD, below));
    if (below.type === "str" && top.type === "str") offer(0.5, binary(op.STACK_GLOBAL, sketch("global")));
  }
  if (below !== undefined && third !== undefined) {
    const set = (): void => {
      w.emit(op.SETITEM);
      stack.length -= 2;
    };
    if (third.type === "dict" && below.hashable) offer(4, set);
    if (third.type === "object") offer(2, set);
    if (third.type === "list" && (below.type === "int" || below.type === "bool")) offer(1, set);
    const hashable = top.hashable && below.hashable && third.hashable;
    offer(0.7, () => {
      w.emit(op.TUPLE3);
      w.replace(3, { type: "tuple", hashable, items: [third, below, top] });
    });
    if (third.type === "global" && below.type === "tuple" && top.type === "dict") {
      offer(6, () => {
        w.emit(op.NEWOBJ_EX);
        w.replace(3, sketch("object"));
      });
    }
  }
  let left = random.fraction() * choices.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, write] of choices) if ((left -= weight) < 0) return write();
}

/** NEWOBJ_EX with all that it takes. */
function writeKeywords(w: Writer): void {
  const { random } = w;
  writeGlobal(w);
  if (random.chance(0.6)) w.push({ ...sketch("tuple"), items: [] }, op.EMPTY_TUPLE);
  else {
    writeScalar(w);
    w.emit(op.TUPLE1);
    w.replace(1, sketch("tuple"));
  }
  w.push(containers.dict, op.EMPTY_DICT);
  if (random.chance(0.3)) memoize(w);
  mark(w);
  for (let count = random.below(3); count >= 0; count--) {
    w.push(sketch("str"), op.SHORT_BINUNICODE, counted(1, utf8(random.pick(texts.slice(1, 12)))));
    writeScalar(w);
  }
  w.emit(op.SETITEMS);
  w.stack.length = w.marks.pop() as number;
  w.emit(op.NEWOBJ_EX);
  w.replace(3, sketch("object"));
}

/** An opcode whatever the stack, with an operand that may be right. */
function writeAnything(w: Writer): void {
  const { random } = w;
  if (random.chance(0.1)) return w.emit(random.below(256));
  const code = random.pick(
    allCodes.filter((one) => one !== op.FRAME && one !== op.MEMOIZE && one !== op.DUP),
  );
  const opcode = op.opcodeOf(code) as op.Opcode;
  const operands: Partial<Record<string, () => Uint8Array>> = {
    uint1: () => random.bytes(1),
    uint2: () => uint(2, random.pick([0, 1, 300, 65535])),
    int4: () => uint(4, random.pick([0, 1, 70000, 2 ** 32 - 1])),
    uint4: () => uint(4, random.pick([0, 1, 70000])),
    float8: () => Buffer.from("3ff0000000000000", "hex"),
    string1: () => counted(1, utf8("ab")),
    bytes1: () => counted(1, utf8("ab")),
    unicodestring1: () => counted(1, utf8("ab")),
    long1: () => counted(1, random.bytes(2)),
    string4: () => counted(4, utf8("ab")),
    bytes4: () => counted(4, utf8("ab")),
    unicodestring4: () => counted(4, utf8("ab")),
    long4: () => (random.chance(0.2) ? uint(4, 2 ** 32 - 1) : counted(4, random.bytes(2))),
    bytes8: () => counted(8, utf8("ab")),
    bytearray8: () => counted(8, utf8("ab")),
    unicodestring8: () => (random.chance(0.2) ? uint(8, 2n ** 63n) : counted(8, utf8("ab"))),
    stringnl: () => assemble(`${random.pick([...stringLines, ...badStringLines])}\n`),
    stringnl_noescape: () => assemble(`${random.pick(["a", "", "12", "é", "__proto__"])}\n`),
    stringnl_noescape_pair: () =>
      assemble(`${random.pick(["m", "", "é"])}\n${random.pick(["C", "", "\xff"])}\n`),
    decimalnl_short: () => assemble(`${random.pick([...intLines.slice(0, 15), ...badLines])}\n`),
    decimalnl_long: () => assemble(`${random.pick([...longLines, ...badLines])}\n`),
    floatnl: () => assemble(`${random.pick([...floatLines, ...badLines])}\n`),
    unicodestringnl: () => assemble(`${random.pick([...unicodeLines, ...badUnicodeLines])}\n`),
  };
  w.emit(code, opcode.operand === null ? "" : (operands[opcode.operand]?.() ?? ""));
}

/** The topmost mark belongs to a dict, or a set, and a key comes next. */
function wantsKey(w: Writer): boolean {
  const owner = w.opened?.type;
  return owner === "set" || (owner === "dict" && w.height % 2 === 0);
}

function step(w: Writer): void {
  const { random } = w;
  if (random.chance(0.008)) return writeAnything(w);
  if (wantsKey(w) && random.chance(0.7)) return writeKey(w);
  const kind = random.below(100);
  if (kind < 22) writeScalar(w);
  else if (kind < 34) open(w);
  else if (kind < 38) mark(w);
  else if (kind < 44) writeGlobal(w);
  else if (kind < 52) void (fetch(w) || writeScalar(w));
  else if (kind < 62) {
    if (w.marks.length > 0) close(w);
  } else if (kind < 64) {
    const isBad = random.chance(0.03);
    w.push(sketch("pers"), op.PERSID, `${isBad ? "\xe9" : random.pick(["", "7", "id", "__proto__"])}\n`);
  } else if (kind < 65 && w.buffers.length < 3) {
    w.push(sketch("bytes"), op.NEXT_BUFFER);
    w.buffers.push(random.bytes(random.below(4)));
  } else if (kind < 66) w.emit(op.PROTO, random.chance(0.97) ? random.below(6) : 6);
  else if (kind < 68) writeKeywords(w);
  else if (kind < 71) w.push({ ...sketch("tuple"), items: [] }, op.EMPTY_TUPLE);
  else combine(w);
}

/** Puts frames around runs of opcodes: right ones mostly, some inside others, few too short or too long. */
function withFrames(random: Random, ops: readonly Uint8Array[]): Uint8Array[] {
  if (!random.chance(0.3)) return [...ops];
  const framed: Uint8Array[] = [];
  for (let at = 0; at < ops.length;) {
    const count = random.below(12);
    const run = assemble(...ops.slice(at, at + count));
    at += count;
    if (random.chance(0.3)) {
      framed.push(run);
      if (count === 0) framed.push(...ops.slice(at, ++at));
      continue;
    }
    const length = run.length + (random.chance(0.02) ? random.below(7) - 3 : 0);
    framed.push(assemble(op.FRAME, uint(8, Math.max(0, length)), run));
    if (random.chance(0.1)) {
      const outer = framed.pop() as Uint8Array;
      framed.push(assemble(op.FRAME, uint(8, outer.length), outer));
    }
  }
  return framed;
}

const encodings = [undefined, undefined, undefined, "latin1", "utf-8", "bytes"];

/** A program that makes sense for the most part. */
export function randomProgram(random: Random): Case {
  const w = new Writer(random);
  if (random.chance(0.8)) w.emit(op.PROTO, random.below(6));
  const collects = random.chance(0.7);
  if (collects) mark(w);
  for (let left = 2 + random.below(random.chance(0.2) ? 120 : 30); left > 0; left--) step(w);
  const bottom = collects && w.marks[0] === 0 ? 1 : 0;
  while (w.marks.length > bottom) close(w);
  if (random.chance(0.3)) fetch(w);
  if (bottom === 1) w.emit(random.pick([op.TUPLE, op.LIST]));
  else if (w.height === 0) writeScalar(w);
  if (!random.chance(0.01)) w.emit(op.STOP);
  // What stands behind the pickle lets the machine's fast path, which keeps away from the end, read all of it.
  const behind = random.chance(0.5) ? new Uint8Array(40) : new Uint8Array(0);
  const bytes = Uint8Array.from([...assemble(...withFrames(random, w.ops)), ...behind]);
  return {
    bytes: random.chance(0.01) ? bytes.slice(0, random.below(bytes.length)) : bytes,
    encoding: random.pick(encodings),
    errors: random.chance(0.1)
      ? random.pick(["ignore", "replace", "surrogateescape", "backslashreplace"])
      : undefined,
    buffers: w.buffers.length > 0 && random.chance(0.98) ? w.buffers : undefined,
  };
}
