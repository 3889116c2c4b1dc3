import { LargeMap } from "../large-map.ts";

/** An item of the one list beside one of the other, by their places; −1 for none. */
type Alignment = readonly [before: number, after: number];

/** What may be spent on finding the best alignment; when it is gone, what is between the anchors is matched in order. */
export interface Budget {
  /** Cells of tables. */
  cells: number;
}

/** What it costs to see how much two items are alike, in cells. */
const LIKENESS = 16;
/** A run of changes longer than this is matched in order. */
const RUN = 64;

/** Places of the items that come once in a list, by what they are. */
function onceIn(items: readonly number[]): LargeMap<number, number> {
  const places = new LargeMap<number, number>();
  for (let at = 0; at < items.length; at++) {
    const item = items[at] as number;
    places.set(item, places.has(item) ? -1 : at);
  }
  return places;
}

/** The longest run of pairs that rise in both places, of pairs that rise in the first: patience sorting. */
function rising(pairs: readonly Alignment[]): Alignment[] {
  const tails: number[] = [];
  const before: number[] = [];
  pairs.forEach(([, after], at) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[tails[middle] as number] as Alignment)[1] < after) low = middle + 1;
      else high = middle;
    }
    before[at] = low > 0 ? (tails[low - 1] as number) : -1;
    tails[low] = at;
  });
  const chain: Alignment[] = [];
  for (let at = tails.at(-1) ?? -1; at >= 0; at = before[at] as number) chain.push(pairs[at] as Alignment);
  return chain.toReversed();
}

/** Two lists side by side. */
export interface SideBySide {
  /** What stands beside what, in order. */
  readonly pairs: readonly Alignment[];
  /** What comes once in both, at another place among the rest. */
  readonly moved: readonly Alignment[];
}

/**
 * Puts two lists of numbers side by side: what is equal, in order, and of the rest what is most alike. Items that come
 * once in both are the anchors (patience diff); between them a table finds the longest common subsequence, as long as
 * the tables do not grow too large. So it is n log n at most.
 *
 * @param likeness - how much two items that differ are alike: 0 for not at all, up to 1.
 */
export function align(
  before: readonly number[],
  after: readonly number[],
  likeness: (before: number, after: number) => number,
  budget: Budget,
): SideBySide {
  const once = onceIn(before);
  const onceAfter = onceIn(after);
  const both: Alignment[] = [];
  // A Map has them in the order they came first, and each came once.
  for (const [item, place] of once) {
    const other = onceAfter.get(item) ?? -1;
    if (place >= 0 && other >= 0) both.push([place, other]);
  }
  const anchors = rising(both);
  const moved = both.length === anchors.length ? [] : both.filter(notIn(anchors));
  const pairs: Alignment[] = [];
  const gaps = new Gaps(before, after, moved, likeness, budget, pairs);
  let [from, otherFrom] = [0, 0];
  for (const [place, other] of anchors) {
    gaps.between(from, place, otherFrom, other);
    pairs.push([place, other]);
    from = place + 1;
    otherFrom = other + 1;
  }
  gaps.between(from, before.length, otherFrom, after.length);
  return { pairs, moved };
}

/** Whether a pair is none of some, which are in the same order. */
function notIn(some: readonly Alignment[]): (pair: Alignment) => boolean {
  let at = 0;
  return (pair) => {
    if (pair !== some[at]) return true;
    at++;
    return false;
  };
}

/** Matches what is between the anchors. */
class Gaps {
  readonly #before: readonly number[];
  readonly #after: readonly number[];
  readonly #movedFrom: LargeMap<number, true>;
  readonly #movedTo: LargeMap<number, true>;
  readonly #likeness: (before: number, after: number) => number;
  readonly #result: Alignment[];
  readonly #budget: Budget;

  constructor(
    before: readonly number[],
    after: readonly number[],
    moved: readonly Alignment[],
    likeness: (before: number, after: number) => number,
    budget: Budget,
    result: Alignment[],
  ) {
    this.#budget = budget;
    this.#before = before;
    this.#after = after;
    this.#movedFrom = new LargeMap();
    this.#movedTo = new LargeMap();
    for (const [from, to] of moved) {
      this.#movedFrom.set(from, true);
      this.#movedTo.set(to, true);
    }
    this.#likeness = likeness;
    this.#result = result;
  }

  between(from: number, to: number, otherFrom: number, otherTo: number): void {
    const rows = staying(from, to, this.#movedFrom);
    const columns = staying(otherFrom, otherTo, this.#movedTo);
    const isSame = (i: number, j: number): boolean =>
      this.#before[rows[i] as number] === this.#after[columns[j] as number];
    let start = 0;
    const shorter = Math.min(rows.length, columns.length);
    while (start < shorter && isSame(start, start)) this.#pair(rows, start, columns, start++);
    let same = 0;
    while (same < shorter - start && isSame(rows.length - 1 - same, columns.length - 1 - same)) same++;
    const end = rows.length - same;
    const otherEnd = columns.length - same;
    const size = (end - start) * (otherEnd - start);
    let [i, j] = [start, start];
    if (size > 0 && size <= this.#budget.cells) {
      this.#budget.cells -= size;
      for (const [one, other] of common(end - start, otherEnd - start, (x, y) =>
        isSame(start + x, start + y),
      )) {
        this.#differing(rows, i, start + one, columns, j, start + other);
        this.#pair(rows, start + one, columns, start + other);
        i = start + one + 1;
        j = start + other + 1;
      }
    }
    this.#differing(rows, i, end, columns, j, otherEnd);
    for (let at = 0; at < same; at++) this.#pair(rows, end + at, columns, otherEnd + at);
  }

  #pair(rows: readonly number[], i: number, columns: readonly number[], j: number): void {
    this.#result.push([rows[i] ?? -1, columns[j] ?? -1]);
  }

  #differing(
    rows: readonly number[],
    from: number,
    to: number,
    columns: readonly number[],
    otherFrom: number,
    otherTo: number,
  ): void {
    const height = to - from;
    const width = otherTo - otherFrom;
    const cost = height * width * LIKENESS;
    if (cost > 0 && height <= RUN && width <= RUN && cost <= this.#budget.cells) {
      this.#budget.cells -= cost;
      const like = (i: number, j: number): number =>
        this.#likeness(rows[from + i] as number, columns[otherFrom + j] as number);
      for (const [i, j] of best(height, width, like))
        this.#pair(rows, i < 0 ? -1 : from + i, columns, j < 0 ? -1 : otherFrom + j);
      return;
    }
    const shorter = Math.min(height, width);
    for (let i = 0; i < shorter; i++) this.#pair(rows, from + i, columns, otherFrom + i);
    for (let i = shorter; i < height; i++) this.#pair(rows, from + i, columns, -1);
    for (let j = shorter; j < width; j++) this.#pair(rows, -1, columns, otherFrom + j);
  }
}

/** The places of a run that are not moved away. */
function staying(from: number, to: number, moved: LargeMap<number, true>): number[] {
  const places: number[] = [];
  for (let at = from; at < to; at++) if (!moved.has(at)) places.push(at);
  return places;
}

/** The longest common subsequence. */
function common(rows: number, columns: number, isSame: (i: number, j: number) => boolean): Alignment[] {
  const width = columns + 1;
  const lengths = new Uint32Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      lengths[i * width + j] = isSame(i, j)
        ? (lengths[(i + 1) * width + j + 1] as number) + 1
        : Math.max(lengths[(i + 1) * width + j] as number, lengths[i * width + j + 1] as number);
    }
  }
  const found: Alignment[] = [];
  for (let i = 0, j = 0; i < rows && j < columns;) {
    if (isSame(i, j)) found.push([i++, j++]);
    else if ((lengths[(i + 1) * width + j] as number) >= (lengths[i * width + j + 1] as number)) i++;
    else j++;
  }
  return found;
}

/** Of two runs that differ, the pairs that are most alike in all, in order; the rest stays alone. */
function best(rows: number, columns: number, likeness: (i: number, j: number) => number): Alignment[] {
  const width = columns + 1;
  const scores = new Float64Array((rows + 1) * width);
  const likes = new Float64Array(rows * columns);
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      const like = (likes[i * columns + j] = likeness(i, j));
      const paired = (scores[(i + 1) * width + j + 1] as number) + like;
      const alone = Math.max(scores[(i + 1) * width + j] as number, scores[i * width + j + 1] as number);
      scores[i * width + j] = like > 0 ? Math.max(paired, alone) : alone;
    }
  }
  const result: Alignment[] = [];
  let i = 0;
  let j = 0;
  while (i < rows && j < columns) {
    const like = likes[i * columns + j] as number;
    const score = scores[i * width + j] as number;
    if (like > 0 && score === (scores[(i + 1) * width + j + 1] as number) + like) result.push([i++, j++]);
    else if (score === scores[(i + 1) * width + j]) result.push([i++, -1]);
    else result.push([-1, j++]);
  }
  while (i < rows) result.push([i++, -1]);
  while (j < columns) result.push([-1, j++]);
  return result;
}
