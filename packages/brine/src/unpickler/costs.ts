// Heap bytes for the allocation limit. Measured on Node 20: {} 56, [] 32, an empty Map or Set 200; an item in a
// container or a value on the stack or in the memo takes its slot, its kind, and a share of a boxed number.

export const CONTAINER_COST = 128;
export const ITEM_COST = 24;
/** A Uint8Array, without its bytes. */
export const BYTES_COST = 200;
