import { align, type Budget } from "./align.ts";
import type { Canon } from "./canon.ts";
import { lineOf, linesWhereTheyDiffer, textOf, typeOf } from "./describe.ts";
import { attributesOf, isAtom } from "./object-parts.ts";
import { pairElements } from "./pair-elements.ts";
import { PairSet } from "./pair-set.ts";
import type { DiffKind, DiffRow, DiffValue } from "./rows.ts";
import { below, type Path, pathText, ROOT } from "./path.ts";
import { strRepr } from "../python-repr.ts";
import { LargeMap } from "../large-map.ts";
import * as kind from "./store.ts";
import type { Store } from "./store.ts";

/** A pair of values to be compared, or a row to be put out: in the order of the values. */
type Task =
  | { readonly before: number; readonly after: number; readonly path: Path; readonly newPath: Path }
  | DiffRow;

const IDENTIFIER = /^[\p{ID_Start}_][\p{ID_Continue}]*$/u;
const NAME = 80;
/** What may be spent on aligning lists, so that the time is linear: some 10 ns a cell. */
const CELLS = 10_000_000;
const CELLS_A_NODE = 20;
/** So many items of two containers are looked at to see how much they are alike. */
const SAMPLE = 64;

/** Goes through two values side by side, without recursion, and notes what differs. */
export class Comparison {
  readonly rows: DiffRow[] = [];
  /** How many rows there were beyond the limit. */
  omitted = 0;
  readonly #store: Store;
  readonly #canon: Canon;
  readonly #limit: number;
  readonly #withSharing: boolean;
  readonly #seen: PairSet;
  /** With sharing: where each container was met first, and what stood beside it. */
  readonly #partners = new LargeMap<number, { readonly other: number; readonly path: Path }>();
  readonly #otherPartners = new LargeMap<number, { readonly other: number; readonly path: Path }>();
  readonly #tasks: Task[] = [];
  readonly #budget: Budget;
  /** What was looked at of the objects of the lists at hand. */
  readonly #parts = new LargeMap<number, readonly number[]>();
  /** How many rows there are, with those among the tasks. */
  #count = 0;

  constructor(store: Store, canon: Canon, limit: number, withSharing: boolean) {
    this.#store = store;
    this.#canon = canon;
    this.#limit = limit;
    this.#withSharing = withSharing;
    this.#seen = new PairSet(store.kinds.length + 1);
    this.#budget = { cells: CELLS + CELLS_A_NODE * store.kinds.length };
  }

  /** Compares two values. */
  run(before: number, after: number): void {
    const tasks = this.#tasks;
    tasks.push({ before, after, path: ROOT, newPath: ROOT });
    for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
      if ("kind" in task) this.rows.push(task);
      else {
        const from = tasks.length;
        this.#compare(task.before, task.after, task.path, task.newPath);
        // The last one is taken first.
        for (let i = from, j = tasks.length - 1; i < j; i++, j--) {
          const swapped = tasks[i] as Task;
          tasks[i] = tasks[j] as Task;
          tasks[j] = swapped;
        }
      }
    }
  }

  #valueOf(node: number, text: string = lineOf(this.#store, node)): DiffValue {
    return { type: typeOf(this.#store, node), text };
  }

  /** Whether there is room for another row. If not, it is only counted. */
  #hasRoom(): boolean {
    if (this.#count++ < this.#limit) return true;
    this.omitted++;
    return false;
  }

  /** A row, in its turn. */
  #row(rowKind: DiffKind, before: number, after: number, path: Path, newPath: Path = path): void {
    if (!this.#hasRoom()) return;
    const text = pathText(path);
    const newText = newPath === path ? text : pathText(newPath);
    const lines = rowKind === "changed" ? linesWhereTheyDiffer(this.#store, before, after) : undefined;
    this.#tasks.push({
      path: text,
      newPath: newText === text ? undefined : newText,
      kind: rowKind,
      before: before < 0 ? undefined : this.#valueOf(before, lines?.[0]),
      after: after < 0 ? undefined : this.#valueOf(after, lines?.[1]),
    });
  }

  /** Two values to be compared, unless they are equal. */
  #pair(before: number, after: number, path: Path, step: string, newPath: Path, newStep: string): void {
    if (this.#isEqual(before, after) && !this.#isShareable(before)) return;
    const { kinds } = this.#store;
    // Two plain values are told of at once: a million of them would be a million tasks.
    if ((kinds[before] as number) < kind.BYTEARRAY && (kinds[after] as number) < kind.BYTEARRAY) {
      const rowKind = kinds[before] === kinds[after] ? "changed" : "type-changed";
      const isSamePlace = newPath === path && newStep === step;
      if (this.#count >= this.#limit) this.omitted++;
      else {
        const place = below(path, step);
        this.#row(rowKind, before, after, place, isSamePlace ? place : below(newPath, newStep));
      }
      return;
    }
    const place = below(path, step);
    this.#tasks.push({
      before,
      after,
      path: place,
      newPath: newPath === path && newStep === step ? place : below(newPath, newStep),
    });
  }

  #isEqual(before: number, after: number): boolean {
    if (before === after) return true;
    const canon = this.#canon;
    return canon.of(before) === canon.of(after) && canon.isExact(before) && canon.isExact(after);
  }

  #isShareable(node: number): boolean {
    return this.#withSharing && (this.#store.kinds[node] as number) >= kind.BYTEARRAY;
  }

  #compare(before: number, after: number, path: Path, newPath: Path): void {
    const store = this.#store;
    const is = store.kinds[before] as number;
    if (this.#withSharing) this.#compareSharing(before, after, path, newPath);
    else if (this.#isEqual(before, after)) return;
    if (is !== store.kinds[after]) {
      this.#row("type-changed", before, after, path, newPath);
      return;
    }
    if (is < kind.BYTEARRAY) {
      if (before !== after) this.#row("changed", before, after, path, newPath);
      return;
    }
    if (!this.#seen.add(before, after)) return;
    switch (is) {
      case kind.LIST:
      case kind.TUPLE:
        this.#compareItems(store.children(before), store.children(after), path, newPath, is === kind.TUPLE);
        return;
      case kind.DICT:
        this.#compareEntries(store.children(before), store.children(after), path, newPath, (key) =>
          this.#keyStep(key),
        );
        return;
      case kind.SET:
      case kind.FROZENSET:
        this.#compareSets(store.children(before), store.children(after), path, newPath);
        return;
      case kind.OBJECT:
        this.#compareObjects(before, after, path, newPath);
        return;
      case kind.PERSISTENT: {
        const [id, otherId] = [store.children(before)[0] as number, store.children(after)[0] as number];
        const arePlain = Math.max(store.kinds[id] as number, store.kinds[otherId] as number) < kind.BYTEARRAY;
        if (id === otherId) return;
        if (arePlain) this.#row("changed", before, after, path, newPath);
        else this.#pair(id, otherId, path, ".<id>", newPath, ".<id>");
        return;
      }
      default:
        if (!this.#isEqual(before, after)) this.#row("changed", before, after, path, newPath);
    }
  }

  #compareSharing(before: number, after: number, path: Path, newPath: Path): void {
    const is = this.#store.kinds[before] as number;
    // Whether equal immutable values are one object makes no difference.
    if (is < kind.BYTEARRAY || is === kind.TUPLE || is === kind.FROZENSET || is !== this.#store.kinds[after])
      return;
    const known = this.#partners.get(before);
    const otherKnown = this.#otherPartners.get(after);
    if (known === undefined) this.#partners.set(before, { other: after, path });
    if (otherKnown === undefined) this.#otherPartners.set(after, { other: before, path: newPath });
    const isApart = known !== undefined && known.other !== after;
    const isJoined = otherKnown !== undefined && otherKnown.other !== before;
    if (isApart === isJoined || !this.#hasRoom()) return;
    const type = typeOf(this.#store, before);
    const own: DiffValue = { type, text: "an object of its own" };
    const same = (first: Path): DiffValue => ({ type, text: `the same object as ${pathText(first)}` });
    const text = pathText(path);
    const newText = pathText(newPath);
    this.#tasks.push({
      path: text,
      newPath: newText === text ? undefined : newText,
      kind: "sharing",
      before: isApart ? same(known.path) : own,
      after: isApart ? own : same((otherKnown as { path: Path }).path),
    });
  }

  #compareItems(
    before: readonly number[],
    after: readonly number[],
    path: Path,
    newPath: Path,
    isTuple: boolean,
  ): void {
    const canon = this.#canon;
    const isAligned =
      before.length === after.length && (isTuple || this.#countOfDifferent(before, after, 2) < 2);
    if (isAligned) {
      for (let at = 0; at < before.length; at++) {
        const [item, other] = [before[at] as number, after[at] as number];
        if (!this.#isEqual(item, other) || this.#isShareable(item))
          this.#pair(item, other, path, `[${at}]`, newPath, `[${at}]`);
      }
      return;
    }
    const { pairs, moved } = align(
      before.map((node) => canon.of(node)),
      after.map((node) => canon.of(node)),
      (i, j) => this.#likeness(before[i] as number, after[j] as number),
      this.#budget,
    );
    this.#parts.clear();
    for (const [i, j] of pairs) {
      if (i < 0) this.#row("added", -1, after[j] as number, below(newPath, `[${j}]`));
      else if (j < 0) this.#row("removed", before[i] as number, -1, below(path, `[${i}]`));
      else this.#pair(before[i] as number, after[j] as number, path, `[${i}]`, newPath, `[${j}]`);
    }
    for (const [i, j] of moved) {
      const [item, other] = [before[i] as number, after[j] as number];
      this.#row("moved", item, other, below(path, `[${i}]`), below(newPath, `[${j}]`));
      this.#pair(item, other, path, `[${i}]`, newPath, `[${j}]`);
    }
  }

  /** How many items differ from what stands at their place in another list of the same length, up to a limit. */
  #countOfDifferent(before: readonly number[], after: readonly number[], limit: number): number {
    let count = 0;
    for (let at = 0; at < before.length && count < limit; at++)
      if (this.#canon.of(before[at] as number) !== this.#canon.of(after[at] as number)) count++;
    return count;
  }

  /** How much two values that differ are alike: 0 for not at all, up to 1. */
  #likeness(before: number, after: number): number {
    const store = this.#store;
    const is = store.kinds[before] as number;
    if (is !== store.kinds[after]) return 0.01;
    if (is < kind.LIST) return 0.1;
    if (is === kind.OBJECT) {
      const [one, other] = [store.object(before), store.object(after)];
      if (this.#canon.of(one.callable) !== this.#canon.of(other.callable)) return 0.02;
      const parts = this.#partsOf(before);
      return 0.2 + 0.8 * this.#overlap(parts, this.#partsOf(after));
    }
    return 0.2 + 0.8 * this.#overlap(store.children(before), store.children(after));
  }

  /** What is looked at of an object to see how much another is alike. */
  #partsOf(node: number): readonly number[] {
    let parts = this.#parts.get(node);
    if (parts === undefined) {
      const { args, states, items, entries } = this.#store.object(node);
      parts = [attributesOf(this.#store, states) ?? [args, ...states], items, entries].flatMap((list) =>
        list.slice(0, SAMPLE),
      );
      this.#parts.set(node, parts);
    }
    return parts;
  }

  #overlap(before: readonly number[], after: readonly number[]): number {
    const there = new Set<number>();
    const count = Math.min(SAMPLE, before.length);
    for (let at = 0; at < count; at++) there.add(this.#canon.of(before[at] as number));
    let common = 0;
    const otherCount = Math.min(SAMPLE, after.length);
    for (let at = 0; at < otherCount; at++) if (there.has(this.#canon.of(after[at] as number))) common++;
    return Math.min(1, common / Math.max(1, count, otherCount));
  }

  /** Keys and values by turns. */
  #compareEntries(
    before: readonly number[],
    after: readonly number[],
    path: Path,
    newPath: Path,
    step: (key: number) => string,
  ): void {
    const canon = this.#canon;
    const places = (flat: readonly number[]): LargeMap<number, number> => {
      const map = new LargeMap<number, number>();
      for (let at = 0; at < flat.length; at += 2) map.set(canon.keyOf(flat[at] as number), at);
      return map;
    };
    const own = places(before);
    const others = places(after);
    for (const [key, at] of own) {
      const name = before[at] as number;
      const place = others.get(key);
      if (place === undefined) this.#row("removed", before[at + 1] as number, -1, below(path, step(name)));
      else {
        const value = before[at + 1] as number;
        const other = after[place + 1] as number;
        if (this.#isEqual(value, other) && !this.#isShareable(value)) continue;
        const text = step(name);
        this.#pair(value, other, path, text, newPath, text);
      }
    }
    for (const [key, at] of others)
      if (!own.has(key))
        this.#row("added", -1, after[at + 1] as number, below(newPath, step(after[at] as number)));
  }

  #compareSets(before: readonly number[], after: readonly number[], path: Path, newPath: Path): void {
    const { pairs, removed, added } = pairElements(this.#store, this.#canon, before, after);
    const step = (node: number): string => `{${textOf(this.#store, node, 1)}}`;
    for (const [one, other] of pairs) this.#pair(one, other, path, step(one), newPath, step(other));
    for (const node of removed) this.#row("removed", node, -1, below(path, step(node)));
    for (const node of added) this.#row("added", -1, node, below(newPath, step(node)));
  }

  #compareObjects(before: number, after: number, path: Path, newPath: Path): void {
    const store = this.#store;
    const [one, other] = [store.object(before), store.object(after)];
    if (!this.#isEqual(one.callable, other.callable)) {
      const areNamed =
        store.kinds[one.callable] === kind.GLOBAL && store.kinds[other.callable] === kind.GLOBAL;
      if (areNamed) {
        this.#row("type-changed", before, after, path, newPath);
        return;
      }
      this.#pair(one.callable, other.callable, path, ".<callable>", newPath, ".<callable>");
    }
    if (isAtom(this.#store, before) && isAtom(this.#store, after)) {
      if (!this.#isEqual(before, after)) this.#row("changed", before, after, path, newPath);
      return;
    }
    this.#part(one.args, other.args, "args", path, newPath);
    this.#part(one.kwargs, other.kwargs, "kwargs", path, newPath);
    const attributes = attributesOf(this.#store, one.states);
    const otherAttributes = attributesOf(this.#store, other.states);
    if (attributes !== undefined && otherAttributes !== undefined) {
      this.#compareEntries(attributes, otherAttributes, path, newPath, (key) => this.#keyStep(key));
    } else {
      for (let at = 0; at < Math.max(one.states.length, other.states.length); at++)
        this.#part(one.states[at] ?? -1, other.states[at] ?? -1, "state", path, newPath);
    }
    this.#compareItems(one.items, other.items, path, newPath, false);
    this.#compareEntries(one.entries, other.entries, path, newPath, (key) => this.#bracketStep(key));
  }

  /** A part of an object that has no name of its own. */
  #part(before: number, after: number, name: string, path: Path, newPath: Path): void {
    const step = `.<${name}>`;
    if (before >= 0 && after >= 0) this.#pair(before, after, path, step, newPath, step);
    else if (before >= 0) this.#row("removed", before, -1, below(path, step));
    else if (after >= 0) this.#row("added", -1, after, below(newPath, step));
  }

  #keyStep(key: number): string {
    const store = this.#store;
    if (store.kinds[key] !== kind.STR) return this.#bracketStep(key);
    const name = store.data[key] as string;
    return name.length <= NAME && IDENTIFIER.test(name) ? `.${name}` : this.#bracketStep(key);
  }

  #bracketStep(key: number): string {
    const store = this.#store;
    if (store.kinds[key] !== kind.STR) return `[${textOf(store, key, 2)}]`;
    const name = store.data[key] as string;
    return `[${strRepr(name.slice(0, NAME))}${name.length > NAME ? "…" : ""}]`;
  }
}
