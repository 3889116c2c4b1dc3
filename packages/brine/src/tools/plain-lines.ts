import { fourDigits, writeDecimal } from "./decimal.ts";
import type { Disassembler } from "./disassembler.ts";
import { SHALLOW } from "./line-heads.ts";
import {
  BYTE,
  CLOSES,
  DOUBLE,
  FETCHES,
  INT,
  linePlans,
  MEMOIZES,
  NONE,
  OPENS,
  SHORT,
  STORES,
  TEXT,
  UINT,
} from "./line-plans.ts";
import type { LineWriter } from "./line-writer.ts";
import { floatText } from "./operand-text.ts";
import { plainBytes } from "./plain-text.ts";
import { MARK_KIND } from "./value-kinds.ts";

/** Longest text that is written here. */
const LONGEST_TEXT = 255;
/** More bytes than a line takes: the position, the head, the text, and what is written beyond the end. */
const ROOM = 640;
/** More bytes than an opcode takes. */
const SLACK = LONGEST_TEXT + 9;

/** Copies a text that Python shows as it is, with a quote behind it; −1 if it is not one. */
function copyPlain(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): number {
  const plain = plainBytes();
  for (; start < end; start++) {
    const byte = from[start] as number;
    if (plain[byte] === 0) return -1;
    to[at++] = byte;
  }
  to[at] = 0x27;
  return at + 1;
}

/** Copies a short ASCII text. */
function copyAscii(text: string, to: Uint8Array, at: number): number {
  for (let unit = 0; unit < text.length; unit++) to[at + unit] = text.charCodeAt(unit);
  return at + text.length;
}

/**
 * Writes lines as long as they are of the usual kind and nothing can be wrong with them, and stops in front of any other,
 * which is {@link LineWriter.line}'s. One loop over local variables, with no call that is not inlined and no object, takes a
 * third of that one's time.
 *
 * @param limit - bytes in the writer at which to stop.
 */
export function plainLines(from: Disassembler, writer: LineWriter, limit: number): void {
  const plans = linePlans();
  const { cursor, view: operands } = from.reader;
  const { bytes } = cursor;
  if (plans[bytes[cursor.end] as number] === 0) return;
  const { stack, memo, marks } = from;
  const { heads, positions } = writer;
  const { places } = heads;
  writer.reserve(ROOM);
  const { bytes: out, view } = writer;
  const last = bytes.length - SLACK;
  const room = Math.min(out.length - ROOM, limit) | 0;
  const digits = fourDigits();
  const kinds = stack.bytes;
  const { slots } = memo;
  const apart = memo.size - memo.filled;
  let { low, high, length: headLength, start: counted, end: boundary } = positions;
  let { view: headView } = heads;
  let { filled } = memo;
  let { highestProtocol } = from;
  let top = stack.length;
  let at = cursor.end;
  let to = writer.length;
  let { position } = cursor;

  while (at < last && to < room && top < kinds.length) {
    const code = bytes[at] as number;
    const plan = plans[code] as number;
    if (plan === 0) break;
    const depth = marks.length;
    let place = depth < SHALLOW ? (places[(depth << 8) | code] as number) : 0;
    if (place === 0) {
      if (!heads.make(depth)) break;
      place = places[(depth << 8) | code] as number;
      headView = heads.view;
    }

    // What it does to the stack and the memo. Nothing is changed before it is known to be right.
    const way = plan & 15;
    const effect = (plan >> 4) & 15;
    let kind = (plan >> 12) & 255;
    let next = at + 1;
    let below = top;
    let noted = -1;
    if (effect === FETCHES) {
      const slot = way === BYTE ? (bytes[next] as number) : operands.getUint32(next, true);
      kind = slot < slots.length ? (slots[slot] as number) : 0;
      if (kind === 0) break;
    } else if (effect === MEMOIZES || effect === STORES) {
      const slot =
        effect === MEMOIZES
          ? (noted = filled + apart)
          : way === BYTE
            ? (bytes[next] as number)
            : operands.getUint32(next, true);
      const stored = top === 0 ? MARK_KIND : (kinds[top - 1] as number);
      if (stored === MARK_KIND || slot >= slots.length || slots[slot] !== 0) break;
      slots[slot] = stored;
      filled++;
    } else if (effect === CLOSES) {
      while (below > 0 && kinds[below - 1] !== MARK_KIND) below--;
      if (below <= ((plan >> 8) & 15) || depth === 0) break;
      below--;
      noted = marks.pop() as number;
    }
    below -= (plan >> 8) & 15;
    if (below < 0) break;

    if (at >= boundary) {
      positions.set(at);
      ({ low, high, length: headLength, start: counted, end: boundary } = positions);
    }
    let word = digits[at - counted] as number;
    // The zeros in front become blanks.
    if (at < 1000) word -= at < 10 ? 0x101010 : at < 100 ? 0x1010 : 0x10;
    let end = to;
    view.setUint32(end, low, true);
    view.setUint32(end + 4, high, true);
    view.setUint32(end + headLength, word, true);
    end += headLength + 4;
    let source = place >>> 8;
    let written = end;
    end += place & 255;
    for (; written < end; written += 8, source += 8) {
      view.setFloat64(written, headView.getFloat64(source, true), true);
    }

    switch (way) {
      case NONE:
        if (noted >= 0) {
          end = writeDecimal(view, end, noted, digits);
          out[end++] = 0x29;
        }
        break;
      case BYTE:
        end = writeDecimal(view, end, bytes[next++] as number, digits);
        break;
      case SHORT:
        end = writeDecimal(view, end, operands.getUint16(next, true), digits);
        next += 2;
        break;
      case INT: {
        const value = operands.getInt32(next, true);
        if (value < 0) out[end++] = 0x2d;
        end = writeDecimal(view, end, Math.abs(value), digits);
        next += 4;
        break;
      }
      case UINT:
        end = writeDecimal(view, end, operands.getUint32(next, true), digits);
        next += 4;
        break;
      case DOUBLE:
        end = copyAscii(floatText(operands.getFloat64(next)), out, end);
        next += 8;
        break;
      default: {
        const length = way === TEXT ? (bytes[next] as number) : operands.getUint32(next, true);
        next += way === TEXT ? 1 : 4;
        end = length > LONGEST_TEXT ? -1 : copyPlain(bytes, next, next + length, out, end);
        next += length;
      }
    }
    // A text that is not plain.
    if (end < 0) break;
    out[end] = 0x0a;
    to = end + 1;
    top = below;
    if (kind !== 0) kinds[top++] = kind;
    if (effect === OPENS) marks.push(at);
    const protocol = plan >> 20;
    if (protocol > highestProtocol) highestProtocol = protocol;
    position = at;
    at = next;
  }

  stack.length = top;
  memo.filled = filled;
  writer.length = to;
  from.moved(position, at, highestProtocol);
}
