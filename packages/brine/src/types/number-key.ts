const size = (value: bigint): bigint => (value < 0n ? -value : value);

/** Numbers of more bits are left as they are: Euclid's algorithm takes quadratic time. */
const isLarge = (value: bigint): boolean => BigInt.asIntN(2048, value) !== value;

/** A fraction in lowest terms, the sign above; a very large one as it is. */
export function reduced(numerator: bigint, denominator: bigint): [bigint, bigint] {
  if (isLarge(numerator) || isLarge(denominator)) return [numerator, denominator];
  let [a, b] = [size(numerator), size(denominator)];
  while (b > 0n) [a, b] = [b, a % b];
  if (denominator < 0n) a = -a;
  return a === 0n ? [numerator, denominator] : [numerator / a, denominator / a];
}

/**
 * What a rational number is equal to as a key: an int, a float that has just this value, or itself. So `Decimal("0.5")`,
 * `Fraction(1, 2)` and `0.5` are one key, as they are in Python.
 */
export function numberKey(numerator: bigint, denominator: bigint): unknown {
  const [top, bottom] = reduced(numerator, denominator);
  if (bottom === 1n) return top;
  const power = bottom.toString(2);
  if (/^10*$/.test(power) && size(top) < 1n << 53n) {
    const unit = 2 ** (1 - power.length);
    const float = Number(top) * unit;
    if (float / unit === Number(top)) return float;
  }
  return ["Fraction", top, bottom];
}
