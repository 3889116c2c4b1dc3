import { failure } from "../../bytes/failure.ts";
import { decodeLatin1, isAscii } from "../../bytes/utf8.ts";
import { OpCursor } from "../../syntax/cursor.ts";
import * as op from "../../syntax/opcodes.ts";
import { parseMemoIndex } from "../../syntax/text-operands.ts";
import { mapTo3 } from "../../types/import-maps.ts";
import { Constants, EXTENSION, FROZENSET, GLOBAL, NAME_LINES, TEXT, TUPLE } from "./constants.ts";
import { explained } from "./explained.ts";
import { operandConstant } from "./operand-constants.ts";
import {
  COPY,
  DICT,
  END,
  LIST,
  NO_OBJECT,
  NOTHING,
  OBJECT_TUPLE,
  OTHER,
  Program,
  reference,
  SET,
  START,
  USE,
  VALUE,
} from "./program.ts";
import { Rewriter } from "./rewriter.ts";
import { SketchStack } from "./sketch-stack.ts";
import { SlotMap } from "./slot-map.ts";

/** From this protocol on, names are those of Python 3. Source: CPython `Modules/_pickle.c`, `find_class`. */
const NAMES_OF_PYTHON_3 = 3;

let since: Uint8Array | undefined;

function protocols(): Uint8Array {
  if (since === undefined) {
    since = new Uint8Array(256);
    for (const { code, protocol } of op.opcodes) since[code] = protocol;
  }
  return since;
}

const pair = new Int32Array(2);
const encoder = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Reads a pickle as a {@link Program}, with CPython's stack and memo, and simplifies it on the way. */
class ProgramReader {
  readonly program: Program;
  readonly #cursor: OpCursor;
  readonly #constants: Constants;
  readonly #stack = new SketchStack();
  readonly #memo = new SlotMap();
  readonly #rewriter: Rewriter;
  /** The protocol that is asked for; −1 for none. */
  readonly #target: number;
  /** Where the frames so far end. */
  #framesEnd = 0;
  /** What PROTO has said so far. */
  #protocol = 0;

  constructor(bytes: Uint8Array, start: number, target: number) {
    this.#cursor = new OpCursor(bytes, start);
    this.#constants = new Constants(bytes);
    this.program = new Program(bytes, this.#constants);
    this.#rewriter = new Rewriter(this.program);
    this.#target = target;
  }

  read(): Program {
    const cursor = this.#cursor;
    const { bytes } = cursor;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const levels = protocols();
    const { program } = this;
    const { steps } = program;
    const start = cursor.end;
    let at = start;
    try {
      do {
        at = cursor.end;
        if (!cursor.next()) throw failure("no-data", "");
        const level = levels[cursor.code] as number;
        if (level > program.level) program.level = level;
        const constant = operandConstant(this.#constants, cursor, view);
        if (constant >= 0) {
          this.#stack.push(constant, steps.length);
          program.emit(VALUE, constant);
        } else this.#step(cursor.code, at === start);
      } while (cursor.code !== op.STOP);
    } catch (error) {
      throw explained(error, bytes, at);
    }
    program.end = cursor.end;
    program.isCut = this.#framesEnd > cursor.end;
    this.#rewriter.finish();
    return program;
  }

  #step(code: number, isFirst: boolean): void {
    const { program } = this;
    const stack = this.#stack;
    switch (code) {
      case op.PROTO:
        this.#setProtocol(isFirst);
        break;
      case op.FRAME:
        program.hasFrames = true;
        this.#framesEnd = Math.max(this.#framesEnd, this.#cursor.end + this.#number());
        break;
      case op.STOP:
        stack.need(1);
        program.emit(op.STOP, NO_OBJECT);
        break;
      case op.MARK:
        stack.mark(program.emit(op.MARK, NO_OBJECT));
        break;
      case op.POP:
        this.#pop();
        break;
      case op.POP_MARK:
        this.#popMark();
        break;
      case op.DUP:
        stack.need(1);
        this.#use(stack.value(), op.DUP);
        break;
      case op.GET:
      case op.BINGET:
      case op.LONG_BINGET:
        this.#use(this.#memo.get(this.#slot(code === op.GET)), USE);
        break;
      case op.PUT:
      case op.BINPUT:
      case op.LONG_BINPUT:
      case op.MEMOIZE: {
        const slot = code === op.MEMOIZE ? this.#memo.size : this.#slot(code === op.PUT);
        stack.need(1);
        this.#memo.set(slot, stack.value());
        break;
      }
      case op.EMPTY_TUPLE:
        this.#pushConstant(this.#constants.compound(TUPLE, pair, 0, 0));
        break;
      case op.TUPLE1:
      case op.TUPLE2:
      case op.TUPLE3:
        this.#closeShortTuple(code - op.TUPLE1 + 1);
        break;
      case op.TUPLE:
        this.#closeTuple();
        break;
      case op.FROZENSET:
        this.#closeFrozenset();
        break;
      case op.EMPTY_LIST:
        this.#begin(LIST);
        break;
      case op.EMPTY_DICT:
        this.#begin(DICT);
        break;
      case op.EMPTY_SET:
        this.#begin(SET);
        break;
      case op.LIST:
        this.#close(LIST, code);
        break;
      case op.DICT:
        this.#close(DICT, code);
        break;
      case op.APPEND:
        this.#addOne(LIST, code, 1);
        break;
      case op.SETITEM:
        this.#addOne(DICT, code, 2);
        break;
      case op.APPENDS:
        this.#addMany(LIST, code);
        break;
      case op.SETITEMS:
        this.#addMany(DICT, code);
        break;
      case op.ADDITEMS:
        this.#addMany(SET, code);
        break;
      case op.GLOBAL:
        this.#pushGlobalLines();
        break;
      case op.STACK_GLOBAL:
        this.#pushStackGlobal();
        break;
      case op.EXT1:
      case op.EXT2:
      case op.EXT4:
        this.#pushExtension();
        break;
      case op.REDUCE:
        this.#reduce();
        break;
      case op.NEWOBJ:
        this.#make(code, 2);
        break;
      case op.NEWOBJ_EX:
        this.#make(code, 3);
        break;
      case op.BINPERSID:
      case op.READONLY_BUFFER:
        this.#make(code, 1);
        break;
      case op.NEXT_BUFFER:
        this.#make(code, 0);
        break;
      case op.BUILD:
        stack.need(2);
        stack.drop(1);
        program.emit(code, NO_OBJECT);
        break;
      case op.OBJ:
      case op.INST:
        this.#makeFromMark(code);
        break;
      default:
        // BYTEARRAY8, PERSID, and a NaN.
        this.#copy(COPY, program.steps.length);
    }
  }

  #setProtocol(isFirst: boolean): void {
    const { program } = this;
    const protocol = this.#cursor.bytes[this.#cursor.operandStart] as number;
    if (protocol > op.HIGHEST_PROTOCOL) {
      throw failure("unsupported-protocol", `unsupported pickle protocol: ${protocol}`, "ValueError");
    }
    if (protocol > program.level) program.level = protocol;
    if (isFirst) program.declared = protocol;
    else if (this.#target < NAMES_OF_PYTHON_3 && protocol !== this.#protocol) {
      // The same name may stand for something else from here on.
      this.#constants.forget();
      program.emit(op.PROTO, protocol);
    }
    this.#protocol = protocol;
  }

  #slot(isLine: boolean): number | bigint {
    const { bytes, operandStart, operandEnd } = this.#cursor;
    return isLine ? parseMemoIndex(bytes, operandStart, operandEnd) : this.#number();
  }

  /** The operand as a number without sign. */
  #number(): number {
    const { bytes, operandStart, operandEnd } = this.#cursor;
    let number = 0;
    for (let at = operandEnd; at-- > operandStart;) number = number * 256 + (bytes[at] as number);
    return number;
  }

  #pushConstant(constant: number): void {
    this.#stack.push(constant, this.program.emit(VALUE, constant));
  }

  /** Pushes what is there already. */
  #use(value: number, step: number): void {
    if (value >= 0) this.#pushConstant(value);
    else {
      const object = reference(value);
      this.program.objects.seen.items[object] = 1;
      this.#stack.push(value, this.program.emit(step, object));
    }
  }

  /** Puts a new object in the place of `count` values. */
  #replace(count: number, kind: number, step: number): number {
    const { program } = this;
    const stack = this.#stack;
    const start = count > 0 ? stack.start(count - 1) : program.steps.length;
    const object = program.objects.add(kind, start, count);
    stack.drop(count);
    stack.push(reference(object), start);
    program.emit(step, object);
    return object;
  }

  #make(code: number, count: number): void {
    this.#stack.need(count);
    this.#replace(count, OTHER, code);
  }

  /** An object whose opcode is written as it stands. */
  #copy(step: number, start: number): number {
    const { program } = this;
    const object = program.objects.add(OTHER, start);
    program.objects.copyStarts.items[object] = this.#cursor.position;
    program.objects.copyEnds.items[object] = this.#cursor.end;
    this.#stack.push(reference(object), start);
    program.emit(step, object);
    return object;
  }

  #makeFromMark(code: number): void {
    const stack = this.#stack;
    const start = stack.markStep;
    const count = stack.unmark();
    if (code === op.OBJ) {
      if (count === 0) throw failure("stack-underflow", "unpickling stack underflow");
      stack.drop(count);
      const object = this.program.objects.add(OTHER, start, count);
      stack.push(reference(object), start);
      this.program.emit(code, object);
      return;
    }
    stack.drop(count);
    const object = this.#copy(op.INST, start);
    if (!this.#mapsNames) return;
    const { bytes, operandStart, operandEnd } = this.#cursor;
    const [module, name] = decodeLatin1(bytes, operandStart, operandEnd).split("\n") as [string, string];
    this.program.renamed.set(object, encoder(`i${mapTo3(module, name).join("\n")}\n`));
  }

  #reduce(): void {
    const stack = this.#stack;
    stack.need(2);
    const protocol = Math.max(this.#target, this.#protocol);
    const constant = this.#rewriter.constantOf(stack, protocol);
    if (constant >= 0) {
      this.program.truncate(stack.start(1));
      stack.drop(2);
      this.#pushConstant(constant);
      return;
    }
    const set = this.#rewriter.setOf(stack, protocol);
    const object = this.#replace(2, OTHER, op.REDUCE);
    if (set !== undefined) this.#rewriter.remember(set, object, this.program.steps.length - 1);
  }

  /** Whether the last step is all there is of a value, and pushes it without doing anything else. */
  #isPure(step: number): boolean {
    const { steps, operands } = this.program;
    const code = steps.items[step];
    if (code === USE || code === op.DUP) return true;
    return (
      code === VALUE && (this.#constants.kinds.items[operands.items[step] as number] as number) < EXTENSION
    );
  }

  #pop(): void {
    const { program } = this;
    const stack = this.#stack;
    const last = program.steps.length - 1;
    if (stack.isMarkOnTop) {
      const step = stack.markStep;
      stack.unmark();
      if (step === last) program.truncate(step);
      else program.emit(op.POP, NO_OBJECT);
      return;
    }
    stack.need(1);
    const start = stack.start();
    stack.drop(1);
    if (start === last && this.#isPure(last)) program.truncate(start);
    else program.emit(op.POP, NO_OBJECT);
  }

  #popMark(): void {
    const { program } = this;
    const stack = this.#stack;
    const start = stack.markStep;
    stack.drop(stack.unmark());
    let at = start + 1;
    while (at < program.steps.length && this.#isPure(at)) at++;
    if (at === program.steps.length) program.truncate(start);
    else program.emit(op.POP_MARK, NO_OBJECT);
  }

  /** Whether the last `count` values are constants and nothing else has been done since `start`. */
  #areConstants(count: number, start: number): boolean {
    const stack = this.#stack;
    if (this.program.steps.length - start !== count) return false;
    for (let depth = 0; depth < count; depth++) if (stack.value(depth) < 0) return false;
    return true;
  }

  /** Puts a constant in the place of its parts, the last `count` values. */
  #compound(kind: number, count: number, start: number): void {
    const stack = this.#stack;
    const constant = this.#constants.compound(kind, stack.values.items, stack.height - count, count);
    this.program.truncate(start);
    stack.drop(count);
    this.#pushConstant(constant);
  }

  #closeShortTuple(count: number): void {
    const stack = this.#stack;
    stack.need(count);
    const start = stack.start(count - 1);
    if (this.#areConstants(count, start)) this.#compound(TUPLE, count, start);
    else {
      const child = stack.value();
      const object = this.#replace(count, OBJECT_TUPLE, op.TUPLE);
      this.program.objects.ends.items[object] = child;
    }
  }

  #closeTuple(): void {
    const { program } = this;
    const stack = this.#stack;
    const start = stack.markStep;
    const count = stack.unmark();
    if (this.#areConstants(count, start + 1)) this.#compound(TUPLE, count, start);
    else {
      const child = count > 0 ? stack.value() : 0;
      const object = program.objects.add(OBJECT_TUPLE, start, count);
      program.objects.ends.items[object] = child;
      stack.drop(count);
      stack.push(reference(object), start);
      program.patch(start, START, object);
      program.emit(op.TUPLE, object);
    }
  }

  #closeFrozenset(): void {
    const stack = this.#stack;
    const start = stack.markStep;
    const count = stack.unmark();
    if (this.#areConstants(count, start + 1)) {
      this.#compound(FROZENSET, count, start);
      return;
    }
    stack.drop(count);
    const object = this.program.objects.add(OTHER, start, count);
    stack.push(reference(object), start);
    this.program.emit(op.FROZENSET, object);
  }

  /** An empty container. */
  #begin(kind: number): void {
    const { program } = this;
    const start = program.steps.length;
    const object = program.objects.add(kind, start);
    this.#stack.push(reference(object), start);
    program.emit(START, object);
  }

  /** LIST and DICT. */
  #close(kind: number, code: number): void {
    const { program } = this;
    const stack = this.#stack;
    const start = stack.markStep;
    const count = stack.unmark();
    if (code === op.DICT) paired(count, code);
    stack.drop(count);
    const object = program.objects.add(kind, start, count);
    stack.push(reference(object), start);
    program.patch(start, START, object);
    if (count > 0) program.objects.ends.items[object] = program.emit(END, object);
  }

  /**
   * Whether the container `value` gets what begins at `step` right behind what it has, and nothing can have looked at
   * it in between.
   */
  #goesOn(value: number, kind: number, step: number): boolean {
    if (value >= 0) return false;
    const { objects } = this.program;
    const object = reference(value);
    if (objects.kinds.items[object] !== kind) return false;
    const end = objects.ends.items[object] as number;
    if (step !== (end < 0 ? (objects.starts.items[object] as number) : end) + 1) return false;
    return end < 0 || objects.seen.items[object] === 0;
  }

  /** Puts `count` items more to those that the container gets at once. */
  #extend(object: number, count: number): void {
    const { program } = this;
    const { objects } = program;
    const end = objects.ends.items[object] as number;
    if (end >= 0) program.patch(end, NOTHING);
    else if (objects.seen.items[object] !== 0) objects.inside.items[object] = 1;
    objects.counts.items[object] = (objects.counts.items[object] as number) + count;
    objects.ends.items[object] = program.emit(END, object);
  }

  /** APPEND and SETITEM, which take `count` values. */
  #addOne(kind: number, code: number, count: number): void {
    const stack = this.#stack;
    stack.need(count + 1);
    const start = stack.start(count - 1);
    stack.drop(count);
    if (this.#goesOn(stack.value(), kind, start)) this.#extend(reference(stack.value()), count);
    else this.program.emit(code, NO_OBJECT);
  }

  /** APPENDS, SETITEMS and ADDITEMS. */
  #addMany(kind: number, code: number): void {
    const { program } = this;
    const stack = this.#stack;
    const start = stack.markStep;
    const count = stack.unmark();
    if (kind === DICT) paired(count, code);
    stack.drop(count);
    stack.need(1);
    const value = stack.value();
    const isEmpty = start === program.steps.length - 1;
    const isKnown = value < 0 && program.objects.kinds.items[reference(value)] === kind;
    if (isKnown && isEmpty) program.truncate(start);
    else if (count > 0 && this.#goesOn(value, kind, start)) {
      program.patch(start, NOTHING);
      this.#extend(reference(value), count);
    } else if ((kind === LIST && count === 1 && isKnown) || (kind === DICT && count === 2)) {
      program.patch(start, NOTHING);
      program.emit(kind === LIST ? op.APPEND : op.SETITEM, NO_OBJECT);
    } else program.emit(code, NO_OBJECT);
  }

  /** Whether names of Python 2 are to become those of Python 3. */
  get #mapsNames(): boolean {
    return this.#target >= NAMES_OF_PYTHON_3 && this.#protocol < NAMES_OF_PYTHON_3;
  }

  #pushGlobalLines(): void {
    const { bytes, operandStart: start, operandEnd: end } = this.#cursor;
    const middle = bytes.indexOf(10, start);
    const constants = this.#constants;
    if (middle === start || end === middle + 1 || !isAscii(bytes, start, end)) {
      this.#pushConstant(constants.content(NAME_LINES, bytes, start, end + 1));
      return;
    }
    pair[0] = constants.content(TEXT, bytes, start, middle);
    pair[1] = constants.content(TEXT, bytes, middle + 1, end);
    this.#pushConstant(this.#global());
  }

  /** The global whose module and name stand in `pair`. */
  #global(): number {
    const constants = this.#constants;
    if (this.#mapsNames) {
      const given = Array.from(pair, (part) => constants.contentOf(part));
      if (given.every((content) => isAscii(content, 0, content.length))) {
        const [module, name] = given.map((content) => decodeLatin1(content, 0, content.length)) as [
          string,
          string,
        ];
        mapTo3(module, name).forEach((text, at) => {
          pair[at] = constants.content(TEXT, encoder(text), 0, text.length);
        });
      }
    }
    return constants.compound(GLOBAL, pair, 0, 2);
  }

  #pushStackGlobal(): void {
    const { program } = this;
    const stack = this.#stack;
    stack.need(2);
    const start = stack.start(1);
    const kinds = this.#constants.kinds.items;
    if (this.#areConstants(2, start) && kinds[stack.value()] === TEXT && kinds[stack.value(1)] === TEXT) {
      pair[0] = stack.value(1);
      pair[1] = stack.value();
      program.truncate(start);
      stack.drop(2);
      this.#pushConstant(this.#global());
    } else {
      // Names that are no plain str: they cannot be told here, and not be mapped.
      if (this.#mapsNames) program.keepsNames = true;
      this.#replace(2, OTHER, op.STACK_GLOBAL);
    }
  }

  #pushExtension(): void {
    const code = this.#number() | 0;
    if (code <= 0) throw failure("invalid-extension", "EXT specifies code <= 0");
    this.#pushConstant(this.#constants.extension(code));
  }
}

function paired(count: number, code: number): void {
  if (count % 2 !== 0) throw failure("odd-items", `odd number of items for ${op.opcodeName(code)}`);
}

/**
 * Reads the pickle that begins at `start`.
 *
 * @param target - the protocol it is to have at least, −1 for its own.
 */
export function readProgram(bytes: Uint8Array, start: number, target: number): Program {
  return new ProgramReader(bytes, start, target).read();
}
