import { decodeLatin1 } from "../bytes/utf8.ts";
import * as op from "../syntax/opcodes.ts";
import type { MemoryView } from "../values/memory-view.ts";
import type { PickleBuffer } from "../values/pickle-buffer.ts";
import type { PyGlobal } from "../values/py-global.ts";
import { memoize, saveFreshText, saveText } from "./memoize.ts";
import { builtin, closeArguments, openArguments, saveGlobal } from "./names.ts";
import { refusal } from "./refusal.ts";
import type { DumpState } from "./state.ts";

/** Bytes. Below protocol 3 they are the latin-1 encoding of a text that is made for them. Source: `save_bytes`. */
export function saveBytes(state: DumpState, content: Uint8Array): void {
  if (state.writer.protocol >= 3) state.writer.binary(content);
  else if (content.length > 0)
    saveEncoded(state, builtin("encode", "_codecs"), decodeLatin1(content, 0, content.length));
  else saveEmptyCall(state, "bytes");
}

/** Bytes as protocols below 3 spell them: a call of `encode`. */
export function saveEncoded(state: DumpState, encode: PyGlobal, text: string): void {
  saveGlobal(state, encode);
  openArguments(state);
  saveFreshText(state, text);
  saveText(state, "latin1");
  closeArguments(state, 2);
  memoize(state);
  state.writer.u8(op.REDUCE);
}

function saveEmptyCall(state: DumpState, name: string): void {
  saveGlobal(state, builtin(name));
  saveEmptyTuple(state);
  state.writer.u8(op.REDUCE);
}

/** Of which CPython has one, and so no slot. */
export function saveEmptyTuple(state: DumpState): void {
  if (state.writer.protocol > 0) state.writer.u8(op.EMPTY_TUPLE);
  else {
    state.writer.u8(op.MARK);
    state.writer.u8(op.TUPLE);
  }
}

/** Source: `save_bytearray`. */
export function saveByteArray(state: DumpState, content: Uint8Array): void {
  if (state.writer.protocol >= 5) state.writer.byteArray(content);
  else if (content.length === 0) saveEmptyCall(state, "bytearray");
  else {
    saveGlobal(state, builtin("bytearray"));
    openArguments(state);
    saveBytes(state, content);
    memoize(state);
    closeArguments(state, 1);
    memoize(state);
    state.writer.u8(op.REDUCE);
  }
}

/**
 * A PickleBuffer; and a memoryview, which CPython itself writes only as that, as what READONLY_BUFFER gave. Whether it
 * has a memo slot. Source: `save_picklebuffer`.
 */
export function saveBuffer(state: DumpState, value: PickleBuffer | MemoryView, isView: boolean): boolean {
  if (state.writer.protocol < 5) {
    throw refusal(
      "unsupported-protocol",
      isView ? "a memoryview needs pickle protocol 5" : "PickleBuffer can only be pickled with protocol >= 5",
    );
  }
  const { bufferCallback } = state.settings;
  const isOut = !isView && bufferCallback !== undefined && !bufferCallback(value);
  if (isOut) state.writer.u8(op.NEXT_BUFFER);
  else if (value.readonly && !isView) state.writer.binary(value);
  else state.writer.byteArray(value);
  if (value.readonly && (isView || isOut)) state.writer.u8(op.READONLY_BUFFER);
  return !isOut;
}
