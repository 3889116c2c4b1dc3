import type { FindingCode } from "./explanations.ts";
import { C, NOBODY, PYTHON, UNPICKLERS } from "./findings.ts";
import {
  BOOL,
  BYTEARRAY,
  BYTES,
  DICT,
  FLOAT,
  INT,
  kindNames,
  LIST,
  type Machine,
  NONE,
  OPAQUE,
  SET,
  STR,
  TUPLE,
  VIEW,
} from "./machine.ts";

/** Is told what is wrong with the opcode at hand. */
export type Report = (code: FindingCode, refusedBy: number, message: string) => void;

const nameAt = ({ kinds }: Machine, at: number): string => kindNames[kinds[at] as number] as string;

const a = (name: string): string =>
  /^[aeiou]/.test(name) ? `an ${name}` : name === "NoneType" ? "None" : `a ${name}`;

function undecided(report: Report, what: string, wanted: string): void {
  report(
    "undecidable",
    NOBODY,
    `${what} is made by a class or hook; only if it is ${wanted} can this be loaded`,
  );
}

/** Whether the keys or elements at every `step`th place from `from` on can be such. */
export function checkHashable(machine: Machine, report: Report, from: number, step: number): void {
  for (let at = from; at < machine.size; at += step) {
    if (machine.isHashable(at)) continue;
    const name = nameAt(machine, at);
    const what = name === "tuple" ? "a tuple with something unhashable in it" : a(name);
    report(
      "unhashable",
      UNPICKLERS,
      `${what} cannot be ${step === 2 ? "the key of a dict" : "an element of a set"}`,
    );
    return;
  }
}

/** Whether what is at `at` can be in a bytearray. */
function checkByte(machine: Machine, report: Report, at: number): boolean {
  const kind = machine.kinds[at] as number;
  const value = machine.refs[at] as number;
  if (kind === OPAQUE) undecided(report, "the item for a bytearray", "an int");
  else if (kind !== INT && kind !== BOOL)
    report("wrong-kind", UNPICKLERS, `${a(nameAt(machine, at))} cannot be in a bytearray`);
  else if (value < 0 || value > 255) report("wrong-kind", UNPICKLERS, `${value} is no byte, for a bytearray`);
  else return true;
  return false;
}

/** SETITEM(S) on a list or bytearray. */
function setByIndex(machine: Machine, report: Report, from: number): void {
  const { kinds, refs } = machine;
  const target = kinds[from - 1] as number;
  const count = machine.counts.items[refs[from - 1] as number] as number;
  for (let at = from; at < machine.size; at += 2) {
    const kind = kinds[at] as number;
    const index = refs[at] as number;
    if (kind === OPAQUE) {
      undecided(report, `the index into a ${kindNames[target]}`, "an int within it");
      return;
    }
    if (kind !== INT && kind !== BOOL) {
      report("wrong-kind", UNPICKLERS, `${a(nameAt(machine, at))} is no index into a ${kindNames[target]}`);
      return;
    }
    // The value is looked at first where the index is right only.
    if (target === BYTEARRAY && !checkByte(machine, report, at + 1)) return;
    if (index < -count || index >= count) {
      report("index-out-of-range", UNPICKLERS, `index ${index} into a ${kindNames[target]} of ${count}`);
      return;
    }
  }
  report("unusual-kind", NOBODY, `sets items of a ${kindNames[target]} by index; SETITEM(S) is for dicts`);
}

/** Adds the stack's items from `from` on to what stands below them: APPEND(S), ADDITEMS or SETITEM(S) by `wanted`. */
export function addItems(machine: Machine, report: Report, wanted: number, from: number): void {
  const { kinds, refs, counts, size } = machine;
  const target = kinds[from - 1] as number;
  const row = refs[from - 1] as number;
  const count = size - from;
  if (wanted === DICT && count % 2 !== 0) {
    report("odd-items", UNPICKLERS, `${count} items: a key without a value`);
    return;
  }
  if (target === OPAQUE) return;
  if (count === 0) {
    const isTaken =
      wanted === DICT || (wanted === LIST ? target === LIST || target === BYTEARRAY : target === SET);
    if (!isTaken || (wanted === DICT && target !== DICT)) {
      report(
        "empty-batch",
        isTaken ? NOBODY : PYTHON,
        `nothing is added, to ${a(nameAt(machine, from - 1))}`,
      );
    }
    return;
  }
  if (wanted === LIST && target === BYTEARRAY) {
    for (let at = from; at < size; at++) if (!checkByte(machine, report, at)) return;
    report("unusual-kind", NOBODY, "appends to a bytearray; APPEND(S) is for lists");
  } else if (wanted === DICT && (target === LIST || target === BYTEARRAY)) {
    setByIndex(machine, report, from);
    return;
  } else if (target !== wanted) {
    const name = kindNames[wanted] as string;
    report(
      "wrong-kind",
      UNPICKLERS,
      `needs a ${name} below the items, and there is ${a(nameAt(machine, from - 1))}`,
    );
    return;
  }
  if (wanted === DICT) {
    checkHashable(machine, report, from, 2);
    machine.addEntries(row, from);
    return;
  }
  if (wanted === SET) checkHashable(machine, report, from, 1);
  counts.items[row] = (counts.items[row] as number) + count;
}

/** The arguments of a call, at `at`: the reader in Python takes what can be iterated over. */
function checkArguments(machine: Machine, report: Report, at: number): void {
  const kind = machine.kinds[at] as number;
  if (kind === TUPLE) return;
  if (kind === OPAQUE) undecided(report, "what stands for the arguments", "a tuple");
  else {
    report(
      "wrong-kind",
      kind >= NONE && kind <= FLOAT ? UNPICKLERS : C,
      `the arguments of a call are a tuple, and there is ${a(nameAt(machine, at))}`,
    );
  }
}

function checkCallable(machine: Machine, report: Report, at: number, what: string): boolean {
  if (machine.kinds[at] === OPAQUE) return true;
  report("not-callable", UNPICKLERS, `${a(nameAt(machine, at))} is no ${what}`);
  return false;
}

/** REDUCE, with the callable at `at`. */
export function reduce(machine: Machine, report: Report, at: number): void {
  if (checkCallable(machine, report, at, "class or function")) checkArguments(machine, report, at + 1);
}

/** NEWOBJ, and with keywords NEWOBJ_EX, with the class at `at`. */
export function newObject(machine: Machine, report: Report, at: number, withKeywords: boolean): void {
  if (!checkCallable(machine, report, at, "class")) return;
  checkArguments(machine, report, at + 1);
  if (!withKeywords) return;
  const kind = machine.kinds[at + 2] as number;
  if (kind === OPAQUE) undecided(report, "what stands for the keyword arguments", "a dict");
  else if (kind !== DICT) {
    const name = a(nameAt(machine, at + 2));
    report("wrong-kind", UNPICKLERS, `keyword arguments are a dict, and there is ${name}`);
  } else {
    const keys = machine.keys(machine.refs[at + 2] as number);
    if (keys === "other")
      report("wrong-kind", UNPICKLERS, "the names of keyword arguments are str, and there are others");
    else if (keys === "opaque") undecided(report, "the name of a keyword argument", "a str");
  }
}

/** OBJ, with the class at `at`. */
export function callClass(machine: Machine, report: Report, at: number): void {
  if (at >= machine.size) report("stack-underflow", UNPICKLERS, "there is no class above the MARK");
  else checkCallable(machine, report, at, "class");
}

/** BUILD, with the object at `at`: only one of a class can take a state. */
export function build(machine: Machine, report: Report, at: number): void {
  const { kinds, refs } = machine;
  const object = kinds[at] as number;
  if (object === OPAQUE) return;
  const kind = kinds[at + 1] as number;
  const ref = refs[at + 1] as number;
  const pair = kind === TUPLE ? machine.pair(ref) : undefined;
  const [state, stateRef, slots, slotsRef] = pair ?? [kind, ref, undefined, 0];
  const name = a(kindNames[object] as string);
  if (state === OPAQUE || slots === OPAQUE) {
    // Whatever the one is, the other may settle it.
    const other = state === OPAQUE ? slots : state;
    const otherRef = state === OPAQUE ? slotsRef : stateRef;
    if (other === undefined || other === OPAQUE || machine.isFalsy(other, otherRef)) {
      undecided(report, `the state for ${name}`, "None");
      return;
    }
  }
  const isFalse = (of: number | undefined, reference: number): boolean =>
    of === undefined || of === OPAQUE || machine.isFalsy(of, reference);
  const isTakenByC = state === NONE && (slots === undefined || (slots === DICT && isFalse(slots, slotsRef)));
  const isTakenByPython = isFalse(state, stateRef) && isFalse(slots, slotsRef);
  if (isTakenByC) report("idle-build", NOBODY, `gives ${name} the state None, which does nothing`);
  else if (isTakenByPython) report("empty-state", C, `gives ${name} an empty state; it takes none`);
  else report("wrong-kind", UNPICKLERS, `${name} takes no state; only what a class makes does`);
}

/** Whether STACK_GLOBAL has two texts, from `at` on. */
export function checkNames(machine: Machine, report: Report, at: number): boolean {
  let isKnown = true;
  for (let i = at; i < at + 2; i++) {
    const kind = machine.kinds[i] as number;
    if (kind === STR) continue;
    isKnown = false;
    if (kind === OPAQUE) continue;
    report("wrong-kind", UNPICKLERS, `module and name are str, and there is ${a(nameAt(machine, i))}`);
    return false;
  }
  if (!isKnown) undecided(report, "what stands for a module or name", "a str");
  return isKnown;
}

/** READONLY_BUFFER: what is on top becomes read-only. */
export function makeReadOnly(machine: Machine, report: Report): void {
  const at = machine.size - 1;
  const kind = machine.kinds[at] as number;
  if (kind === BYTEARRAY) machine.kinds[at] = VIEW;
  else if (kind !== OPAQUE && kind !== BYTES && kind !== VIEW) {
    report("wrong-kind", UNPICKLERS, `${a(nameAt(machine, at))} is no buffer`);
  }
}
