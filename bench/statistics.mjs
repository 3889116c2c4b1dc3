// What is made of the times: plain functions of numbers.

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function best(numbers) {
  return numbers.length === 0 ? NaN : Math.min(...numbers);
}

/** The mean of ratios; NaN for none. */
export function geometricMean(ratios) {
  if (ratios.length === 0) return NaN;
  return Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
}

/** The order of a round: rotated by one each round, and turned round every other, so that nobody has one neighbour. */
export function orderOf(items, round) {
  const shift = items.length === 0 ? 0 : round % items.length;
  const rotated = [...items.slice(shift), ...items.slice(0, shift)];
  return round % 2 === 1 ? rotated.toReversed() : rotated;
}

/** How often to call within a round, so that the clock has something to measure. */
export function callsFor(each, milliseconds) {
  return Math.max(1, Math.round(milliseconds / each));
}
