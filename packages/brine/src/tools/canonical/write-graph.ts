import { OpWriter } from "../../syntax/op-writer.ts";
import * as op from "../../syntax/opcodes.ts";
import * as constant from "../compact/constants.ts";
import { BYTEARRAY, DICT, type Graph, type GraphNode, LIST, nodeOf, OBJECT, SET } from "./graph.ts";
import { Order } from "./order.ts";
import { refused } from "./refused.ts";

/** Source: CPython `Modules/_pickle.c`, `BATCHSIZE`. */
const BATCH = 1000;
/** Content of this size stands outside the frames. Source: CPython `Modules/_pickle.c`, `FRAME_SIZE_TARGET`. */
const FRAME_TARGET = 64 * 1024;

// What is being written.
/** Items in batches, one opcode for each. */
const BATCHES = 0;
/** Parts that are all on the stack before something is made of them. */
const TOGETHER = 1;
/** An object: its parts, then what is done to it. */
const DEEDS = 2;

interface Frame {
  readonly kind: number;
  /** The value that it is about. */
  readonly value: number;
  readonly items: readonly number[];
  index: number;
  /** Of batches: the opcode for one item, −1 without; how many values an item is; whether an empty batch may follow. */
  readonly one: number;
  readonly step: number;
  readonly isExact: boolean;
  /** What is written behind the items; of batches, behind this one; −1 for none. */
  tail: number;
  readonly many: number;
  batchEnd: number;
}

/** Writes a graph as CPython's pickler would, if it sorted dicts and sets and held equal immutable values to be one. */
class GraphWriter {
  readonly #graph: Graph;
  /** By value, 1 for what is written out each time. */
  readonly #repeated: Uint8Array;
  readonly #order: Order;
  readonly #writer: OpWriter;
  /** By value, constants first, its slot; −1 before it has one. */
  readonly #slots: Int32Array;
  /** By node, whether its parts are being written, before it is there. */
  readonly #isOpen: Uint8Array;
  readonly #frames: Frame[] = [];
  #slotCount = 0;

  constructor(graph: Graph, protocol: number, repeated: Uint8Array) {
    this.#graph = graph;
    this.#repeated = repeated;
    this.#order = new Order(graph, repeated);
    this.#writer = new OpWriter(protocol);
    this.#slots = new Int32Array(graph.constants.length + graph.nodes.length).fill(-1);
    this.#isOpen = new Uint8Array(graph.nodes.length);
  }

  write(): Uint8Array<ArrayBuffer> {
    const frames = this.#frames;
    this.#writer.begin();
    this.#value(this.#graph.root);
    while (frames.length > 0) {
      const frame = frames[frames.length - 1] as Frame;
      if (frame.kind === BATCHES) this.#batches(frame);
      else if (frame.index < frame.items.length) this.#value(frame.items[frame.index++] as number);
      else {
        frames.pop();
        this.#close(frame);
      }
    }
    this.#writer.end();
    return this.#writer.take();
  }

  #push(kind: number, value: number, items: readonly number[], tail: number): void {
    this.#frames.push({
      kind,
      value,
      items,
      index: 0,
      one: -1,
      step: 1,
      isExact: false,
      tail,
      many: -1,
      batchEnd: 0,
    });
  }

  #pushBatches(items: readonly number[], step: number, one: number, many: number, isExact: boolean): void {
    if (items.length === 0) return;
    this.#frames.push({
      kind: BATCHES,
      value: 0,
      items,
      index: 0,
      one,
      step,
      isExact,
      tail: -1,
      many,
      batchEnd: 0,
    });
  }

  /** Source: CPython `Modules/_pickle.c`, `batch_list`, `batch_list_exact`, `batch_dict`, `batch_dict_exact`, `save_set`. */
  #batches(frame: Frame): void {
    const writer = this.#writer;
    const { items, step, one, many } = frame;
    if (frame.index < frame.batchEnd) {
      this.#value(items[frame.index++] as number);
      return;
    }
    const left = items.length - frame.index;
    if (frame.tail >= 0) {
      writer.u8(frame.tail);
      if (left === 0) {
        // A full batch of an exact dict or set has another one behind it.
        if (
          frame.isExact &&
          many !== op.APPENDS &&
          frame.tail === many &&
          frame.index % (BATCH * step) === 0
        ) {
          writer.u8(op.MARK);
          writer.u8(many);
        }
        this.#frames.pop();
        return;
      }
    }
    const isAlone = one >= 0 && left === step && (frame.index === 0 || !frame.isExact);
    if (!isAlone) writer.u8(op.MARK);
    frame.tail = isAlone ? one : many;
    frame.batchEnd = frame.index + (isAlone ? step : Math.min(left, BATCH * step));
  }

  #index(value: number): number {
    return value >= 0 ? value : this.#graph.constants.length + nodeOf(value);
  }

  /** The slot that a value is fetched from, −1 for none. */
  #slot(value: number): number {
    const index = this.#index(value);
    return this.#repeated[index] === 1 ? -1 : (this.#slots[index] as number);
  }

  #memoize(value: number): void {
    this.#slots[this.#index(value)] = this.#slotCount;
    this.#writer.put(this.#slotCount++);
  }

  #value(value: number): void {
    const writer = this.#writer;
    if (writer.length >= writer.boundary) writer.nextFrame();
    const slot = this.#slot(value);
    if (slot >= 0) writer.get(slot);
    else if (value >= 0) this.#constant(value);
    else this.#node(value);
  }

  #constant(value: number): void {
    const { constants } = this.#graph;
    const writer = this.#writer;
    const kind = constants.kinds.items[value] as number;
    switch (kind) {
      case constant.NONE:
        writer.u8(op.NONE);
        return;
      case constant.TRUE:
      case constant.FALSE:
        writer.boolean(kind === constant.TRUE);
        return;
      case constant.INT:
        writer.safeInteger(constants.first.items[value] as number);
        return;
      case constant.LONG:
        this.#content(constants.contentOf(value), op.LONG1, op.LONG4, -1);
        return;
      case constant.FLOAT:
        writer.u8(op.BINFLOAT);
        for (const half of [constants.first, constants.second]) {
          writer.reserve(4);
          writer.view.setInt32(writer.length, half.items[value] as number);
          writer.length += 4;
        }
        return;
      case constant.TEXT:
        this.#content(constants.contentOf(value), op.SHORT_BINUNICODE, op.BINUNICODE, op.BINUNICODE8);
        break;
      case constant.BYTES:
        this.#content(constants.contentOf(value), op.SHORT_BINBYTES, op.BINBYTES, op.BINBYTES8);
        break;
      case constant.STRING:
        this.#content(constants.contentOf(value), op.SHORT_BINSTRING, op.BINSTRING, -1);
        break;
      case constant.EXTENSION:
        writer.extension(constants.first.items[value] as number);
        return;
      case constant.FROZENSET:
        writer.u8(op.MARK);
        this.#push(TOGETHER, value, this.#order.parts(value), op.FROZENSET);
        return;
      default:
        this.#compound(kind, value);
        return;
    }
    this.#memoize(value);
  }

  #compound(kind: number, value: number): void {
    const { constants } = this.#graph;
    const count = constants.second.items[value] as number;
    const first = constants.first.items[value] as number;
    const parts = Array.from(constants.parts.items.subarray(first, first + count));
    if (kind === constant.GLOBAL) this.#push(TOGETHER, value, parts, op.STACK_GLOBAL);
    else if (kind === constant.PERSISTENT) this.#push(TOGETHER, value, parts, op.BINPERSID);
    else if (count === 0) this.#writer.u8(op.EMPTY_TUPLE);
    else {
      if (count > 3) this.#writer.u8(op.MARK);
      this.#push(TOGETHER, value, parts, count > 3 ? op.TUPLE : op.TUPLE1 + count - 1);
    }
  }

  /** Content with its length in front, outside the frames if it is large. */
  #content(content: Uint8Array, short: number, medium: number, long: number): void {
    const writer = this.#writer;
    const { length } = content;
    const isLarge = length >= FRAME_TARGET;
    if (isLarge) writer.closeFrame();
    if (length < 256 && short >= 0) {
      writer.u8(short);
      writer.u8(length);
    } else if (length <= 0xffff_ffff && medium >= 0) {
      writer.u8(medium);
      writer.u32le(length);
    } else {
      writer.u8(long);
      writer.u64le(length);
    }
    writer.raw(content);
    if (isLarge) writer.openFrame();
  }

  #node(value: number): void {
    const writer = this.#writer;
    const node = this.#graph.nodes[nodeOf(value)] as GraphNode;
    switch (node.kind) {
      case LIST:
        writer.u8(op.EMPTY_LIST);
        this.#memoize(value);
        this.#pushBatches(node.items, 1, op.APPEND, op.APPENDS, true);
        break;
      case DICT:
        writer.u8(op.EMPTY_DICT);
        this.#memoize(value);
        this.#pushBatches(this.#order.parts(value), 2, op.SETITEM, op.SETITEMS, true);
        break;
      case SET:
        writer.u8(op.EMPTY_SET);
        this.#memoize(value);
        this.#pushBatches(this.#order.parts(value), 1, -1, op.ADDITEMS, true);
        break;
      case BYTEARRAY:
        writer.byteArray(node.content as Uint8Array);
        this.#memoize(value);
        break;
      default:
        this.#object(value, node);
    }
  }

  #object(value: number, node: GraphNode): void {
    const at = nodeOf(value);
    if (this.#isOpen[at] === 1 && this.#repeated[this.#index(value)] === 0) {
      throw refused("an object is inside its own constructor arguments");
    }
    this.#isOpen[at] = 1;
    if (node.code === op.OBJ) this.#writer.u8(op.MARK);
    this.#push(TOGETHER, value, node.items, node.code);
  }

  /** What is written when all the items of a frame are there. */
  #close({ kind, value, items, tail }: Frame): void {
    const writer = this.#writer;
    if (kind === DEEDS) {
      this.#deed(value, tail);
      return;
    }
    if (tail === op.BUILD || tail === op.POP) {
      writer.u8(tail);
      return;
    }
    // It got its slot while its parts were written: they are dropped, and it is fetched.
    const slot = this.#slot(value);
    if (slot >= 0) {
      const hasMark = tail === op.FROZENSET || tail === op.TUPLE;
      for (let left = hasMark ? 1 : items.length; left > 0; left--) writer.u8(hasMark ? op.POP_MARK : op.POP);
      writer.get(slot);
      return;
    }
    writer.u8(tail);
    if (tail === op.BINPERSID) return;
    this.#memoize(value);
    const node = value < 0 ? this.#graph.nodes[nodeOf(value)] : undefined;
    if (node?.kind === OBJECT && node.deeds.length > 0) this.#push(DEEDS, value, [], 0);
  }

  /** Does what is done to an object, one thing after the other. */
  #deed(value: number, index: number): void {
    const { deeds } = this.#graph.nodes[nodeOf(value)] as GraphNode;
    const deed = deeds[index];
    if (deed === undefined) return;
    this.#push(DEEDS, value, [], index + 1);
    const { code, items } = deed;
    if (code === op.APPENDS) this.#pushBatches(items, 1, op.APPEND, code, false);
    else if (code === op.SETITEMS) this.#pushBatches(items, 2, op.SETITEM, code, false);
    else if (code === op.ADDITEMS) this.#pushBatches(items, 1, -1, code, false);
    else this.#push(TOGETHER, value, items, code);
  }
}

/**
 * Writes a graph in canonical form.
 *
 * @param repeated - by value, constants first, 1 for what is written out wherever it stands.
 * @throws UnpicklingError `unsupported-operation` for what has none.
 */
export function writeGraph(graph: Graph, protocol: number, repeated: Uint8Array): Uint8Array<ArrayBuffer> {
  return new GraphWriter(graph, protocol, repeated).write();
}
