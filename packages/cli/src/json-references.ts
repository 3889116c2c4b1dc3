import { PyObject } from "brine/core";
import { IdentityMap } from "./identity.ts";
import { ArrayShape, Base64, ObjectShape, type Shaper } from "./json-shape.ts";

/** A value that is met again is written again if it is no larger: so many values in all, long texts counting more. */
const LARGEST_REPEATED = 1000;
/** So many characters, or bytes, count as one value. */
const TEXT_UNIT = 64;
const LONG_BYTES = 4096;

interface Info {
  /** Values in it, itself included. */
  size: number;
  /** Whether a cycle goes through it, or through something in it; true as well while it is gone through. */
  tied: boolean;
}

/** Whether a value is told apart by identity: containers and what is as large as one. */
function hasIdentity(value: unknown): value is object {
  if (value instanceof Uint8Array) return value.length > LONG_BYTES;
  return value instanceof Map || value instanceof Set || value instanceof PyObject || Array.isArray(value);
}

function sizeOfAtom(value: unknown): number {
  const length = typeof value === "string" ? value.length : value instanceof Base64 ? value.bytes.length : 0;
  return 1 + Math.floor(length / TEXT_UNIT);
}

/** What is in a shape, one after the other: values, or of an object its members. */
function partsOf(shape: ArrayShape | ObjectShape): Iterator<unknown> {
  return (shape instanceof ArrayShape ? shape.items : shape.members)[Symbol.iterator]();
}

/**
 * The values that are written once, and by a reference wherever else they are met: those in a cycle or with one in them, and large
 * ones. All others are written as often as they are met, which multiplies the output by no more than {@link LARGEST_REPEATED}.
 */
export function findReferenced(root: unknown, shaper: Shaper): IdentityMap<true> {
  const referenced = new IdentityMap<true>();
  const known = new IdentityMap<Info>();
  // The first frame only takes up the size of the root.
  const stack: { parts: Iterator<unknown>; areMembers: boolean; info: Info; own: Info | undefined }[] = [
    { parts: [root][Symbol.iterator](), areMembers: false, info: { size: 0, tied: false }, own: undefined },
  ];
  const visit = (value: unknown, parent: Info): void => {
    let own: Info | undefined;
    if (hasIdentity(value)) {
      own = known.get(value);
      if (own !== undefined) {
        if (own.tied || own.size > LARGEST_REPEATED) {
          referenced.set(value, true);
          parent.size++;
        } else parent.size += own.size;
        parent.tied ||= own.tied;
        return;
      }
      known.set(value, (own = { size: 1, tied: true }));
    }
    const shape = shaper.shape(value);
    if (shape instanceof ArrayShape || shape instanceof ObjectShape) {
      const areMembers = shape instanceof ObjectShape;
      stack.push({ parts: partsOf(shape), areMembers, info: { size: 1, tied: false }, own });
    } else parent.size += sizeOfAtom(value);
  };
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const next = top.parts.next() as IteratorResult<unknown, unknown>;
    if (next.done !== true) {
      const { value } = next;
      visit(top.areMembers ? (value as readonly [string, unknown])[1] : value, top.info);
      continue;
    }
    stack.pop();
    const { info, own } = top;
    if (own !== undefined) {
      own.size = info.size;
      own.tied = info.tied;
    }
    const parent = stack.at(-1)?.info;
    if (parent !== undefined) {
      parent.size += info.size;
      parent.tied ||= info.tied;
    }
  }
  return referenced;
}
