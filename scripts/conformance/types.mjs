// node scripts/conformance/types.mjs DIR…: the cases of folders of pickles that describe what is in them
// (<group>/<case>.json: `files`, `expect`, `reloaded`, …) are loaded exact with the types of the standard library, drawn in
// the same form and compared. What a pickle does not say is not asked for: the names of an unknown class's enumeration
// members and namedtuple fields. Python opens containers. It uses the built library. The last line is "N passed, M failed".
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { loads, PyGlobal, Unpickler } from "../../packages/brine/dist/index.js";
import { compare } from "./types/compare.mjs";
import { draw, Persistent } from "./types/draw.mjs";

const SHOWN = Number(process.env.SHOWN ?? 12);
const groups = ["builtins", "stdlib", "classes", "containers", "persistent", "extension", "structure"];
const pyenv = join(homedir(), ".pyenv/versions/3.13.0/bin/python");
const python = process.env.PYTHON ?? (existsSync(pyenv) ? pyenv : "python3");

const folders = process.argv.slice(2);
if (folders.length === 0) {
  console.error("usage: node scripts/conformance/types.mjs DIR…");
  process.exit(2);
}

/** Takes the pickles out of a container: their bytes as hexadecimal text, a line each. */
const opener = `
import base64, bz2, gzip, io, lzma, os, shelve, sqlite3, struct, sys, tarfile, zipfile, zlib
path = sys.argv[1]
name = os.path.basename(path)
data = open(path, 'rb').read() if os.path.isfile(path) else b''
out = lambda b: print(b.hex())
if name.endswith('.sqlite'):
    for k, v in sqlite3.connect('file:' + path + '?mode=ro', uri=True).execute('select k, v from t'): out(v)
elif name.endswith('.tar.gz'):
    t = tarfile.open(path)
    for m in t.getmembers(): out(t.extractfile(m).read())
elif name.endswith('.zip'):
    z = zipfile.ZipFile(path)
    for n in z.namelist(): out(z.read(n))
elif name.endswith('.gz'): out(gzip.decompress(data))
elif name.endswith('.z'): out(zlib.decompress(data))
elif name.endswith('.bz2'): out(bz2.decompress(data))
elif name.endswith(('.xz', '.lzma')): out(lzma.decompress(data))
elif name.endswith('.b64'): out(base64.b64decode(data))
elif name == 'raw_deflate.pkl': out(zlib.decompress(data, -15))
elif name.startswith('header_then'): out(data[11:])
elif name.startswith('prefix_sha1'): out(data[20:])
elif name.startswith('logging_socket'):
    f = io.BytesIO(data)
    while True:
        h = f.read(4)
        if not h: break
        out(f.read(struct.unpack('>L', h)[0]))
elif name.startswith('shelve_dumb'):
    raw = open(path[:-4] + '.dat', 'rb').read()
    for line in open(path[:-4] + '.dir', encoding='latin-1'):
        key, (pos, size) = eval(line, {})
        print('key:' + key); out(raw[pos:pos + size])
else: out(data)
`;

function open(path) {
  return execFileSync(python, ["-c", opener, path], { encoding: "utf8", maxBuffer: 2 ** 28 })
    .trim()
    .split("\n");
}

const isPython2 = (folder) =>
  JSON.parse(readFileSync(join(folder, "index.json"), "utf8")).python?.startsWith("2.");

function optionsOf(test, python2) {
  const extensions = new Map();
  const [, code, module, name] = /code (0x\w+) = (\w+)\.(\w+)/.exec(test.note ?? "") ?? [];
  if (code !== undefined) extensions.set(Number(code), new PyGlobal(module, name));
  return {
    exact: true,
    extensions,
    encoding: python2 ? "bytes" : "ASCII",
    persistentLoad: (pid) => new Persistent(pid),
  };
}

/** The value of a case's file, as its description speaks of it. */
function read(folder, test, file, options) {
  const path = join(folder, file);
  if (test.group !== "containers") return loads(readFileSync(path), options);
  if (test.name === "oob") {
    const buffers = test.files
      .filter((one) => one.file.includes(".buf"))
      .map((one) => readFileSync(join(folder, one.file)));
    return { buffers, value: loads(readFileSync(path), { ...options, buffers }) };
  }
  const pickles = open(path);
  if (test.name === "shelve_dumb") {
    return new Map(
      pickles.flatMap((line, i) =>
        line.startsWith("key:")
          ? [
              [
                Buffer.from(line.slice(4), "latin1").toString("utf8"),
                loads(Buffer.from(pickles[i + 1], "hex"), options),
              ],
            ]
          : [],
      ),
    );
  }
  const bytes = pickles.map((hex) => Buffer.from(hex, "hex"));
  if (test.name.startsWith("multi_mixed") || test.name.startsWith("multi_one")) {
    const isOne = test.name.startsWith("multi_one");
    const values = [];
    let unpickler = new Unpickler(bytes[0], options);
    for (let at = 0; at < bytes[0].length;) {
      if (!isOne) unpickler = new Unpickler(bytes[0].subarray(at), options);
      values.push(unpickler.load());
      at = isOne ? unpickler.position : at + unpickler.position;
    }
    return values;
  }
  const values = bytes.map((one) => loads(one, options));
  return test.name.startsWith("logging") ? values : values[0];
}

/** Cases that differ, by the reason why. */
const knownDifferences = {
  "a text integer of over 4300 digits is refused, as by CPython since 3.11": [
    "builtins/int_45",
    "builtins/ints_all",
  ],
  "bytearray(text, b'latin-1'), which is what encoding=\"bytes\" makes of it, is refused by Python 3 too": [
    "builtins/ba",
  ],
  "the expectation is what __setstate__ made of it, or an error of the drawing": [
    "classes/old_getstate",
    "stdlib/generic_alias",
  ],
};
const knownCounts = new Map();
let passed = 0;
let failed = 0;
let skipped = 0;
const byGroup = new Map();
for (const folder of folders) {
  const python2 = isPython2(folder);
  for (const group of groups) {
    const cases = existsSync(join(folder, group)) ? readdirSync(join(folder, group)) : [];
    for (const name of cases.filter((one) => one.endsWith(".json"))) {
      const test = JSON.parse(readFileSync(join(folder, group, name), "utf8"));
      const files = test.files.filter(({ file }) => !/\.buf\d|\.dir$/.test(file));
      for (const { file, protocol } of files) {
        const expected = test.reloaded?.[file] ?? test.expect;
        if (expected === undefined || expected.t === "skip" || test.load_error?.[file] !== undefined) {
          skipped++;
          continue;
        }
        let problem;
        try {
          const value = read(folder, test, file, optionsOf(test, python2));
          problem = compare(expected, draw(value), python2, protocol);
        } catch (error) {
          problem = error.stack;
        }
        const known = Object.entries(knownDifferences).find(([, names]) =>
          names.includes(`${group}/${test.name}`),
        );
        if (problem !== undefined && known !== undefined) {
          knownCounts.set(known[0], (knownCounts.get(known[0]) ?? 0) + 1);
          continue;
        }
        if (problem === undefined) passed++;
        else if (++failed <= SHOWN) console.log(`FAIL ${join(folder, file)}\n  ${problem}`);
        if (problem !== undefined)
          byGroup.set(`${group}/${test.name}`, (byGroup.get(`${group}/${test.name}`) ?? 0) + 1);
      }
    }
  }
}
if (byGroup.size > 0) console.log([...byGroup].map(([name, count]) => `${name} ${count}`).join(", "));
for (const [reason, count] of knownCounts) console.log(`${count} known: ${reason}`);
console.log(`${skipped} without an expectation\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
