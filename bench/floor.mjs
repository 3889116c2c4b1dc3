// What V8 alone takes for a workload, whoever reads or writes it: a limit to see how near to it one is. No opcode, number or
// text is read or written.
const isContainer = (item) => typeof item === "object" && item !== null;

const SLAB = 65_536;
let slab = new Uint8Array(SLAB);
let used = 0;

/** Bytes share memory, as an `ArrayBuffer` of its own would cost more than all else. */
function copiedBytes(value) {
  if (value.length > SLAB >> 2) return value.slice();
  if (used + value.length > SLAB) {
    slab = new Uint8Array(SLAB);
    used = 0;
  }
  const copy = slab.subarray(used, (used += value.length));
  copy.set(value);
  return copy;
}

/** Reading: the same objects made of parts that are there, each by the fastest means that V8 has; bytes are copied. */
export function copied(value) {
  if (Array.isArray(value)) {
    const copy = value.length === 3 ? [value[0], value[1], value[2]] : value.slice();
    for (let index = 0; index < copy.length; index++) {
      if (isContainer(copy[index])) copy[index] = copied(copy[index]);
    }
    return copy;
  }
  if (value instanceof Uint8Array) return copiedBytes(value);
  if (value instanceof Map) return new Map(value);
  const copy = { ...value };
  for (const key in value) if (isContainer(value[key])) copy[key] = copied(value[key]);
  return copy;
}

/**
 * Writing: a walk to each value that notes each object's identity, without which no pickle can be written, and the output,
 * which is filled (with bytes of the value, where it has them) and handed out.
 */
export function walked(value, output) {
  const known = new Set();
  let scalars = 0;
  let length = 0;
  const walk = (item) => {
    if (!isContainer(item)) {
      scalars++;
      return;
    }
    const { size } = known;
    known.add(item);
    if (known.size === size) return;
    if (Array.isArray(item)) for (let index = 0; index < item.length; index++) walk(item[index]);
    else if (item instanceof Uint8Array) {
      output.set(item, length);
      length += item.length;
    } else if (item instanceof Map) {
      for (const [key, element] of item) {
        walk(key);
        walk(element);
      }
    } else for (const key in item) walk(item[key]);
  };
  walk(value);
  return scalars < 0 ? undefined : new Uint8Array(output);
}
