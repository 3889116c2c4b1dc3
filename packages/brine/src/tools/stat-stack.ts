import { MOST_INDEXES, type PathLabels } from "./path-labels.ts";
import { ANY_ITEM, ANY_KEY, bytesInside, countValue, Shape, ShapeFolder } from "./shape.ts";
import * as type from "./stat-types.ts";

/** In the place of a number that is not known. */
export const NOTHING = -1;
/** The label of what has none. */
export const ROOT = -1;

/**
 * The stack of the pickle machine with sizes in the place of values: of each its type, the bytes of its path, and the shape
 * of what is in it. An atom takes no object. What makes objects is in `stat-objects.ts`.
 */
export class StatStack {
  /** What all the pickles hold. */
  readonly root: Shape = new Shape(ROOT);
  /** Bytes of the MARK that was closed last, 0 if there was none. */
  markSize = 0;
  /** Bytes behind what could be read. */
  unread = 0;
  protected depth = 0;
  protected readonly types: number[] = [];
  /** Bytes of the value's path. */
  protected readonly owns: number[] = [];
  /** Bytes that its type has for it: none if it comes out of the memo. */
  protected readonly booked: number[] = [];
  /** Of an atom, where it is written; of a class, its number; of a tuple, that of the class it begins with. */
  protected readonly infos: number[] = [];
  protected readonly shapes: (Shape | undefined)[] = [];
  readonly #marks: number[] = [];
  protected readonly table: type.TypeTable;
  protected readonly labels: PathLabels;
  protected readonly folder: ShapeFolder;
  /** Bytes of what was popped: those of the value that comes next. */
  #pending = 0;

  constructor(table: type.TypeTable, labels: PathLabels, mostKeys: number) {
    this.table = table;
    this.labels = labels;
    // The labels that any shape may have, and the keys.
    this.folder = new ShapeFolder(mostKeys);
  }

  get topType(): number {
    return this.depth === 0 ? type.OBJECT_TYPE : (this.types[this.depth - 1] as number);
  }

  get topInfo(): number {
    return this.depth === 0 ? NOTHING : (this.infos[this.depth - 1] as number);
  }

  /** Puts a value on the stack, whose bytes are booked on its type by whoever calls. */
  push(kind: number, own: number, info: number, booked = own, shape?: Shape): void {
    const at = this.depth++;
    this.types[at] = kind;
    this.owns[at] = own + this.#pending;
    this.booked[at] = booked;
    this.infos[at] = info;
    this.shapes[at] = shape;
    this.#pending = 0;
  }

  /** A value out of the memo. */
  pushReference(kind: number, own: number, info: number): void {
    this.push(kind, own, info, 0);
  }

  mark(): void {
    this.#marks.push(this.depth);
  }

  /** Takes a MARK away; gives how many values are above it. */
  closeMark(): number {
    const at = this.#marks.pop();
    this.markSize = at === undefined ? 0 : 1;
    // POP may have gone below a MARK, where Python fails.
    return Math.max(0, this.depth - (at ?? 0));
  }

  addToRoot(size: number): void {
    this.root.own += size;
  }

  addToTop(size: number): void {
    const top = this.depth - 1;
    if (top < 0) this.root.own += size;
    else this.owns[top] = (this.owns[top] as number) + size;
  }

  /** The number of the class that stands so far below the top. */
  globalAt(depth: number): number {
    const at = this.depth - 1 - depth;
    return this.infoIf(at, type.GLOBAL_TYPE);
  }

  discard(size: number): void {
    const at = this.depth - 1;
    if (this.#marks.at(-1) === at + 1) {
      this.#marks.pop();
      this.#drop(size + 1);
      return;
    }
    if (at < 0) {
      this.#drop(size);
      return;
    }
    const isObject = type.isClass(this.types[at] as number);
    const bytes = this.bytesOf(at);
    this.cut(at);
    this.book(type.STACK_TYPE, size, 0);
    // What a state setter gave back is the matter of the object below it.
    if (isObject && at > 0) this.addToTop(bytes + size);
    else this.#pending += bytes + size;
  }

  discardToMark(size: number): void {
    const from = this.depth - this.closeMark();
    let bytes = 0;
    for (let at = from; at < this.depth; at++) bytes += this.bytesOf(at);
    this.cut(from);
    this.#pending += bytes;
    this.#drop(size + this.markSize);
  }

  duplicate(size: number): void {
    this.pushReference(this.topType, size, this.topInfo);
  }

  tuple(length: number, size: number): void {
    const from = Math.max(0, this.depth - length);
    const shape = this.sequence(from);
    const first = this.infoIf(from, type.GLOBAL_TYPE);
    this.cut(from);
    this.book(type.TUPLE_TYPE, size, 1);
    this.push(type.TUPLE_TYPE, size, first, size, shape);
  }

  /** A list or a frozenset of all that is above the MARK. */
  collection(kind: number, size: number): void {
    const from = this.depth - this.closeMark();
    const shape = this.#items(from);
    this.cut(from);
    this.book(kind, size + this.markSize, 1);
    this.push(kind, size + this.markSize, NOTHING, size + this.markSize, shape);
  }

  /** A dict of all that is above the MARK. */
  dict(size: number): void {
    const from = this.depth - this.closeMark();
    const shape = from < this.depth ? new Shape(ROOT) : undefined;
    if (shape !== undefined) this.#entries(shape, from);
    this.cut(from);
    this.book(type.DICT_TYPE, size + this.markSize, 1);
    this.push(type.DICT_TYPE, size + this.markSize, NOTHING, size + this.markSize, shape);
  }

  append(length: number, size: number): void {
    const from = Math.max(0, this.depth - length);
    const shape = this.#fill(from, size);
    if (shape !== undefined && from < this.depth) {
      const items = this.folder.inside(shape, ANY_ITEM, shape.first);
      for (let at = from; at < this.depth; at++) this.#put(items, at, 0);
    }
    this.cut(from);
  }

  setItems(length: number, size: number): void {
    const from = Math.max(0, this.depth - length);
    const shape = this.#fill(from, size);
    if (shape !== undefined && from < this.depth) this.#entries(shape, from);
    this.cut(from);
  }

  /** At STOP: the topmost value is what the pickle holds. */
  finish(): void {
    const top = this.depth - 1;
    if (top >= 0) {
      this.#put(this.root, top, 0);
      this.cut(top);
    }
    this.abandon();
  }

  /** Books what is left on the stack on the root. */
  abandon(): void {
    for (let at = 0; at < this.depth; at++) this.root.own += this.bytesOf(at);
    this.cut(0);
    this.root.own += this.#pending + this.#marks.length;
    this.book(type.STACK_TYPE, this.#marks.length, 0);
    this.#pending = 0;
    this.#marks.length = 0;
  }

  /** What is known of the value at `at`, if it is there and of that type. */
  protected infoIf(at: number, kind: number): number {
    return at >= 0 && at < this.depth && this.types[at] === kind ? (this.infos[at] as number) : NOTHING;
  }

  protected book(kind: number, bytes: number, count: number): void {
    const table = this.table;
    table.bytes[kind] = (table.bytes[kind] as number) + bytes;
    table.counts[kind] = (table.counts[kind] as number) + count;
  }

  #drop(size: number): void {
    this.book(type.STACK_TYPE, size, 0);
    this.#pending += size;
  }

  /** Books bytes on the type of a value. */
  protected add(at: number, bytes: number): void {
    this.book(this.types[at] as number, bytes, 0);
    if (this.booked[at] !== 0) this.booked[at] = (this.booked[at] as number) + bytes;
  }

  /** Takes what is booked for a tuple of arguments, or for a state, from its type. */
  protected take(at: number): number {
    const kind = this.types[at] as number;
    const booked = this.booked[at] as number;
    if (booked === 0 || (kind !== type.TUPLE_TYPE && kind !== type.DICT_TYPE)) return 0;
    this.book(kind, -booked, -1);
    return booked;
  }

  protected bytesOf(at: number): number {
    const shape = this.shapes[at];
    return (this.owns[at] as number) + (shape === undefined ? 0 : bytesInside(shape));
  }

  /** The arrays keep their room: at a smaller `length` V8 would shrink them, to let them grow again. */
  protected cut(depth: number): void {
    for (let at = depth; at < this.depth; at++) this.shapes[at] = undefined;
    this.depth = depth;
  }

  /** Counts the value at `at` in a shape, with what is in it. */
  #put(shape: Shape, at: number, beside: number): void {
    countValue(shape, this.types[at] as number, (this.owns[at] as number) + beside);
    const inside = this.shapes[at];
    if (inside !== undefined) this.folder.fold(shape, inside);
  }

  /** The shape of the container below `from`; `undefined` if there is none. */
  #fill(from: number, size: number): Shape | undefined {
    const target = from - 1;
    if (target < 0) {
      this.root.own += size;
      this.book(type.STACK_TYPE, size, 0);
      // What was to be put in stays without a place.
      for (let at = from; at < this.depth; at++) this.#pending += this.bytesOf(at);
      return undefined;
    }
    this.owns[target] = (this.owns[target] as number) + size;
    this.add(target, size);
    return (this.shapes[target] ??= new Shape(ROOT));
  }

  #items(from: number): Shape | undefined {
    if (from >= this.depth) return undefined;
    const shape = new Shape(ROOT);
    const items = this.folder.inside(shape, ANY_ITEM, shape.first);
    for (let at = from; at < this.depth; at++) this.#put(items, at, 0);
    return shape;
  }

  /** The items of a tuple: by index if they are few. */
  protected sequence(from: number): Shape | undefined {
    const length = this.depth - from;
    if (length > MOST_INDEXES) return this.#items(from);
    if (length === 0) return undefined;
    const shape = new Shape(ROOT);
    let last: Shape | undefined;
    for (let index = 0; index < length; index++) {
      const item = new Shape(this.labels.ofIndex(index));
      this.#put(item, from + index, 0);
      if (last === undefined) shape.first = item;
      else last.next = item;
      last = item;
    }
    return shape;
  }

  #entries(shape: Shape, from: number): void {
    const depth = this.depth;
    let hint = shape.first;
    for (let at = from; at < depth; at += 2) {
      if (at + 1 === depth) {
        this.#put(this.folder.inside(shape, ANY_KEY, hint), at, 0);
        return;
      }
      const kind = this.types[at] as number;
      const isNamed = kind <= type.BYTES_TYPE && shape.first?.label !== ANY_KEY;
      const label = isNamed ? this.labels.ofKey(this.infos[at] as number) : ANY_KEY;
      const entry = this.folder.inside(shape, label, hint);
      this.#put(entry, at + 1, this.bytesOf(at));
      hint = entry.next;
    }
  }
}
