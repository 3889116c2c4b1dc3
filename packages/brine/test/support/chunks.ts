/** The data in chunks of a size. */
export async function* inChunks(data: Uint8Array, size: number): AsyncGenerator<Uint8Array, void> {
  for (let start = 0; start < data.length; start += size) yield data.subarray(start, start + size);
}

/** All chunks in one. */
export async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}
