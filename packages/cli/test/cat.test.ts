import { join } from "node:path";
import { dumps, Pickler, PyDict, PyGlobal, PyObject, Tuple } from "brine/core";
import { expect, test } from "vitest";
import { wantsColor } from "../src/style.ts";
import { brine, examples, file } from "./command.ts";

const exact = (value: unknown): Uint8Array => dumps(value, { exact: true });

test("shows a real pickle", () => {
  const { status, stdout, stderr } = brine([join(examples, "orders.pkl")]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain(`
  'version':   (2, 1),
  'orders':    [
    &1 shop.models.Order {
      id:       UUID('00000000-0000-0000-0000-0000000003e9'),
      customer: &2 shop.models.Customer {
        name:    'Ada Løvdal 🥒',
        email:   'ada@example.org',
        address: &3 {'street': 'Strandgaten 12', 'city': 'Bergen', 'location': (60.39299, 5.32415)},
      },
      lines:    [('cucumbers', 12, Decimal('0.45')), ('dill', 1, Decimal('1.20'))],
`);
  expect(stdout).toContain("\n  'margins':   [0.25, -0.0, inf, nan],\n  'warehouse': *3,\n");
  expect(brine(["cat", join(examples, "orders.pkl")]).stdout).toBe(stdout);
});

const log = `# pickle 1, byte 0
{'level': 'info', 'message': 'started'}

# pickle 2, byte 51
{'level': 'warning', 'message': 'disk at 91 %'}

# pickle 3, byte 110
{'level': 'info', 'message': 'stopped'}
`;

test("shows every pickle of a file, and what comes in", () => {
  const path = join(examples, "log.pkl");
  expect(brine([path])).toEqual({ status: 0, stdout: log, stderr: "" });
  const one = exact("é");
  expect(brine(["-"], { input: one }).stdout).toBe("'é'\n");
  expect(brine([], { input: one }).stdout).toBe("'é'\n");
  expect(brine([], { input: Buffer.concat([one, Buffer.from("\n")]) })).toEqual({
    status: 0,
    stdout: "'é'\n",
    stderr: "",
  });
  expect(brine([], { input: Buffer.concat([one, Buffer.from("\r\n")]) }).stderr).toBe("");
  expect(brine([], { input: Buffer.concat([one, Buffer.from("\n\n")]) }).status).toBe(1);
});

test("names each of several files, and goes on after one that cannot be read", () => {
  const one = file("one.pkl", exact(1n));
  const { status, stdout, stderr } = brine([one, "nowhere.pkl", one]);
  expect(stdout).toBe(`# ${one}\n1\n\n# ${one}\n1\n`);
  expect(stderr).toBe("brine: nowhere.pkl: no such file\n");
  expect(status).toBe(1);
});

test("leaves out by default, and nothing with --full", () => {
  const long = file("long.pkl", exact(["x".repeat(1000), Array.from({ length: 100 }, () => [])]));
  expect(brine([long]).stdout).toContain("… (800 more)");
  expect(brine([long]).stdout).toContain("… 50 more");
  expect(brine(["--full", long]).stdout).not.toContain("…");
  const outline = brine(["--depth", "0", "--max-length", "5", long]).stdout;
  expect(outline).toBe("['xxxxx'… (995 more), [… 100 items]]\n");
  expect(brine(["--full", "--max-items", "1", long]).stdout).toContain("… 1 more");
  expect(brine(["--width", "20", file("n.pkl", exact([1n, 2n, 3n, 4n, 5n, 6n, 7n]))]).stdout).toBe(
    "[\n  1, 2, 3, 4, 5, 6,\n  7,\n]\n",
  );
});

test("colours when asked to, by option or environment", () => {
  const one = file("one.pkl", exact(1n));
  const colored = "\x1b[33m1\x1b[39m\n";
  expect(brine([one]).stdout).toBe("1\n");
  expect(brine(["--color", one]).stdout).toBe(colored);
  expect(brine([one], { env: { FORCE_COLOR: "1" } }).stdout).toBe(colored);
  expect(brine(["--no-color", one], { env: { FORCE_COLOR: "1" } }).stdout).toBe("1\n");
  expect(brine(["--color", one], { env: { NO_COLOR: "1" } }).stdout).toBe(colored);
  expect(wantsColor(undefined, true, {})).toBe(true);
  expect(wantsColor(undefined, false, {})).toBe(false);
  expect(wantsColor(undefined, true, { NO_COLOR: "1" })).toBe(false);
  expect(wantsColor(undefined, true, { NO_COLOR: "" })).toBe(true);
  expect(wantsColor(undefined, true, { TERM: "dumb" })).toBe(false);
  expect(wantsColor(undefined, true, { FORCE_COLOR: "0" })).toBe(false);
});

test("shows what is not in the file by what stands for it", () => {
  // persistent_id gives a tuple; the class of an object; an id of protocol 0.
  const persistent = file("persistent.pkl", "\x80\x04]\x94(K\x05QK\x05Q)Q\x8c\x01aQ)\x81Pid\n(lQe.");
  expect(brine([persistent]).stdout).toBe(
    "[\n  <persistent id 5>,\n  <persistent id 5>,\n  <persistent id ()>,\n  (<persistent id 'a'>)(),\n  <persistent id 'id'>,\n  <persistent id []>,\n]\n",
  );
  expect(brine([file("ids.pkl", "\x80\x04}\x94(K\x01QK\x01K\x01QK\x02u.")]).stdout).toBe(
    "{<persistent id 1>: 1, <persistent id 1>: 2}\n",
  );
  expect(brine([file("extension.pkl", "\x80\x02\x82\x05)\x81\x83\x00\x01\x86.")]).stdout).toBe(
    "(<extension 5>(), <extension 256>)\n",
  );
  expect(brine([file("buffers.pkl", "\x80\x05\x97\x97\x98\x86.\x80\x05\x97.")]).stdout).toBe(
    "# pickle 1, byte 0\n(<buffer 0>, <buffer 1>)\n\n# pickle 2, byte 7\n<buffer 0>\n",
  );
});

test("reads what one Pickler wrote, with the memo in common", () => {
  const shared = new PyDict([["a", 1n]]);
  const wanted = (stdout: string): string => stdout.replace(/byte \d+/g, "byte N");
  const expected =
    "# pickle 1, byte N\n{'a': 1}\n\n# pickle 2, byte N\n[{'a': 1}]\n\n# pickle 3, byte N\n{'a': 1}\n";
  for (const protocol of [2, 5]) {
    const pickler = new Pickler({ exact: true, protocol });
    const pickles = [shared, [shared], shared].map((value) => pickler.dump(value));
    const path = file(`shared-memo-${protocol}.pkl`, Buffer.concat(pickles));
    expect(wanted(brine(["--shared-memo", path]).stdout)).toBe(expected);
    // Protocol 2 says which slot it fills, so that it shows.
    const { status, stdout, stderr } = brine([path]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(wanted(stdout) === expected).toBe(protocol === 2);
  }
});

test("shows Python 2 strings as latin1 and says so, unless told an encoding", () => {
  const path = file("python2.pkl", "U\x04caf\xe9.U\x01\xff.");
  expect(brine([path])).toEqual({
    status: 0,
    stdout: "# pickle 1, byte 0\n'café'\n\n# pickle 2, byte 7\n'ÿ'\n",
    stderr: `brine: ${path}: at byte 0: a Python 2 string that is not ASCII; such strings are shown as latin1, see --encoding\n`,
  });
  expect(brine(["--encoding", "bytes", path]).stdout).toContain("b'caf\\xe9'");
  expect(brine(["--encoding", "latin1", path]).stderr).toBe("");
  expect(brine(["--encoding", "cp1251", path]).stdout).toContain("'cafй'");
  expect(brine(["--errors", "backslashreplace", path]).stdout).toContain("'caf\\\\xe9'");
  const strict = brine(["--encoding", "utf-8", path]);
  expect(strict.status).toBe(1);
  expect(strict.stderr).toContain("at byte 0: 'utf-8' codec can't decode byte 0xe9 in position 3");
  expect(strict.stderr).toContain("--encoding latin1");
});

test("keys and names that a prototype has are only data", () => {
  const value = new PyDict<string, unknown>([
    [
      "__proto__",
      new PyObject(new PyGlobal("__proto__", "constructor"), [], { state: new PyDict([["__proto__", 1n]]) }),
    ],
    ["toString", Tuple.of("hasOwnProperty")],
  ]);
  expect(brine(["--width", "200", file("proto.pkl", exact(value))]).stdout).toBe(
    "{'__proto__': __proto__.constructor {__proto__: 1}, 'toString': ('hasOwnProperty',)}\n",
  );
});
