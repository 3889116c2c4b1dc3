import { ByteSink } from "../../bytes/sink.ts";

/** A text in latin-1, `undefined` if it is none. */
export function latin1OfUtf8(text: Uint8Array): Uint8Array | undefined {
  const sink = new ByteSink();
  for (let at = 0; at < text.length; at++) {
    const byte = text[at] as number;
    if (byte < 0x80) sink.u8(byte);
    else if (byte > 0xc3) return undefined;
    else sink.u8(((byte & 3) << 6) | ((text[++at] as number) & 0x3f));
  }
  return sink.take();
}
