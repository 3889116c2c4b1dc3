import { UnpicklingError } from "../errors.ts";
import type { TypeRegistry } from "../types/registry.ts";
import { loadOne } from "../unpickler/unpickler.ts";
import { loadFrom, type StreamLoadOptions } from "./load.ts";
import { follow, type Path, pathElements } from "./path.ts";
import { UNTOLD } from "./shape-scanner.ts";
import { byteSource, type StreamSource } from "./source.ts";
import { SpanReader } from "./span-reader.ts";

/** The value at a path; `types` is the default of the entry. */
export async function getFrom(
  source: StreamSource,
  path: Path,
  options: StreamLoadOptions | undefined,
  types: TypeRegistry,
): Promise<unknown> {
  const elements = pathElements(path);
  const bytes = byteSource(source);
  if (bytes.isRepeatable && elements.length > 0) {
    try {
      const reader = new SpanReader(bytes, options ?? {});
      const { span } = await reader.find(options?.start ?? 0, elements);
      const pickle = await reader.pickleOf(await reader.programOf(span));
      return loadOne(pickle, options, types);
    } catch (error) {
      // Persistent ids, buffers, broken bytes: whatever the opcodes alone do not tell, a load does.
      if (error !== UNTOLD && !(error instanceof UnpicklingError)) throw error;
      if (error instanceof UnpicklingError && error.code === "missing-path") throw error;
    }
  }
  return follow(await loadFrom(source, options, types), elements);
}
