// The opcode reference of the guide, from the table of opcodes and its prose, as `brine/tools` exports them.
import { build } from "../project.mjs";

const groups = [
  ["The pickle itself", "PROTO FRAME STOP"],
  ["Stack and memo", "MARK POP POP_MARK DUP GET BINGET LONG_BINGET PUT BINPUT LONG_BINPUT MEMOIZE"],
  ["None, bool, numbers", "NONE NEWTRUE NEWFALSE INT BININT BININT1 BININT2 LONG LONG1 LONG4 FLOAT BINFLOAT"],
  ["Text", "UNICODE SHORT_BINUNICODE BINUNICODE BINUNICODE8 STRING SHORT_BINSTRING BINSTRING"],
  ["Bytes and buffers", "SHORT_BINBYTES BINBYTES BINBYTES8 BYTEARRAY8 NEXT_BUFFER READONLY_BUFFER"],
  ["Tuples", "EMPTY_TUPLE TUPLE1 TUPLE2 TUPLE3 TUPLE"],
  [
    "Lists, dicts, sets",
    "EMPTY_LIST LIST APPEND APPENDS EMPTY_DICT DICT SETITEM SETITEMS EMPTY_SET ADDITEMS FROZENSET",
  ],
  ["Classes and objects", "GLOBAL STACK_GLOBAL EXT1 EXT2 EXT4 REDUCE NEWOBJ NEWOBJ_EX INST OBJ BUILD"],
  ["Persistent ids", "PERSID BINPERSID"],
];

const cell = (text) => text.replaceAll("|", "\\|").replaceAll("*", "\\*").replaceAll("_", "\\_");
const code = (text) => `\`${text}\``;
const shown = (value) =>
  value >= 0x21 && value < 0x7f && value !== 0x60
    ? ` ${code(String.fromCharCode(value)).replace("|", "\\|")}`
    : "";
const stack = (items) =>
  items.length === 0 ? "" : items.map((item) => code(item === "stackslice" ? "…" : item)).join(" ");

function table({ opcodes, opcodeProse }, names) {
  const rows = names.split(" ").map((name) => {
    const opcode = opcodes.find((candidate) => candidate.name === name);
    if (opcode === undefined) throw new Error(`no opcode ${name}`);
    const cells = [
      code(name),
      `${code(`0x${opcode.code.toString(16)}`)}${shown(opcode.code)}`,
      opcode.protocol,
      opcode.operand === null ? "" : `[${cell(opcode.operand)}](#operands)`,
      stack(opcode.stackBefore),
      stack(opcode.stackAfter),
      cell(opcodeProse[name]),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    "| opcode | code | since | operand | takes | leaves | what it does |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

export async function outputs() {
  await build();
  const tools = await import("../../packages/brine/dist/tools.js");
  const grouped = groups.flatMap(([, names]) => names.split(" "));
  const missing = tools.opcodes.filter(({ name }) => !grouped.includes(name));
  if (missing.length > 0) throw new Error(`in no group: ${missing.map(({ name }) => name).join(", ")}`);
  const sections = groups.map(([title, names]) => `## ${title}\n\n${table(tools, names)}\n`);
  const operands = Object.entries(tools.operandProse).map(([kind, prose]) => {
    const users = tools.opcodes.filter(({ operand }) => operand === kind).map(({ name }) => code(name));
    return `| ${code(kind)} | ${cell(prose)} | ${users.join(" ")} |`;
  });
  return {
    "docs/opcodes.md": `# The opcodes

A pickle is a program for a small machine with a stack and a memo. Each opcode is one byte, and for some an operand
follows. There are ${tools.opcodes.length} of them in protocols 0 to 5; a pickle of protocol _n_ may use those that are as old as that, or older.
[tools.md](tools.md) shows how to see those of a pickle.

"Takes" and "leaves" are what is on top of the stack before and after, the topmost last; \`…\` is everything above the
mark. The names are those of Python's \`pickletools\`.

${sections.join("\n")}
## Operands

Lengths and numbers are little-endian unless it is said otherwise. A line ends with a newline, which does not belong to it.

| kind | how it is written | of |
| --- | --- | --- |
${operands.join("\n")}
`,
  };
}
