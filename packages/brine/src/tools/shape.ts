import { isClass, OBJECT_TYPE } from "./stat-types.ts";

/** The label of all entries of a container whose keys are too many to be told apart. */
export const ANY_KEY = 0;
/** The label of the items of a list, whatever their index. */
export const ANY_ITEM = 1;
/** The label of what a callable is given. */
export const ARGUMENTS = 2;
/** The label of a state that is no dict. */
export const STATE = 3;

const NO_CLASS = -1;
const MANY_CLASSES = -2;

/**
 * The values of one path, folded into one: their own bytes, their count, their types, and a list of the shapes of what is in
 * them by label. Linked, as two arrays took another 110 bytes a shape.
 */
export class Shape {
  readonly label: number;
  own = 0;
  /** With all that is inside, once it has been summed up. */
  total = 0;
  count = 0;
  /** A bit for each builtin type. */
  types = 0;
  /** The one class, as a type's number; negative for none and for several. */
  classType: number = NO_CLASS;
  /** What is inside: its first, whose `next` is the second. {@link ANY_KEY} comes first. */
  first: Shape | undefined = undefined;
  next: Shape | undefined = undefined;
  /** The shape that this one has become a part of. */
  foldedInto: Shape | undefined = undefined;

  constructor(label: number) {
    this.label = label;
  }
}

/** Counts one value in its shape, without what is in it. */
export function countValue(shape: Shape, type: number, own: number): void {
  shape.own += own;
  shape.count++;
  if (!isClass(type)) shape.types |= 1 << type;
  else {
    shape.types |= 1 << OBJECT_TYPE;
    shape.classType = shape.classType === NO_CLASS || shape.classType === type ? type : MANY_CLASSES;
  }
}

/**
 * Folds shapes into one another. Each fold takes a shape apart, so that all folds together take no longer than it took to
 * make the shapes.
 */
export class ShapeFolder {
  /** So many labels stay apart. */
  readonly #most: number;
  // What is still to be folded: the second of a pair goes into the first.
  readonly #targets: Shape[] = [];
  readonly #sources: Shape[] = [];
  #isWorking = false;

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * The shape in `parent` of a label; that of {@link ANY_KEY} if there are too many.
   *
   * @param hint - the shape that it may be.
   */
  inside(parent: Shape, label: number, hint: Shape | undefined): Shape {
    if (hint !== undefined && hint.label === label) return hint;
    let last: Shape | undefined;
    let count = 0;
    for (let shape = parent.first; shape !== undefined; shape = shape.next) {
      if (shape.label === label) return shape;
      last = shape;
      count++;
    }
    if (last === undefined) return (parent.first = new Shape(label));
    if (label === ANY_KEY) return this.#foldKeys(parent);
    if (label > STATE) {
      const first = parent.first as Shape;
      if (first.label === ANY_KEY) return first;
      if (count >= this.#most) return this.#foldKeys(parent);
    }
    return (last.next = new Shape(label));
  }

  /** Puts what is inside `from` into `into`; `from` is of no use any more. */
  fold(into: Shape, from: Shape): void {
    if (into.first === undefined) {
      into.first = from.first;
      return;
    }
    this.#targets.push(into);
    this.#sources.push(from);
    this.#work();
  }

  #work(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    for (let from = this.#sources.pop(); from !== undefined; from = this.#sources.pop()) {
      const into = this.#current(this.#targets.pop() as Shape);
      if (into.first === undefined) {
        into.first = from.first;
        continue;
      }
      let hint: Shape | undefined = into.first;
      for (let part = from.first; part !== undefined; part = part.next) {
        const target = this.inside(into, part.label, hint);
        hint = target.next;
        addOwn(target, part);
        if (part.first === undefined) continue;
        this.#targets.push(target);
        this.#sources.push(part);
      }
    }
    this.#isWorking = false;
  }

  /** A shape that waits for its parts may have been folded meanwhile. */
  #current(shape: Shape): Shape {
    let current = shape;
    while (current.foldedInto !== undefined) current = current.foldedInto;
    return current;
  }

  #foldKeys(parent: Shape): Shape {
    const any = new Shape(ANY_KEY);
    let last = any;
    let next: Shape | undefined;
    for (let shape = parent.first; shape !== undefined; shape = next) {
      next = shape.next;
      if (shape.label <= STATE) {
        last.next = shape;
        last = shape;
        shape.next = undefined;
        continue;
      }
      addOwn(any, shape);
      shape.foldedInto = any;
      if (shape.first === undefined) continue;
      this.#targets.push(any);
      this.#sources.push(shape);
    }
    parent.first = any;
    this.#work();
    return any;
  }
}

function addOwn(into: Shape, from: Shape): void {
  into.own += from.own;
  into.count += from.count;
  into.types |= from.types;
  if (from.classType !== NO_CLASS) {
    into.classType =
      into.classType === NO_CLASS || into.classType === from.classType ? from.classType : MANY_CLASSES;
  }
}

/** The bytes of all that is inside a shape. */
export function bytesInside(shape: Shape): number {
  if (isFlat(shape)) {
    let sum = 0;
    for (let part = shape.first; part !== undefined; part = part.next) sum += part.own;
    return sum;
  }
  let sum = 0;
  const stack = [shape];
  for (let outer = stack.pop(); outer !== undefined; outer = stack.pop()) {
    for (let part = outer.first; part !== undefined; part = part.next) {
      sum += part.own;
      if (part.first !== undefined) stack.push(part);
    }
  }
  return sum;
}

/** Whether nothing inside has anything inside. */
export function isFlat(shape: Shape): boolean {
  for (let part = shape.first; part !== undefined; part = part.next) {
    if (part.first !== undefined) return false;
  }
  return true;
}
