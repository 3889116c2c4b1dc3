import { expect } from "vitest";
import { dumps, Pickler } from "../../src/index.ts";

/** `dumps` writes what a `Pickler` does, which tells all objects by their identity alone. */
export function agree(value: unknown, protocols = [2, 3, 4, 5]): void {
  for (const protocol of protocols) {
    const one = Buffer.from(dumps(value, { protocol }));
    const other = Buffer.from(new Pickler({ protocol }).dump(value));
    // A difference of megabytes is not worth being printed.
    if (one.length < 1000) expect(one.toString("latin1")).toBe(other.toString("latin1"));
    else expect(Buffer.compare(one, other)).toBe(0);
  }
}
