import { ARGUMENTS, bytesInside, isFlat, Shape, STATE } from "./shape.ts";
import { NOTHING, ROOT, StatStack } from "./stat-stack.ts";
import * as type from "./stat-types.ts";

/** What an object of `copyreg._reconstructor` takes beyond NEWOBJ: its callable, its base, None, the tuple's memo. */
const RECONSTRUCTOR = 6;
/** What bytes that `_codecs.encode` makes take beyond BINBYTES: the callable, the encoding, a tuple, two memo slots. */
const ENCODE = 8;
const DICT_OR_NONE = (1 << type.DICT_TYPE) | (1 << type.NONE_TYPE);

/** The stack, with what makes classes and objects of the values on it. */
export class StatObjects extends StatStack {
  stackGlobal(size: number): void {
    const from = Math.max(0, this.depth - 2);
    const names: string[] = [];
    let own = size;
    let booked = size;
    for (let at = from; at < this.depth; at++) {
      const kind = this.types[at] as number;
      const part = this.booked[at] as number;
      const text = kind === type.STR_TYPE ? this.labels.textAt(this.infos[at] as number) : undefined;
      names.push(text ?? "?");
      own += this.bytesOf(at);
      if (text === undefined || part === 0) continue;
      // The names are no strings that anybody gets.
      this.book(kind, -part, -1);
      booked += part;
    }
    this.cut(from);
    this.book(type.GLOBAL_TYPE, booked, 1);
    const global = this.table.globalOf(names.join("."));
    const use = this.table.globals[global] as type.GlobalUse;
    use.written++;
    use.used++;
    this.push(type.GLOBAL_TYPE, own, global, booked);
  }

  /**
   * An object of a callable and its arguments, the topmost `parts` values.
   *
   * @returns bytes that a newer protocol makes it with less.
   */
  construct(parts: number, size: number): number {
    const from = Math.max(0, this.depth - parts);
    const global = this.infoIf(from, type.GLOBAL_TYPE);
    const first = this.infoIf(from + 1, type.TUPLE_TYPE);
    const made = this.table.madeBy(global, first);
    let own = size;
    let booked = size;
    let shape: Shape | undefined;
    for (let at = from; at < this.depth; at++) {
      own += this.owns[at] as number;
      let inside = this.shapes[at];
      if (at > from) booked += this.take(at);
      if (inside === undefined) continue;
      if (!type.isClass(made) && made !== type.OBJECT_TYPE && inside.first?.next === undefined) {
        // A set of older protocols: set([…]).
        inside = inside.first as Shape;
        own += inside.own;
      }
      if (at === from || isFlat(inside)) own += bytesInside(inside);
      else if (!type.isClass(made) && made !== type.OBJECT_TYPE) shape = inside;
      else {
        shape ??= new Shape(ROOT);
        const target = this.folder.inside(shape, ARGUMENTS, undefined);
        target.count++;
        this.folder.fold(target, inside);
      }
    }
    this.cut(from);
    this.book(made, booked, 1);
    this.push(made, own, NOTHING, booked, shape);
    if (made === type.BYTES_TYPE) return ENCODE;
    return first >= 0 && global >= 0 && this.table.madeBy(global, NOTHING) !== made ? RECONSTRUCTOR : 0;
  }

  /** An object of what is above the MARK. */
  make(global: number, length: number, size: number): void {
    const from = Math.max(0, this.depth - length);
    const made = this.table.madeBy(global, NOTHING);
    let own = size;
    let shape = this.sequence(from);
    if (shape !== undefined && isFlat(shape)) {
      own += bytesInside(shape);
      shape = undefined;
    } else if (shape !== undefined) {
      const outer = new Shape(ROOT);
      const target = this.folder.inside(outer, ARGUMENTS, undefined);
      target.count++;
      this.folder.fold(target, shape);
      shape = outer;
    }
    this.cut(from);
    this.book(made, size, 1);
    this.push(made, own, NOTHING, size, shape);
  }

  build(size: number): void {
    const at = this.depth - 1;
    if (at < 1) {
      this.book(type.OBJECT_TYPE, size, 0);
      this.addToTop(size);
      return;
    }
    const target = at - 1;
    const state = this.shapes[at];
    const kind = this.types[at];
    let own = size + (this.owns[at] as number);
    const booked = size + this.take(at);
    if (state !== undefined) {
      if (kind === type.DICT_TYPE) this.folder.fold((this.shapes[target] ??= new Shape(ROOT)), state);
      else if (kind === type.TUPLE_TYPE && isSlotsState(state)) {
        for (let part = state.first; part !== undefined; part = part.next) {
          own += part.own;
          this.folder.fold((this.shapes[target] ??= new Shape(ROOT)), part);
        }
      } else if (isFlat(state)) own += bytesInside(state);
      else {
        const slot = this.folder.inside((this.shapes[target] ??= new Shape(ROOT)), STATE, undefined);
        slot.count++;
        this.folder.fold(slot, state);
      }
    }
    this.cut(at);
    this.owns[target] = (this.owns[target] as number) + own;
    this.add(target, booked);
  }

  persistentId(size: number): void {
    const from = Math.max(0, this.depth - 1);
    const own = from < this.depth ? this.bytesOf(from) : 0;
    this.cut(from);
    this.book(type.PERSISTENT_TYPE, size, 1);
    this.push(type.PERSISTENT_TYPE, own + size, NOTHING, size);
  }
}

/** Whether a state is a pair of the attributes and of those in slots. */
function isSlotsState(state: Shape): boolean {
  let count = 0;
  for (let part = state.first; part !== undefined; part = part.next) {
    if ((part.types & ~DICT_OR_NONE) !== 0) return false;
    count++;
  }
  return count === 2 && !isFlat(state);
}
