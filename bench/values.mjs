// What the benchmark asks of values: a digest that Python makes too (workloads.py), whether bytes were copied, and the
// value that `dumps` is to write in plain mode so that Python's pickle comes out.
import { createHash } from "node:crypto";

const number = new DataView(new ArrayBuffer(8));

/** A digest of a canonical walk. A whole number is the same whether Python had it as an int or as a float. */
export function digest(value) {
  const hash = createHash("sha256");
  let text = "";
  const flush = () => {
    hash.update(text);
    text = "";
  };
  const walk = (item) => {
    if (text.length > 60_000) flush();
    switch (typeof item) {
      case "boolean":
        text += item ? "T\n" : "F\n";
        return;
      case "bigint":
        text += `I${item}\n`;
        return;
      case "number":
        if (Number.isSafeInteger(item) && !Object.is(item, -0)) {
          text += `I${item}\n`;
        } else {
          number.setFloat64(0, item);
          text += `D${number.getBigUint64(0).toString(16).padStart(16, "0")}\n`;
        }
        return;
      case "string":
        text += `S${Buffer.byteLength(item)}:${item}`;
        return;
      case "object":
        break;
      default:
        throw new TypeError(`a ${typeof item}`);
    }
    if (item === null) {
      text += "N\n";
    } else if (Array.isArray(item)) {
      text += `L${item.length}\n`;
      for (const element of item) walk(element);
    } else if (item instanceof Uint8Array) {
      text += `B${item.length}:`;
      flush();
      hash.update(item);
    } else if (item instanceof Map) {
      text += `M${item.size}\n`;
      for (const [key, element] of item) {
        walk(key);
        walk(element);
      }
    } else if (Object.getPrototypeOf(item) === Object.prototype || Object.getPrototypeOf(item) === null) {
      const keys = Object.keys(item);
      text += `M${keys.length}\n`;
      for (const key of keys) {
        walk(key);
        walk(item[key]);
      }
    } else if (item.constructor.name === "PyObject") {
      text += `O${item.type.module}.${item.type.name}\n`;
      walk(item.state);
    } else if (typeof item["__module__"] === "string") {
      // What pickleparser makes of an instance.
      text += `O${item["__module__"]}.${item["__name__"]}\n`;
      walk({ ...item });
    } else {
      throw new TypeError(`an instance of ${item.constructor.name}`);
    }
  };
  walk(value);
  flush();
  return hash.digest("hex");
}

function children(value) {
  if (value === null || typeof value !== "object" || value instanceof Uint8Array) return [];
  if (Array.isArray(value)) return value;
  return value instanceof Map ? [...value.values()] : Object.values(value);
}

/** Whether bytes in a value lie in the memory of the input, so that reading them was no copy. */
export function sharesMemory(value, input) {
  if (value instanceof Uint8Array) return value.buffer === input.buffer;
  return children(value).some((child) => sharesMemory(child, input));
}

/** What a program that is not in exact mode has for an exact value, of JavaScript's own kinds; tuples stay so if asked. */
export function plain(value, { Tuple, PyObject }, { tuples }) {
  const convert = (item) => {
    if (typeof item === "bigint") {
      if (item < Number.MIN_SAFE_INTEGER || item > Number.MAX_SAFE_INTEGER) return item;
      // By way of text: straight from a bigint even a small number comes as a boxed double, which no program's own is.
      return JSON.parse(String(item));
    }
    if (item === null || typeof item !== "object" || item instanceof Uint8Array) return item;
    if (tuples && item instanceof Tuple) return Tuple.from(item.map(convert));
    if (Array.isArray(item)) return Array.from(item, convert);
    if (item instanceof Map) {
      // No array of pairs in between: two numbers in one would come out as boxed doubles.
      const map = new Map();
      for (const [key, element] of item) map.set(convert(key), convert(element));
      if ([...map.keys()].some((key) => typeof key !== "string")) return map;
      const object = {};
      for (const [key, element] of map) object[key] = element;
      return object;
    }
    if (item instanceof PyObject) {
      const { type, args, how, state } = item;
      return new PyObject(type, tuples ? convert(args) : args, { how, state: convert(state) });
    }
    return item;
  };
  return convert(value);
}
