/** The bits of a table's number that are an index plus one; the others are of the hash. */
export const INDEX_BITS = 0x00ff_ffff;

/**
 * Puts the entries from `index` up to `count` into `table`: its cells are 0, or an index plus one with the upper bits of its hash.
 * `numbers` has the hash of each entry, `stride` apart.
 */
export function fillTable(
  table: Int32Array,
  mask: number,
  numbers: Int32Array,
  stride: number,
  index: number,
  count: number,
): void {
  while (index < count) {
    const hash = numbers[stride * index++] as number;
    let cell = hash & mask;
    for (let step = 1; table[cell] !== 0; step++) cell = (cell + step) & mask;
    table[cell] = (hash & ~INDEX_BITS) | index;
  }
}
