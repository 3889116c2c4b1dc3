import { failure } from "../../bytes/failure.ts";
import { isAscii } from "../../bytes/utf8.ts";
import { OpCursor } from "../../syntax/cursor.ts";
import * as op from "../../syntax/opcodes.ts";
import { BYTES, Constants, FROZENSET, PERSISTENT, STRING, TEXT, TUPLE } from "../compact/constants.ts";
import { calledContent, calledName } from "../compact/builtin-calls.ts";
import { explained } from "../compact/explained.ts";
import { globalConstant } from "../compact/global-names.ts";
import { extensionOperand, paired, protocolOperand, slotOperand } from "../compact/op-operands.ts";
import { operandConstant } from "../compact/operand-constants.ts";
import { SketchStack } from "../compact/sketch-stack.ts";
import { SlotMap } from "../compact/slot-map.ts";
import { Equality } from "./equality.ts";
import { BYTEARRAY, DICT, type Graph, GraphNode, LIST, nodeOf, OBJECT, SET } from "./graph.ts";
import { refused } from "./refused.ts";

const nothing = new Int32Array(0);

/** In the place of a step, of a value that was made where it is on the stack, not fetched. */
const MADE = 1;

/** Reads a pickle as a {@link Graph}, with CPython's stack and memo. */
class GraphReader {
  readonly #cursor: OpCursor;
  readonly #view: DataView;
  readonly #constants: Constants;
  readonly #equality: Equality;
  readonly #nodes: GraphNode[] = [];
  readonly #stack = new SketchStack();
  readonly #memo = new SlotMap();
  #protocol = 0;

  constructor(bytes: Uint8Array, start: number) {
    this.#cursor = new OpCursor(bytes, start);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#constants = new Constants(bytes, true);
    this.#equality = new Equality(this.#constants);
  }

  read(): Graph {
    const cursor = this.#cursor;
    const stack = this.#stack;
    let at = cursor.end;
    try {
      do {
        at = cursor.end;
        if (!cursor.next()) throw failure("no-data", "");
        const constant = operandConstant(this.#constants, cursor, this.#view);
        if (constant >= 0) stack.push(constant, 0);
        else this.#step(cursor.code);
      } while (cursor.code !== op.STOP);
    } catch (error) {
      throw explained(error, cursor.bytes, at);
    }
    const root = stack.value();
    this.#unify();
    this.#uses([root]);
    return { constants: this.#constants, nodes: this.#nodes, root };
  }

  /** Of equal keys, keeps the first with the last value, as a dict does; of equal elements the first. */
  #unify(): void {
    const nodes = this.#nodes.filter(
      ({ kind, items }) => (kind === DICT && items.length > 2) || (kind === SET && items.length > 1),
    );
    if (nodes.length === 0) return;
    this.#equality.of(this.#constants.length - 1);
    const count = this.#constants.length;
    // By class, the number of the container that last had it, and where.
    const owners = new Int32Array(count + this.#nodes.length).fill(-1);
    const places = new Int32Array(owners.length);
    nodes.forEach((node, number) => {
      const { items } = node;
      const step = node.kind === DICT ? 2 : 1;
      let to = 0;
      for (let at = 0; at < items.length; at += step) {
        const key = items[at] as number;
        const keyClass = this.#equality.of(key);
        const index = keyClass >= 0 ? keyClass : count + nodeOf(keyClass);
        if (owners[index] === number && !this.#equality.isDoubtful(key)) {
          if (step === 2) items[(places[index] as number) + 1] = items[at + 1] as number;
          continue;
        }
        owners[index] = number;
        places[index] = to;
        for (let part = 0; part < step; part++) items[to++] = items[at + part] as number;
      }
      items.length = to;
    });
  }

  #step(code: number): void {
    const stack = this.#stack;
    const constants = this.#constants;
    const { bytes, operandStart, operandEnd } = this.#cursor;
    switch (code) {
      case op.PROTO:
        this.#protocol = protocolOperand(this.#cursor);
        break;
      case op.FRAME:
        break;
      case op.STOP:
        stack.need(1);
        break;
      case op.MARK:
        stack.mark(0);
        break;
      case op.POP:
        if (stack.isMarkOnTop) stack.unmark();
        else {
          stack.need(1);
          this.#drop(1);
        }
        break;
      case op.POP_MARK:
        this.#drop(stack.unmark());
        break;
      case op.DUP:
        stack.need(1);
        stack.push(stack.value(), 0);
        break;
      case op.GET:
      case op.BINGET:
      case op.LONG_BINGET:
        stack.push(this.#memo.get(slotOperand(this.#cursor, code === op.GET)), 0);
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
      case op.BINFLOAT:
        stack.push(
          constants.float(this.#view.getInt32(operandStart), this.#view.getInt32(operandStart + 4)),
          0,
        );
        break;
      case op.FLOAT:
        // A NaN; any other float is a constant already.
        stack.push(constants.float(0x7ff8_0000, 0), 0);
        break;
      case op.BYTEARRAY8:
        this.#push(new GraphNode(BYTEARRAY, [], -1, bytes.subarray(operandStart, operandEnd)));
        break;
      case op.EMPTY_TUPLE:
        stack.push(constants.compound(TUPLE, nothing, 0, 0), 0);
        break;
      case op.TUPLE1:
      case op.TUPLE2:
      case op.TUPLE3:
        stack.need(code - op.TUPLE1 + 1);
        this.#tuple(code - op.TUPLE1 + 1);
        break;
      case op.TUPLE:
        this.#tuple(stack.unmark());
        break;
      case op.FROZENSET:
        stack.push(this.#frozenset(this.#take(stack.unmark())), 0);
        break;
      case op.EMPTY_LIST:
        this.#push(new GraphNode(LIST, []));
        break;
      case op.EMPTY_DICT:
        this.#push(new GraphNode(DICT, []));
        break;
      case op.EMPTY_SET:
        this.#push(new GraphNode(SET, []));
        break;
      case op.LIST:
        this.#push(new GraphNode(LIST, this.#take(stack.unmark())));
        break;
      case op.DICT:
        this.#push(new GraphNode(DICT, this.#take(paired(stack.unmark(), code))));
        break;
      case op.APPEND:
        stack.need(2);
        this.#add(LIST, op.APPENDS, 1);
        break;
      case op.APPENDS:
        this.#add(LIST, op.APPENDS, stack.unmark());
        break;
      case op.SETITEM:
        stack.need(3);
        this.#add(DICT, op.SETITEMS, 2);
        break;
      case op.SETITEMS:
        this.#add(DICT, op.SETITEMS, paired(stack.unmark(), code));
        break;
      case op.ADDITEMS:
        this.#add(SET, op.ADDITEMS, stack.unmark());
        break;
      case op.BUILD:
        stack.need(2);
        this.#add(-1, op.BUILD, 1);
        break;
      case op.GLOBAL:
        this.#global(operandStart, operandEnd);
        break;
      case op.STACK_GLOBAL:
        stack.need(2);
        {
          const [module, name] = [this.#name(stack.value(1)), this.#name(stack.value())];
          stack.drop(2);
          this.#pushGlobal(module, name);
        }
        break;
      case op.EXT1:
      case op.EXT2:
      case op.EXT4:
        stack.push(constants.extension(extensionOperand(this.#cursor)), 0);
        break;
      case op.PERSID: {
        if (!isAscii(bytes, operandStart, operandEnd)) {
          throw failure("invalid-operand", "persistent IDs in protocol 0 must be ASCII strings");
        }
        stack.push(constants.content(TEXT, bytes, operandStart, operandEnd), 0);
        this.#compound(PERSISTENT, 1);
        break;
      }
      case op.BINPERSID:
        stack.need(1);
        this.#compound(PERSISTENT, 1);
        break;
      case op.REDUCE:
        stack.need(2);
        if (!this.#builtin()) this.#object(code, 2);
        break;
      case op.NEWOBJ:
        stack.need(2);
        this.#object(code, 2);
        break;
      case op.NEWOBJ_EX:
        stack.need(3);
        this.#object(code, 3);
        break;
      case op.OBJ: {
        const count = stack.unmark();
        if (count === 0) throw failure("stack-underflow", "unpickling stack underflow");
        this.#object(code, count);
        break;
      }
      case op.INST: {
        const args = this.#take(stack.unmark());
        this.#global(operandStart, operandEnd);
        this.#push(new GraphNode(OBJECT, [...this.#take(1), ...args], op.OBJ));
        break;
      }
      default:
        throw refused(`${op.opcodeName(code)} takes the buffers in the order in which they come`);
    }
  }

  #push(node: GraphNode): void {
    this.#stack.push(-1 - this.#nodes.length, MADE);
    this.#nodes.push(node);
  }

  /** Takes off the last `count` values, as parts of something. */
  #take(count: number): number[] {
    const stack = this.#stack;
    const { height } = stack;
    const items = Array.from(stack.values.items.subarray(height - count, height));
    stack.drop(count);
    this.#uses(items);
    return items;
  }

  #uses(items: readonly number[]): void {
    for (const item of items) if (item < 0) (this.#nodes[nodeOf(item)] as GraphNode).uses++;
  }

  /** Takes off what nothing will be made of; a call whose result is dropped is done to what is below. */
  #drop(count: number): void {
    const stack = this.#stack;
    for (let left = count; left > 0; left--) {
      const value = stack.value();
      const isMade = stack.start() === MADE;
      stack.drop(1);
      const node = value < 0 ? (this.#nodes[nodeOf(value)] as GraphNode) : undefined;
      if (!isMade || node?.kind !== OBJECT || node.uses > 0) continue;
      const below = stack.height > 0 ? stack.value() : 0;
      const object = below < 0 ? (this.#nodes[nodeOf(below)] as GraphNode) : undefined;
      if (object?.kind !== OBJECT) throw refused("an object is made and dropped");
      node.uses++;
      object.do({ code: op.POP, items: [value] });
    }
  }

  #tuple(count: number): void {
    this.#compound(TUPLE, count);
  }

  /** Puts a constant in the place of its parts. */
  #compound(kind: number, count: number): void {
    const items = Int32Array.from(this.#take(count));
    this.#stack.push(this.#constants.compound(kind, items, 0, count), 0);
  }

  /** A frozenset, its elements by number, so that it is one constant in whatever order they came. */
  #frozenset(elements: readonly number[]): number {
    const classes = new Set<number>();
    const kept = elements.filter((element) => {
      const key = this.#equality.of(element);
      return this.#equality.isDoubtful(element) || (!classes.has(key) && classes.add(key));
    });
    const items = Int32Array.from(kept).sort();
    return this.#constants.compound(FROZENSET, items, 0, items.length);
  }

  #object(code: number, count: number): void {
    this.#push(new GraphNode(OBJECT, this.#take(count), code));
  }

  /** Adds the last `count` values to the container or object below them. */
  #add(kind: number, code: number, count: number): void {
    const stack = this.#stack;
    const items = this.#take(count);
    stack.need(1);
    if (count === 0) return;
    const value = stack.value();
    const node = value < 0 ? (this.#nodes[nodeOf(value)] as GraphNode) : undefined;
    // No pickler does that; and a call may have looked at it.
    if (node !== undefined && node.uses > 0 && stack.start() !== MADE) {
      throw refused(`${op.opcodeName(this.#cursor.code)} changes what is a part of something already`);
    }
    if (node?.kind === kind) {
      // One by one: a spread of many would not fit the engine's stack.
      for (const item of items) node.items.push(item);
      return;
    }
    if (node?.kind !== OBJECT) throw refused(`${op.opcodeName(this.#cursor.code)} changes what is no object`);
    const last = node.deeds[node.deeds.length - 1];
    if (last?.code === code && code !== op.BUILD) for (const item of items) last.items.push(item);
    else node.do({ code, items });
  }

  #global(start: number, end: number): void {
    const { bytes } = this.#cursor;
    const middle = bytes.indexOf(10, start);
    const module = this.#constants.content(TEXT, bytes, start, middle);
    this.#pushGlobal(module, this.#constants.content(TEXT, bytes, middle + 1, end));
  }

  /** A name as a text. */
  #name(value: number): number {
    const constants = this.#constants;
    const kind = value < 0 ? -1 : constants.kinds.items[value];
    if (kind === TEXT) return value;
    const content = kind === STRING ? constants.contentOf(value) : undefined;
    if (content === undefined || !isAscii(content, 0, content.length)) {
      throw failure("invalid-arguments", "STACK_GLOBAL requires str");
    }
    return constants.content(TEXT, content.slice(), 0, content.length);
  }

  /** Pushes a global, under the names of Python 3. */
  #pushGlobal(module: number, name: number): void {
    this.#stack.push(globalConstant(this.#constants, module, name, this.#protocol < 3), 0);
  }

  /** Makes what older protocols have no opcode for; `false` if the call on top is something else. */
  #builtin(): boolean {
    const stack = this.#stack;
    const constants = this.#constants;
    const [callable, args] = [stack.value(1), stack.value()];
    const name = calledName(constants, callable, args);
    if (name === "") return false;
    const count = constants.second.items[args] as number;
    if (name === "builtins.set" || name === "builtins.frozenset") {
      const items = count === 0 ? [] : count === 1 ? this.#itemsOf(constants.part(args, 0)) : undefined;
      if (items === undefined) return false;
      stack.drop(2);
      if (name === "builtins.set") this.#push(new GraphNode(SET, [...items]));
      else stack.push(this.#frozenset(items), 0);
      return true;
    }
    const content = calledContent(constants, name, args);
    if (content === undefined) return false;
    stack.drop(2);
    if (name === "builtins.bytearray") this.#push(new GraphNode(BYTEARRAY, [], -1, content));
    else stack.push(constants.content(BYTES, content, 0, content.length), 0);
    return true;
  }

  /** The items of a list. */
  #itemsOf(value: number): readonly number[] | undefined {
    const node = value < 0 ? (this.#nodes[nodeOf(value)] as GraphNode) : undefined;
    return node?.kind === LIST ? node.items : undefined;
  }
}

/** Reads the pickle that begins at `start`. */
export function readGraph(bytes: Uint8Array, start: number): Graph {
  return new GraphReader(bytes, start).read();
}
