/**
 * Whether a native `Map` or `Set` can hold this key as Python would: not NaN, not -0, nothing that compares by value. Nor a
 * bigint, whose hash in V8 is its lowest digit, so that whoever knows can make all of them collide.
 */
export function isNativeKey(key: unknown): boolean {
  if (typeof key === "number") return key === key && !Object.is(key, -0);
  return key === null || typeof key === "string" || typeof key === "boolean";
}

/** The key that is equal to this native one in Python, if it is there already: `True` is 1 and `False` is 0. */
export function nativeKey(container: { has(key: unknown): boolean }, key: unknown): unknown {
  const twin = typeof key === "boolean" ? Number(key) : key === 1 || key === 0 ? key === 1 : key;
  return twin !== key && container.has(twin) ? twin : key;
}
