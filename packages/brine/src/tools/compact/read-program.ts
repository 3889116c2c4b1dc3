import { failure } from "../../bytes/failure.ts";
import { decodeLatin1, isAscii } from "../../bytes/utf8.ts";
import { OpCursor } from "../../syntax/cursor.ts";
import * as op from "../../syntax/opcodes.ts";
import { mapTo3 } from "../../types/import-maps.ts";
import { Compounds } from "./compounds.ts";
import { Containers } from "./containers.ts";
import { Constants, EXTENSION, NAME_LINES, TEXT, TUPLE } from "./constants.ts";
import { explained } from "./explained.ts";
import { bytesOfText, globalConstant } from "./global-names.ts";
import { extensionOperand, protocolOperand, slotOperand, unsignedOperand } from "./op-operands.ts";
import { operandConstant } from "./operand-constants.ts";
import { COPY, DICT, LIST, NO_OBJECT, OTHER, Program, reference, SET, USE, VALUE } from "./program.ts";
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

const nothing = new Int32Array(0);

/** Reads a pickle as a {@link Program}, with CPython's stack and memo, and simplifies it on the way. */
class ProgramReader {
  readonly program: Program;
  readonly #cursor: OpCursor;
  readonly #constants: Constants;
  readonly #stack = new SketchStack();
  readonly #memo = new SlotMap();
  readonly #rewriter: Rewriter;
  readonly #containers: Containers;
  readonly #compounds: Compounds;
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
    this.#containers = new Containers(this.program, this.#stack);
    this.#compounds = new Compounds(this.program, this.#stack);
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
        this.#framesEnd = Math.max(this.#framesEnd, this.#cursor.end + unsignedOperand(this.#cursor));
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
        this.#use(this.#memo.get(slotOperand(this.#cursor, code === op.GET)), USE);
        break;
      case op.PUT:
      case op.BINPUT:
      case op.LONG_BINPUT:
      case op.MEMOIZE: {
        const slot = code === op.MEMOIZE ? this.#memo.size : slotOperand(this.#cursor, code === op.PUT);
        stack.need(1);
        this.#memo.set(slot, stack.value());
        break;
      }
      case op.EMPTY_TUPLE:
        this.#pushConstant(this.#constants.compound(TUPLE, nothing, 0, 0));
        break;
      case op.TUPLE1:
      case op.TUPLE2:
      case op.TUPLE3:
        this.#compounds.closeShortTuple(code - op.TUPLE1 + 1);
        break;
      case op.TUPLE:
        this.#compounds.closeTuple();
        break;
      case op.FROZENSET:
        this.#compounds.closeFrozenset();
        break;
      case op.EMPTY_LIST:
        this.#containers.begin(LIST);
        break;
      case op.EMPTY_DICT:
        this.#containers.begin(DICT);
        break;
      case op.EMPTY_SET:
        this.#containers.begin(SET);
        break;
      case op.LIST:
        this.#containers.close(LIST, code);
        break;
      case op.DICT:
        this.#containers.close(DICT, code);
        break;
      case op.APPEND:
        this.#containers.addOne(LIST, code, 1);
        break;
      case op.SETITEM:
        this.#containers.addOne(DICT, code, 2);
        break;
      case op.APPENDS:
        this.#containers.addMany(LIST, code);
        break;
      case op.SETITEMS:
        this.#containers.addMany(DICT, code);
        break;
      case op.ADDITEMS:
        this.#containers.addMany(SET, code);
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
        this.#pushConstant(this.#constants.extension(extensionOperand(this.#cursor)));
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
    const protocol = protocolOperand(this.#cursor);
    if (protocol > program.level) program.level = protocol;
    if (isFirst) program.declared = protocol;
    else if (this.#target < NAMES_OF_PYTHON_3 && protocol !== this.#protocol) {
      // The same name may stand for something else from here on.
      this.#constants.forget();
      program.emit(op.PROTO, protocol);
    }
    this.#protocol = protocol;
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
    this.program.renamed.set(object, bytesOfText(`i${mapTo3(module, name).join("\n")}\n`));
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
    const module = constants.content(TEXT, bytes, start, middle);
    const name = constants.content(TEXT, bytes, middle + 1, end);
    this.#pushConstant(globalConstant(constants, module, name, this.#mapsNames));
  }

  #pushStackGlobal(): void {
    const { program } = this;
    const stack = this.#stack;
    stack.need(2);
    const start = stack.start(1);
    const kinds = this.#constants.kinds.items;
    if (
      this.#compounds.areConstants(2, start) &&
      kinds[stack.value()] === TEXT &&
      kinds[stack.value(1)] === TEXT
    ) {
      const [module, name] = [stack.value(1), stack.value()];
      program.truncate(start);
      stack.drop(2);
      this.#pushConstant(globalConstant(this.#constants, module, name, this.#mapsNames));
    } else {
      // Names that are no plain str: they cannot be told here, and not be mapped.
      if (this.#mapsNames) program.keepsNames = true;
      this.#replace(2, OTHER, op.STACK_GLOBAL);
    }
  }
}

/**
 * Reads the pickle that begins at `start`.
 *
 * @param target - the protocol it is to have at least, −1 for its own.
 */
export function readProgram(bytes: Uint8Array, start: number, target: number): Program {
  return new ProgramReader(bytes, start, target).read();
}
