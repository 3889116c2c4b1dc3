// The same checks in every runtime, on nothing but ECMAScript and the published packages.
import * as brine from "brine";
import * as core from "brine/core";
import { bz2 } from "brine/bz2";
import { lz4 } from "brine/lz4";
import * as schema from "brine/schema";
import * as stream from "brine/stream";
import { lzma, xz } from "brine/xz";
import { zstd } from "brine/zstd";
import * as types from "brine/types";
import * as tools from "brine/tools";

const { dumps, loads, loadsAll, Pickler, Unpickler } = brine;
const { ByteArray, PickleBuffer, PyDict, PyFrozenSet, PyGlobal, PyObject, PySet, Tuple } = brine;
const { PickleError, PicklingError, TypeRegistry, UnpicklingError } = brine;

const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const hex = (data) => Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** A value as text in which nothing is left out: the class, the sign of zero, the order of entries. */
function show(value) {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value !== "object" || value === null) return String(value);
  const name = Object.getPrototypeOf(value)?.constructor?.name ?? "null";
  if (value instanceof Uint8Array) return `${name}(${hex(value)})`;
  if (Array.isArray(value)) return `${name === "Array" ? "" : name}[${value.map(show).join(", ")}]`;
  if (value instanceof Map) {
    return `${name}{${Array.from(value, ([key, item]) => `${show(key)} => ${show(item)}`).join(", ")}}`;
  }
  if (value instanceof Set) return `${name}{${Array.from(value, show).join(", ")}}`;
  const own = Object.keys(value).map((key) => `${key}: ${show(value[key])}`);
  return `${name === "Object" ? "" : name}{${own.join(", ")}}`;
}

function same(actual, expected) {
  if (actual !== expected) throw new Error(`got ${actual}\n     want ${expected}`);
}

function throws(type, code, action) {
  try {
    action();
  } catch (error) {
    if (!(error instanceof type)) throw new Error(`threw ${error}, not a ${type.name}`, { cause: error });
    same(error.code, code);
    return error;
  }
  throw new Error(`threw nothing, wanted ${code}`);
}

/** For {@link throws}, a promise that must fail. */
async function failing(promise) {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  return () => {
    if (error !== undefined) throw error;
  };
}

// {'name': 'é🐍', 'n': [0, 255, -1, 65536, 2**31, 2**53-1, 2**53, -2**63, 10**30, True, False, None, 1.5, -0.0],
//  't': (1, (2,), (), (1, 2, 3, 4)), 'b': b'\x00\xff', 'ba': bytearray(b'ab'), 's': {1}, 'f': frozenset([2])},
// written by CPython 3.13 under protocols 0 to 5.
const everything = [
  "286470300a566e616d650a70310a56e95c5530303031663430640a70320a73566e0a70330a286c70340a49300a61493235350a61492d310a614936353533360a614c323134373438333634384c0a614c393030373139393235343734303939314c0a614c393030373139393235343734303939324c0a614c2d393232333337323033363835343737353830384c0a614c313030303030303030303030303030303030303030303030303030303030304c0a614930310a614930300a614e6146312e350a61462d302e300a617356740a70350a2849310a2849320a7470360a28742849310a49320a49330a49340a7470370a7470380a7356620a70390a635f636f646563730a656e636f64650a7031300a28565c7530303030ff0a7031310a566c6174696e310a7031320a747031330a527031340a735662610a7031350a635f5f6275696c74696e5f5f0a6279746561727261790a7031360a286731300a285661620a7031370a6731320a747031380a527031390a747032300a527032310a7356730a7032320a635f5f6275696c74696e5f5f0a7365740a7032330a28286c7032340a49310a61747032350a527032360a7356660a7032370a635f5f6275696c74696e5f5f0a66726f7a656e7365740a7032380a28286c7032390a49320a61747033300a527033310a732e",
  "7d71002858040000006e616d6571015806000000c3a9f09f908d710258010000006e71035d7104284b004bff4affffffff4a000001004c323134373438333634384c0a4c393030373139393235343734303939314c0a4c393030373139393235343734303939324c0a4c2d393232333337323033363835343737353830384c0a4c313030303030303030303030303030303030303030303030303030303030304c0a4930310a4930300a4e473ff8000000000000478000000000000000655801000000747105284b01284b0274710629284b014b024b034b047471077471085801000000627109635f636f646563730a656e636f64650a710a28580300000000c3bf710b58060000006c6174696e31710c74710d52710e58020000006261710f635f5f6275696c74696e5f5f0a6279746561727261790a711028680a28580200000061627111680c7471125271137471145271155801000000737116635f5f6275696c74696e5f5f0a7365740a7117285d71184b016174711952711a580100000066711b635f5f6275696c74696e5f5f0a66726f7a656e7365740a711c285d711d4b026174711e52711f752e",
  "80027d71002858040000006e616d6571015806000000c3a9f09f908d710258010000006e71035d7104284b004bff4affffffff4a000001008a0500000080008a07ffffffffffff1f8a07000000000000208a0800000000000000808a0d00000040eaed7446d09c2c9f0c88894e473ff8000000000000478000000000000000655801000000747105284b014b0285710629284b014b024b034b047471077471085801000000627109635f636f646563730a656e636f64650a710a580300000000c3bf710b58060000006c6174696e31710c86710d52710e58020000006261710f635f5f6275696c74696e5f5f0a6279746561727261790a7110680a580200000061627111680c8671125271138571145271155801000000737116635f5f6275696c74696e5f5f0a7365740a71175d71184b016185711952711a580100000066711b635f5f6275696c74696e5f5f0a66726f7a656e7365740a711c5d711d4b026185711e52711f752e",
  "80037d71002858040000006e616d6571015806000000c3a9f09f908d710258010000006e71035d7104284b004bff4affffffff4a000001008a0500000080008a07ffffffffffff1f8a07000000000000208a0800000000000000808a0d00000040eaed7446d09c2c9f0c88894e473ff8000000000000478000000000000000655801000000747105284b014b0285710629284b014b024b034b047471077471085801000000627109430200ff710a58020000006261710b636275696c74696e730a6279746561727261790a710c43026162710d85710e52710f5801000000737110636275696c74696e730a7365740a71115d71124b01618571135271145801000000667115636275696c74696e730a66726f7a656e7365740a71165d71174b0261857118527119752e",
  "800495ce000000000000007d94288c046e616d65948c06c3a9f09f908d948c016e945d94284b004bff4affffffff4a000001008a0500000080008a07ffffffffffff1f8a07000000000000208a0800000000000000808a0d00000040eaed7446d09c2c9f0c88894e473ff8000000000000478000000000000000658c017494284b014b02859429284b014b024b034b04749474948c016294430200ff948c026261948c086275696c74696e73948c096279746561727261799493944302616294859452948c0173948f94284b01908c016694284b029194752e",
  "800595b8000000000000007d94288c046e616d65948c06c3a9f09f908d948c016e945d94284b004bff4affffffff4a000001008a0500000080008a07ffffffffffff1f8a07000000000000208a0800000000000000808a0d00000040eaed7446d09c2c9f0c88894e473ff8000000000000478000000000000000658c017494284b014b02859429284b014b024b034b04749474948c016294430200ff948c026261949602000000000000006162948c0173948f94284b01908c016694284b029194752e",
];
const plainText =
  '{name: "é🐍", n: [0, 255, -1, 65536, 2147483648, 9007199254740991, 9007199254740992n, -9223372036854775808n, ' +
  "1000000000000000000000000000000n, true, false, null, 1.5, -0], t: [1, [2], [], [1, 2, 3, 4]], " +
  "b: Uint8Array(00ff), ba: Uint8Array(6162), s: Set{1}, f: Set{2}}";
const exactText =
  'PyDict{"name" => "é🐍", "n" => [0n, 255n, -1n, 65536n, 2147483648n, 9007199254740991n, 9007199254740992n, ' +
  "-9223372036854775808n, 1000000000000000000000000000000n, true, false, null, 1.5, -0], " +
  '"t" => Tuple[1n, Tuple[2n], Tuple[], Tuple[1n, 2n, 3n, 4n]], ' +
  '"b" => Uint8Array(00ff), "ba" => ByteArray(6162), "s" => PySet{1n}, "f" => PyFrozenSet{2n}}';

// pickle.dumps([1, "two"], 4) in each format, gzip in two members, by CPython 3.13 and the commands lz4 and zstd.
const compressed = [
  [
    "bz2",
    "425a6839314159265359f02e8a11000008d7e06c0200410008000202008480400406002000229a1a01b53f542869a6002cd3c32411cdd4a0a3c1f177245385090f02e8a110",
  ],
  [
    "xz",
    "fd377a585a000004e6d6b4460200210116000000742fe5a30100178004950d000000000000005d94284b018c0374776f94652e00c61996de14276ef5000130188e1bacec1fb6f37d010000000004595a",
  ],
  ["lzma", "5d00008000ffffffffffffffff0040010e6e06db1c3d2f10ec51d6e756830027c27df6d9bb78ffffe14d8000"],
  ["lz4", "04224d186440a716000000528004950d000100d05d94284b018c0374776f94652e000000002f37b012"],
  ["zstd", "28b52ffd0458c100008004950d000000000000005d94284b018c0374776f94652ef0c5219f"],
  [
    "gzip",
    "1f8b08000000000002ff6b6099cacb0002005e507805090000001f8b08000000000002ff6360889da2e1cdd8c35c529e3f25550f0059f7ec080f000000",
  ],
];

async function* chunksOf(data, size) {
  for (let start = 0; start < data.length; start += size) yield data.subarray(start, start + size);
}

async function joined(chunks) {
  let all = "";
  for await (const chunk of chunks) all += hex(chunk);
  return bytes(all);
}

const checks = {};

for (const [protocol, pickle] of everything.entries()) {
  checks[`protocol ${protocol}: plain`] = () => same(show(loads(bytes(pickle))), plainText);
  checks[`protocol ${protocol}: exact`] = () => same(show(loads(bytes(pickle), { exact: true })), exactText);
  checks[`protocol ${protocol}: written back byte for byte`] = () => {
    same(hex(dumps(loads(bytes(pickle), { exact: true }), { exact: true, protocol })), pickle);
  };
}

for (const [name, data] of compressed) {
  checks[`compressed: ${name}`] = async () => {
    for (const size of [1, 1000]) {
      const options = { codecs: [bz2, lz4, lzma, xz, zstd] };
      same(show(loads(await joined(stream.decompress(chunksOf(bytes(data), size), options)))), '[1, "two"]');
    }
  };
}

Object.assign(checks, {
  async "a list written in pieces"() {
    async function* items() {
      for (let id = 0; id < 3; id++) yield { id };
    }
    same(show(loads(await joined(stream.dumpItems(items())))), "[{id: 0}, {id: 1}, {id: 2}]");
    const zipped = await joined(stream.dumpItems(items(), { compression: "gzip" }));
    same(show(loads(await joined(stream.decompress(chunksOf(zipped, 7))))), "[{id: 0}, {id: 1}, {id: 2}]");
    const chunks = [];
    const sink = new WritableStream({ write: (chunk) => void chunks.push(hex(chunk)) });
    await stream.dumpTo(sink, [1, "two"], { protocol: 4 });
    same(chunks.join(""), hex(dumps([1, "two"], { protocol: 4 })));
  },
  async "brine/node, where there is Node's face"() {
    if (typeof globalThis.process?.versions?.node !== "string") return;
    const node = await import("brine/node");
    const path = `smoke-${globalThis.process.pid}.pkl.gz`;
    await node.dump(path, { a: [1, 2] }, { compression: "gzip", fsync: true });
    same(show(loads(await joined(node.readFile(path)))), "{a: [1, 2]}");
    // Node has it from 22.15 on.
    if (typeof (await import("node:zlib")).createZstdCompress === "function") {
      await node.dump(path, "z", { compression: { format: "zstd", level: 5 } });
      same(loads(await joined(node.readFile(path))), "z");
      same(
        loads(
          await joined(stream.decompress(node.readFile(path, { decompress: false }), { codecs: [zstd] })),
        ),
        "z",
      );
    } else
      throws(PicklingError, "invalid-option", await failing(node.dump(path, "z", { compression: "zstd" })));
    const { unlinkSync } = await import("node:fs");
    unlinkSync(path);
  },
  async "typed results"() {
    const data = dumps({ users: [{ user_name: "Ada" }] });
    const isText = (value) => typeof value?.users?.[0]?.user_name === "string";
    const validate = (value) =>
      isText(value)
        ? { value: value.users.length }
        : { issues: [{ message: "no text", path: ["users", 0] }] };
    const own = { "~standard": { version: 1, vendor: "own", validate } };
    same(loads(data, { schema: own }), 1);
    same(await brine.loadsAsync(data, { schema: own }), 1);
    same(await stream.load(data, { schema: own }), 1);
    const refused = throws(brine.SchemaError, "schema-mismatch", () =>
      loads(dumps({ users: [5] }), { schema: own }),
    );
    same(refused.issues.map(({ path, found }) => `${path} ${found}`).join(), "$.users[0] number 5");
    const user = brine.unpack(loads(data)).get("users").at(0);
    same(user.get("user_name").string(), "Ada");
    throws(UnpicklingError, "unexpected-value", () => user.get("user_name").int());
    class User {
      userName = "";
    }
    same(brine.into(User, user.value).userName, "Ada");
    const inferred = schema.inferTypes([loads(data, { exact: true })]);
    same(
      schema.printTypeScript(inferred),
      "export interface Root {\n  users: User[];\n}\n\nexport interface User {\n  user_name: string;\n}\n",
    );
  },
  "plain JavaScript is written as Python writes it"() {
    same(
      hex(dumps([1, "two", { three: 3.5 }, null, true])),
      "80059523000000000000005d94284b018c0374776f947d948c0574687265659447400c000000000000734e88652e",
    );
  },
  "every class makes what it says"() {
    const value = new PyDict([
      [Tuple.of(1n, 2n), new PySet([1n])],
      [new PyFrozenSet([3n]), ByteArray.of(1, 2)],
    ]);
    const again = loads(dumps(value, { exact: true }), { exact: true });
    same(show(again), "PyDict{Tuple[1n, 2n] => PySet{1n}, PyFrozenSet{3n} => ByteArray(0102)}");
    same(show(again.get(Tuple.of(1n, 2n))), "PySet{1n}");
  },
  "Python 2, protocol 0"() {
    same(
      show(
        loads(
          bytes(
            "286470300a532761270a70310a286c70320a49310a61492d310a614c3130303030303030303030303030303030303030304c0a614930310a614e6146312e350a6156e90a70330a612849310a49320a7470340a61732e",
          ),
        ),
      ),
      '{a: [1, -1, 100000000000000000000n, true, null, 1.5, "é", [1, 2]]}',
    );
  },
  "Python 2, protocol 2"() {
    same(
      show(
        loads(
          bytes(
            "80027d710055016171015d7102284b014affffffff8a09000010632d5ec76b05884e473ff80000000000005802000000c3a971034b014b0286710465732e",
          ),
        ),
      ),
      '{a: [1, -1, 100000000000000000000n, true, null, 1.5, "é", [1, 2]]}',
    );
  },
  "Python 2 text under an encoding"() {
    const data = bytes("5505636166c3a971002e");
    throws(UnpicklingError, "undecodable-text", () => loads(data));
    same(loads(data, { encoding: "utf-8" }), "café");
    same(loads(data, { encoding: "latin1" }), "cafÃ©");
    same(loads(data, { encoding: "windows-1251" }), "cafГ©");
    same(show(loads(data, { encoding: "bytes" })), "Uint8Array(636166c3a9)");
  },
  "keys that are no strings"() {
    const value = loads(
      bytes(
        "80049527000000000000007d94284b014b0286948c0161944b018c0162944740040000000000008c0163944e8c016494752e",
      ),
    );
    same(value instanceof PyDict, true);
    same(show([...value.values()]), '["a", "b", "c", "d"]');
    same(value.get(Tuple.of(1, 2)), "a");
  },
  "__proto__ is a key like another"() {
    const value = loads(
      bytes(
        "8004952a000000000000007d94288c095f5f70726f746f5f5f947d948c0178944b01738c0b636f6e7374727563746f72944b02752e",
      ),
    );
    same(show(Object.keys(value)), '["__proto__", "constructor"]');
    same(Object.getPrototypeOf(value), Object.prototype);
    same({}.x, undefined);
  },
  "lone surrogates and a BOM"() {
    const value = loads(bytes("80049510000000000000008c0ceda0bd207820edb080efbbbf942e"));
    same(value, "\ud83d x \udc00\ufeff");
    same(hex(dumps(value, { protocol: 4 })), "80049510000000000000008c0ceda0bd207820edb080efbbbf942e");
  },
  "a cycle"() {
    const list = loads(bytes("80049506000000000000005d946800612e"));
    same(list[0] === list, true);
    same(hex(dumps(list, { protocol: 4 })), "80049506000000000000005d946800612e");
  },
  "a hundred thousand levels"() {
    let nested = [];
    for (let level = 0; level < 100_000; level++) nested = [nested];
    let depth = 0;
    for (let list = loads(dumps(nested)); list.length > 0; list = list[0]) depth++;
    same(depth, 100_000);
  },
  "a list of a hundred thousand"() {
    const list = loads(dumps(Array.from({ length: 100_000 }, (_, index) => index)));
    same(list.length, 100_000);
    same(list[99_999], 99_999);
  },
  "consecutive pickles"() {
    same(
      show([...loadsAll(bytes("80024b012e80049507000000000000008c0374776f942e286c70300a49330a612e"))]),
      '[1, "two", [3]]',
    );
  },
  "a memo kept over loads and dumps"() {
    const unpickler = new Unpickler(bytes("8004950a000000000000005d948c0378787894612e800468002e"));
    const first = unpickler.load();
    same(unpickler.load() === first, true);
    same(unpickler.position, "8004950a000000000000005d948c0378787894612e800468002e".length / 2);
    const pickler = new Pickler({ protocol: 4 });
    same(
      hex(pickler.dump(first)) + hex(pickler.dump(first)),
      "8004950a000000000000005d948c0378787894612e800468002e",
    );
  },
  "buffers out of band"() {
    const buffer = bytes("616263");
    const [view] = loads(bytes("80059505000000000000005d9497612e"), { buffers: [buffer] });
    same(view.buffer === buffer.buffer, true);
    const given = [];
    const pickle = dumps([new PickleBuffer(buffer)], { bufferCallback: (one) => void given.push(one) });
    same(hex(pickle), "80059505000000000000005d9497612e");
    same(given.length, 1);
  },
  "a class is never looked up"() {
    const value = core.loads(
      bytes(
        "8004952a000000000000008c086461746574696d65948c086461746574696d65949394430a07ea0b1501020300000494859452942e",
      ),
    );
    same(value instanceof PyObject, true);
    same(value.type instanceof PyGlobal, true);
    same(`${value.type.module}.${value.type.name}`, "datetime.datetime");
    const bare = loads(
      bytes(
        "8004952a000000000000008c086461746574696d65948c086461746574696d65949394430a07ea0b1501020300000494859452942e",
      ),
      { exact: true, types: TypeRegistry.empty },
    );
    same(
      hex(dumps(bare, { exact: true, protocol: 4 })),
      "8004952a000000000000008c086461746574696d65948c086461746574696d65949394430a07ea0b1501020300000494859452942e",
    );
  },
  "persistent ids"() {
    const pickle = dumps([{ here: 1 }], { persistentId: (value) => (value?.here ? "id-1" : undefined) });
    same(show(loads(pickle, { persistentLoad: (id) => `<${id}>` })), '["<id-1>"]');
    throws(UnpicklingError, "missing-hook", () => loads(pickle));
  },
  "truncated anywhere, it is refused"() {
    const whole = bytes(everything[5]);
    for (let length = 0; length < whole.length; length++) {
      try {
        loads(whole.subarray(0, length));
      } catch (error) {
        if (error instanceof UnpicklingError) continue;
        throw error;
      }
      throw new Error(`accepted ${length} bytes of ${whole.length}`);
    }
  },
  "errors say what and where"() {
    const error = throws(UnpicklingError, "stack-underflow", () => loads(bytes("800494302e")));
    same(error instanceof PickleError && error instanceof Error, true);
    same(error.offset, 2);
    same(error.opcode, "MEMOIZE");
    throws(UnpicklingError, "unsupported-protocol", () => loads(bytes("80064e2e")));
    throws(UnpicklingError, "no-data", () => loads(new Uint8Array(0)));
    throws(UnpicklingError, "invalid-input", () => loads("text"));
    throws(PicklingError, "unsupported-type", () => dumps({ f() {} }));
  },
  "any buffer will do"() {
    const data = bytes("80044b012e");
    same(loads(data.buffer), 1);
    same(loads(new DataView(data.buffer)), 1);
    if (typeof SharedArrayBuffer === "function") {
      const shared = new SharedArrayBuffer(data.length);
      new Uint8Array(shared).set(data);
      same(loads(shared), 1);
    }
  },
  "a class of one's own"() {
    class Order {
      id = 0;
    }
    const registry = types.stdlib.with(types.defineType("shop.Order", Order));
    const back = loads(dumps(new Order(), { types: registry }), { types: registry });
    same(back instanceof Order && back.id, 0);
  },
  "the standard library's types"() {
    const { PyDateTime, PyDecimal, PyDeque, PyException, PyOrderedDict, PyUUID, PyZoneInfo } = types;
    const paris = new PyDateTime(2026, 10, 25, 2, 30, 0, 5, new PyZoneInfo("Europe/Paris"), 1);
    const [time, ...rest] = loads(
      dumps([
        paris,
        new PyDecimal("1.10"),
        new PyUUID(5n),
        new PyDeque([1, 2], 2),
        new PyOrderedDict([["b", 1]]),
        new PyException("KeyError", ["k"]),
        Float32Array.of(1.5),
        new Date(0),
      ]),
    );
    same(time.equals(paris), true);
    same(time.toDate().toISOString(), "2026-10-25T01:30:00.000Z");
    same(
      rest.map(String).join(" "),
      "1.10 00000000-0000-0000-0000-000000000005 1,2 [object collections.OrderedDict] KeyError: k 1.5 1970-01-01T00:00:00+00:00",
    );
    same(core.loads(dumps(new PyUUID(5n))) instanceof PyObject, true);
  },
  "Temporal, where there is one"() {
    const { Temporal } = globalThis;
    if (Temporal === undefined) return;
    const zoned = Temporal.ZonedDateTime.from("2026-10-25T02:30:00.000005+01:00[Europe/Paris]");
    const time = loads(dumps(zoned));
    same(time.fold, 1);
    same(time.toTemporal().equals(zoned), true);
    const values = [
      Temporal.PlainDate.from("2026-01-02"),
      Temporal.PlainTime.from("03:04:05.000006"),
      Temporal.PlainDateTime.from("2026-01-02T03:04:05"),
      Temporal.Duration.from({ days: 1, seconds: 2 }),
    ];
    same(
      loads(dumps(values))
        .map((value) => value.toTemporal())
        .join(" "),
      values.join(" "),
    );
    const instant = loads(dumps(Temporal.Instant.from("2026-01-02T03:04:05Z")));
    same(instant.toJSON(), "2026-01-02T03:04:05+00:00");
  },
  "brine and brine/core share their classes"() {
    same(core.PyDict === PyDict, true);
    same(core.UnpicklingError === UnpicklingError, true);
    same(show(core.loads(bytes(everything[5]))), plainText);
  },
  "tools: the text of dis, and back"() {
    for (const pickle of everything) {
      const text = tools.dis(bytes(pickle));
      same(
        text.endsWith(`highest protocol among opcodes = ${Math.min(everything.indexOf(pickle), 5)}\n`),
        true,
      );
      same(hex(tools.assemble(text)), pickle);
      same(hex(tools.reassemble(tools.genops(bytes(pickle)))), pickle);
      same(show(loads(tools.optimize(bytes(pickle)))), plainText);
    }
  },
  "tools: what takes the space"() {
    const data = bytes(everything[5]);
    const { opcodes, types: byType, paths, savings } = tools.stat(data);
    for (const shares of [opcodes, byType, paths]) {
      same(
        shares.reduce((sum, share) => sum + share.bytes, 0),
        data.length,
      );
    }
    same(paths.find(({ path }) => path === "$.name").types[0], "str");
    same(savings[0].bytes, tools.optimize(data).length);
  },
  "tools: an error has its place"() {
    const error = throws(UnpicklingError, "invalid-opcode", () => tools.dis(bytes("4effff")));
    same(error.offset, 1);
    same(error instanceof tools.DisassemblyError, true);
  },
  async "tools: opcodes of a stream"() {
    const data = bytes(everything[4]);
    const pieces = new ReadableStream({
      start(controller) {
        for (let at = 0; at < data.length; at += 5) controller.enqueue(data.slice(at, at + 5));
        controller.close();
      },
    });
    const ops = [];
    for await (const op of tools.genops(pieces)) ops.push(op);
    same(hex(tools.reassemble(ops)), everything[4]);
  },
});

/** @type {{ passed: number, failures: string[] }} */
export const result = { passed: 0, failures: [] };
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    result.passed++;
  } catch (error) {
    result.failures.push(`${name}: ${error?.message ?? error}`);
  }
}
