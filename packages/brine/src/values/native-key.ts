/**
 * Whether a native `Map` or `Set` can hold this key as Python would: not NaN, not -0, nothing that compares by value. Nor a
 * bigint, whose hash in V8 is its lowest digit, so that whoever knows can make all of them collide.
 */
export function isNativeKey(key: unknown): boolean {
  switch (typeof key) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return key === key && (key !== 0 || 1 / key > 0);
    default:
      return key === null;
  }
}

/** The key that is equal to this native one in Python, if it is there already: `True` is 1 and `False` is 0. */
export function nativeKey(container: { has(key: unknown): boolean }, key: unknown): unknown {
  if (typeof key === "boolean") {
    const number = key ? 1 : 0;
    return container.has(number) ? number : key;
  }
  if (key === 1 || key === 0) return container.has(key === 1) ? key === 1 : key;
  return key;
}
