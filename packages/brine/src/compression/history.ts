/**
 * Output that matches are copied from. It grows with what is written, up to twice of how far back a match may reach: what
 * a header claims costs nothing. Hot code writes into `bytes` at `at` and moves `at` on.
 */
export class History {
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(1 << 12);
  /** Where the next byte goes. */
  at = 0;
  #reach: number;
  /** Up to where it was handed out. */
  #given = 0;

  /** @param reach how far back a match may reach */
  constructor(reach: number) {
    this.#reach = reach;
  }

  /** Begins anew, with the memory there is: small frames cost little. */
  begin(reach: number): void {
    this.#reach = reach;
    this.at = 0;
    this.#given = 0;
  }

  /** Makes room for `count` more bytes, to be called when all was taken. */
  reserve(count: number): void {
    const { bytes, at } = this;
    if (at + count <= bytes.length) return;
    const keep = Math.min(at, this.#reach);
    const drop = at - keep;
    // As many bytes are dropped as are moved, at least: the time is linear.
    if (drop >= keep && keep + count <= bytes.length) bytes.copyWithin(0, drop, at);
    else {
      const most = 2 * this.#reach + count;
      this.bytes = new Uint8Array(Math.max(keep + count, Math.min(2 * bytes.length, most)));
      this.bytes.set(bytes.subarray(drop, at));
    }
    this.at = keep;
    this.#given = keep;
  }

  /** Writes bytes as they are; there must be room. */
  raw(data: Uint8Array): void {
    this.bytes.set(data, this.at);
    this.at += data.length;
  }

  /** Copies `length` bytes from `distance` before the end; both are checked by the caller, and there must be room. */
  copy(distance: number, length: number): void {
    const { bytes, at } = this;
    if (length > 16 && distance >= length) bytes.copyWithin(at, at - distance, at - distance + length);
    else for (let i = at, end = at + length; i < end; i++) bytes[i] = bytes[i - distance] as number;
    this.at = at + length;
  }

  /** What was written since the last call, a copy. */
  take(): Uint8Array {
    const made = this.bytes.slice(this.#given, this.at);
    this.#given = this.at;
    return made;
  }
}
