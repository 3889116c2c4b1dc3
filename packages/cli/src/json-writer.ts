import { IdentityMap } from "./identity.ts";
import { findReferenced } from "./json-references.ts";
import { ArrayShape, Base64, ObjectShape, Shaper, type ShapeOptions } from "./json-shape.ts";
import type { TextSink } from "./output.ts";
import { printableJson } from "./json-text.ts";
import { reprFloat } from "./repr.ts";

/** How to write JSON. */
export interface JsonFormat extends ShapeOptions {
  /** Spaces a level; without it all is on one line. */
  readonly indent: number | undefined;
}

interface Frame {
  readonly parts: Iterator<unknown>;
  readonly isObject: boolean;
  count: number;
  /** The key or index that is being written. */
  at: string | number;
}

/** Beyond so many levels lines are indented no further: else a million levels would take a million times a million spaces. */
const DEEPEST_INDENT = 40;
/** A path of more levels is not written out, for the same reason. */
const LONGEST_PATH = 200;
/** Of a multiple of 3 bytes, and few enough for a string. */
const CHUNK = 3 << 14;

const quoted = (text: string): string => printableJson(JSON.stringify(text));

function step(at: string | number): string {
  if (typeof at === "number") return `[${at}]`;
  return /^[a-z_]\w*$/i.test(at) ? `.${at}` : `[${quoted(at)}]`;
}

/** Writes values as strict JSON, without recursion, while going through them. */
export class JsonWriter {
  readonly #output: TextSink;
  readonly #format: JsonFormat;
  #shaper: Shaper;
  #referenced = new IdentityMap<true>();
  /** Where the values that are referred to have been written. */
  #places = new IdentityMap<string>();
  #stack: Frame[] = [];
  #path = "$";
  /** Arrays and objects begun so far. */
  #begun = 0;

  constructor(output: TextSink, format: JsonFormat) {
    this.#output = output;
    this.#format = format;
    this.#shaper = new Shaper(format);
  }

  /** Writes a value, without a line end. `path` is where it stands in the whole document. */
  write(root: unknown, path = "$"): void {
    this.#path = path;
    this.#shaper = new Shaper(this.#format);
    this.#referenced = findReferenced(root, this.#shaper);
    this.#places = new IdentityMap();
    this.#stack = [];
    this.#begun = 0;
    this.#value(root);
    for (let frame = this.#stack.at(-1); frame !== undefined; frame = this.#stack.at(-1)) this.#next(frame);
  }

  #next(frame: Frame): void {
    const next = frame.parts.next();
    if (next.done === true) {
      this.#stack.pop();
      if (frame.count > 0) this.#newLine();
      this.#output.write(frame.isObject ? "}" : "]");
      return;
    }
    if (frame.count > 0) this.#output.write(",");
    this.#newLine();
    if (frame.isObject) {
      const [key, value] = next.value as readonly [string, unknown];
      frame.at = key;
      this.#text(key);
      this.#output.write(this.#format.indent === undefined ? ":" : ": ");
      frame.count++;
      this.#value(value);
    } else {
      frame.at = frame.count++;
      this.#value(next.value);
    }
  }

  #newLine(): void {
    const { indent } = this.#format;
    if (indent !== undefined)
      this.#output.write(`\n${" ".repeat(indent * Math.min(this.#stack.length, DEEPEST_INDENT))}`);
  }

  #value(value: unknown): void {
    if (typeof value === "object" && value !== null && this.#referenced.has(value)) {
      const place = this.#places.get(value);
      if (place !== undefined) {
        const { indent } = this.#format;
        this.#begun++;
        this.#output.write(`{"$ref":${indent === undefined ? "" : " "}${quoted(place)}}`);
        return;
      }
      this.#places.set(value, this.#here());
    }
    const isShape = value instanceof ArrayShape || value instanceof ObjectShape;
    this.#shape(isShape ? value : this.#shaper.shape(value));
  }

  /** The JSONPath of what is written next; of what is too deep, its number among the arrays and objects. */
  #here(): string {
    if (this.#stack.length > LONGEST_PATH) return `#${this.#begun}`;
    return `${this.#path}${this.#stack.map(({ at }) => step(at)).join("")}`;
  }

  #shape(shape: unknown): void {
    if (shape instanceof ObjectShape) this.#begin(shape.members, true);
    else if (shape instanceof ArrayShape) this.#begin(shape.items, false);
    else if (shape instanceof Base64) this.#base64(shape.bytes);
    else if (typeof shape === "string") this.#text(shape);
    else if (typeof shape === "number") this.#output.write(reprFloat(shape));
    else this.#output.write(String(shape));
  }

  #begin(parts: Iterable<unknown>, isObject: boolean): void {
    this.#begun++;
    this.#output.write(isObject ? "{" : "[");
    this.#stack.push({ parts: parts[Symbol.iterator](), isObject, count: 0, at: 0 });
  }

  #text(text: string): void {
    if (text.length <= CHUNK) {
      this.#output.write(quoted(text));
      return;
    }
    this.#output.write('"');
    for (let at = 0; at < text.length;) {
      let end = Math.min(at + CHUNK, text.length);
      // Not inside a surrogate pair.
      if (text.charCodeAt(end - 1) >> 10 === 0x36 && end < text.length) end--;
      this.#output.write(quoted(text.slice(at, end)).slice(1, -1));
      at = end;
    }
    this.#output.write('"');
  }

  #base64(bytes: Uint8Array): void {
    this.#output.write('"');
    for (let at = 0; at < bytes.length; at += CHUNK) {
      const { buffer, byteOffset, length } = bytes.subarray(at, at + CHUNK);
      this.#output.write(Buffer.from(buffer, byteOffset, length).toString("base64"));
    }
    this.#output.write('"');
  }
}
