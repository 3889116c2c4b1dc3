import { failure } from "../bytes/failure.ts";
import { toBytes } from "../bytes/input.ts";
import { locate } from "../errors.ts";
import { OpCursor } from "../syntax/cursor.ts";
import { OpWriter } from "../syntax/op-writer.ts";
import * as op from "../syntax/opcodes.ts";
import type { ToolInput } from "./tool-input.ts";
import { OpReader } from "./op-reader.ts";

/** An opcode longer than this stands outside the frames. Source: CPython `Lib/pickle.py`, `_Framer._FRAME_SIZE_TARGET`. */
const FRAME_TARGET = 64 * 1024;

type MemoKey = number | bigint;

/** What is to be known of a pickle before the first byte is written. */
interface Survey {
  /** The protocol to write. */
  readonly protocol: number;
  /** End of the PROTO that the pickle begins with, 0 without one. */
  readonly headerEnd: number;
  /** The slot of each PUT and GET, in order. */
  readonly slots: readonly MemoKey[];
  /** Slots that some GET reads. */
  readonly used: ReadonlySet<MemoKey>;
}

const puts = new Set<number>([op.PUT, op.BINPUT, op.LONG_BINPUT]);
const gets = new Set<number>([op.GET, op.BINGET, op.LONG_BINGET]);

function survey(bytes: Uint8Array): Survey {
  const reader = new OpReader(bytes, 0, true);
  const { cursor } = reader;
  const slots: MemoKey[] = [];
  const used = new Set<MemoKey>();
  const stored = new Set<MemoKey>();
  let protocol = 0;
  let headerEnd = 0;
  const slot = (): MemoKey =>
    typeof reader.operand === "boolean" ? Number(reader.operand) : (reader.operand as MemoKey);
  do {
    const { code, protocol: since } = reader.next();
    if (puts.has(code) || code === op.MEMOIZE) {
      const index = code === op.MEMOIZE ? stored.size : slot();
      stored.add(index);
      slots.push(index);
    } else if (gets.has(code)) {
      if (since > protocol) protocol = since;
      used.add(slot());
      slots.push(slot());
    } else if (code === op.PROTO) {
      if (cursor.position === 0) headerEnd = cursor.end;
      protocol = Math.max(protocol, reader.operand as number);
    }
  } while (cursor.code !== op.STOP);
  if (protocol > op.HIGHEST_PROTOCOL) {
    throw failure("unsupported-protocol", `pickle protocol must be <= ${op.HIGHEST_PROTOCOL}`, "ValueError");
  }
  return { protocol, headerEnd, slots, used };
}

/**
 * The same pickle without what it keeps in the memo and never reads, its memo numbered anew and its frames made anew:
 * the very bytes of `pickletools.optimize` of CPython 3.13. What comes after the STOP is left out.
 *
 * @throws UnpicklingError as {@link genops} does; `unsupported-protocol` for a PROTO above 5; `missing-memo` for a GET
 *   in front of its PUT.
 */
export function optimize(data: ToolInput): Uint8Array {
  const bytes = toBytes(data);
  const { protocol, headerEnd, slots, used } = survey(bytes);
  const writer = new OpWriter(protocol);
  const cursor = new OpCursor(bytes);
  const renumbered = new Map<MemoKey, number>();
  let slotCount = 0;
  let indexes = 0;
  // What is to be copied as it is, in one go.
  let from = 0;
  let to = headerEnd;
  const flush = (): void => {
    if (to > from) writer.raw(bytes.subarray(from, to));
    from = to;
  };
  flush();
  writer.openFrame();
  while (cursor.code !== op.STOP && cursor.next()) {
    const { code, position, end } = cursor;
    const isGet = gets.has(code);
    const slot = isGet || code === op.MEMOIZE || puts.has(code) ? (slots[slotCount++] as MemoKey) : undefined;
    const isLeftOut =
      code === op.FRAME || position < headerEnd || (slot !== undefined && !isGet && !used.has(slot));
    if (isLeftOut) continue;
    if (writer.length + to - from >= writer.boundary) {
      flush();
      writer.nextFrame();
    }
    if (slot === undefined) {
      const isLarge = end - position > FRAME_TARGET;
      if (position !== to || isLarge) {
        flush();
        from = position;
      }
      to = end;
      if (!isLarge) continue;
      writer.closeFrame();
      flush();
      writer.openFrame();
      continue;
    }
    flush();
    if (isGet) {
      const index = renumbered.get(slot);
      if (index === undefined) {
        const reason = failure("missing-memo", `memo key ${slot} has never been stored into`);
        throw locate(reason, position, op.opcodeName(code));
      }
      writer.get(index);
    } else {
      writer.put(indexes);
      renumbered.set(slot, indexes++);
    }
  }
  flush();
  writer.closeFrame();
  return writer.take();
}
