import { failure } from "../bytes/failure.ts";
import { ByteReader } from "./byte-reader.ts";
import { crc32 } from "./checksums.ts";
import type { Codec } from "./codec.ts";
import type { Inflate } from "./inflate.ts";

// Source: PKWARE APPNOTE 6.3.10, sections 4.3.7 and 4.4.4.
const LOCAL_HEADER = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;
const HAS_DESCRIPTOR = 8;
const ZIP64_FIELD = 1;
const UNKNOWN_SIZE = 0xffff_ffff;

interface Member {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  /** Of its data as they stand in the archive; `undefined` if only a descriptor behind them says it. */
  readonly size: number | undefined;
  readonly isEncrypted: boolean;
  /** Whether the sizes in its descriptor have eight bytes. */
  readonly isZip64: boolean;
}

function bad(words: string, advice: string): Error {
  return failure("invalid-compression", words, "BadZipFile", advice);
}

const DAMAGED = "The archive is damaged";

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** The sizes that a zip64 field has. */
function zip64Size(extra: Uint8Array, hasPlainSize: boolean): number | undefined {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length;) {
    const length = view.getUint16(at + 2, true);
    const start = at + 4 + (hasPlainSize ? 0 : 8);
    if (view.getUint16(at, true) === ZIP64_FIELD && at + 4 + length <= extra.length) {
      if (start + 8 > at + 4 + length) throw bad("Corrupt zip64 extra field", DAMAGED);
      return Number(view.getBigUint64(start, true));
    }
    at += 4 + length;
  }
  return undefined;
}

/** The next local header; `undefined` where the members end. */
async function memberOf(reader: ByteReader): Promise<Member | undefined> {
  if (!(await reader.has(4))) return undefined;
  if (viewOf(reader.bytes).getUint32(reader.position, true) !== LOCAL_HEADER) return undefined;
  const header = viewOf((await reader.take(30)).slice());
  const flags = header.getUint16(6, true);
  const nameLength = header.getUint16(26, true);
  const extraLength = header.getUint16(28, true);
  const name = new TextDecoder().decode((await reader.take(nameLength)).slice());
  const extra = (await reader.take(extraLength)).slice();
  const plainSize = header.getUint32(18, true);
  const wide =
    plainSize === UNKNOWN_SIZE ? zip64Size(extra, header.getUint32(22, true) !== UNKNOWN_SIZE) : undefined;
  return {
    name,
    method: header.getUint16(8, true),
    crc: header.getUint32(14, true),
    size: (flags & HAS_DESCRIPTOR) !== 0 ? undefined : (wide ?? plainSize),
    isEncrypted: (flags & ENCRYPTED) !== 0,
    isZip64: wide !== undefined || zip64Size(extra, false) !== undefined,
  };
}

async function* counted(reader: ByteReader, size: number): AsyncGenerator<Uint8Array, void> {
  for (let left = size; left > 0;) {
    const chunk = await reader.takeSome(left);
    if (chunk.length === 0) throw reader.truncated();
    left -= chunk.length;
    yield chunk;
  }
}

/**
 * A stored member whose size stands behind it: it ends where a descriptor has the CRC and the size of all before it, as
 * PyTorch writes them.
 */
async function* upToDescriptor(reader: ByteReader): AsyncGenerator<Uint8Array, void> {
  let crc = 0;
  let size = 0;
  for (;;) {
    const isWhole = !(await reader.has(16));
    const { bytes, position } = reader;
    const view = viewOf(bytes);
    let summed = position;
    let end = position;
    let found = false;
    for (; end + 16 <= bytes.length && !found; end++) {
      if (bytes[end] !== 0x50 || view.getUint32(end, true) !== DESCRIPTOR) continue;
      if (view.getUint32(end + 8, true) !== (size + end - position) % 2 ** 32) continue;
      crc = crc32(bytes.subarray(summed, end), crc);
      summed = end;
      found = view.getUint32(end + 4, true) === crc;
    }
    if (found) end--;
    crc = crc32(bytes.subarray(summed, end), crc);
    size += end - position;
    reader.position = end;
    if (end > position) yield bytes.subarray(position, end);
    if (found) return;
    if (isWhole) throw reader.truncated();
  }
}

/** Whether this is the member that is read when none is named. */
function isPickle(name: string): boolean {
  return /(^|[/.])(pkl|pickle)$/.test(name.toLowerCase());
}

async function* dataOf(
  member: Member,
  reader: ByteReader,
  inflate: Inflate,
): AsyncGenerator<Uint8Array, void> {
  const { name, method, size, isEncrypted } = member;
  if (isEncrypted) throw bad(`File '${name}' is encrypted`, "Decrypt the archive first");
  if (method !== STORED && method !== DEFLATED) {
    throw bad(`File '${name}': compression method ${method} is not supported`, "Unpack it with another tool");
  }
  let crc = 0;
  const chunks =
    method === DEFLATED
      ? inflate(reader)
      : size === undefined
        ? upToDescriptor(reader)
        : counted(reader, size);
  for await (const chunk of chunks) {
    crc = crc32(chunk, crc);
    yield chunk;
  }
  let expected = member.crc;
  if (size === undefined) {
    // The signature in front of it may be left out.
    const first = viewOf(await reader.take(4)).getUint32(0, true);
    expected = first === DESCRIPTOR ? viewOf(await reader.take(4)).getUint32(0, true) : first;
    await reader.take(member.isZip64 ? 16 : 8);
  }
  if (expected !== crc) throw bad(`Bad CRC-32 for file '${name}'`, DAMAGED);
}

/** Reads past a member. */
async function skip(member: Member, reader: ByteReader, inflate: Inflate): Promise<void> {
  const { size } = member;
  if (size === undefined) for await (const _ of dataOf(member, reader, inflate));
  else for await (const _ of counted(reader, size));
}

/**
 * One member of a zip archive, read from its front: the one named, or else the first whose name ends in `.pkl` or
 * `.pickle`.
 */
async function* unzip(
  chunks: AsyncIterable<Uint8Array>,
  inflate: Inflate,
  wanted: string | undefined,
): AsyncGenerator<Uint8Array, void> {
  const reader = new ByteReader(chunks);
  try {
    const names: string[] = [];
    for (;;) {
      const member = await memberOf(reader);
      if (member === undefined) break;
      if (wanted === undefined ? isPickle(member.name) : member.name === wanted) {
        yield* dataOf(member, reader, inflate);
        return;
      }
      if (names.length < 20) names.push(member.name);
      await skip(member, reader, inflate);
    }
    throw failure(
      "missing-member",
      wanted === undefined
        ? "the zip archive has no member whose name ends in .pkl"
        : `There is no item named '${wanted}' in the archive`,
      "KeyError",
      `Name one in the option member; there are: ${names.join(", ")}`,
    );
  } finally {
    await reader.close();
  }
}

/** Zip archives, with the given engine and member. */
export function zipCodec(inflate: Inflate, member: string | undefined): Codec {
  return {
    name: "zip",
    // With a member, and without any.
    magic: [
      [0x50, 0x4b, 3, 4],
      [0x50, 0x4b, 5, 6],
    ],
    decompress: (chunks) => unzip(chunks, inflate, member),
  };
}
