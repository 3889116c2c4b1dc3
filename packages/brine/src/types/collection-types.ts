import { dequeReaders, deques } from "./deque.ts";
import {
  counterReaders,
  counters,
  defaultDictReaders,
  defaultDicts,
  orderedDictReaders,
  orderedDicts,
} from "./dicts.ts";
import { mappingProxies, mappingProxyReaders } from "./mapping-proxy.ts";
import { namedTupleReaders, namedTuples } from "./named-tuple.ts";
import type { TypeDefinition } from "./registry.ts";
import { chainMapReaders, chainMaps, userCollectionReaders, userCollections } from "./user-collections.ts";

/** How these are read. */
export const collectionReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() => [
  ...orderedDictReaders,
  ...defaultDictReaders,
  ...counterReaders,
  ...dequeReaders,
  ...namedTupleReaders,
  ...chainMapReaders,
  ...userCollectionReaders,
  ...mappingProxyReaders,
])();

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
