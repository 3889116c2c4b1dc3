import { deques } from "./deque.ts";
import { counters, defaultDicts, orderedDicts } from "./dicts.ts";
import { mappingProxies } from "./mapping-proxy.ts";
import { namedTuples } from "./named-tuple.ts";
import type { TypeDefinition } from "./registry.ts";
import { chainMaps, userCollections } from "./user-collections.ts";

/** What module `collections` has, the standard library's namedtuples, and `types.MappingProxyType`. */
export const collectionTypes: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  ...orderedDicts,
  ...defaultDicts,
  ...counters,
  ...deques,
  ...namedTuples,
  ...chainMaps,
  ...userCollections,
  ...mappingProxies,
])();
