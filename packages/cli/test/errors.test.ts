import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, deflateSync } from "node:zlib";
import { dumps } from "brine/core";
import { expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { looksLike } from "../src/looks-like.ts";
import { bin, brine, examples, file, folder } from "./command.ts";

const pickle = dumps({ a: 1 });

test.each<[string, string | Uint8Array, string]>([
  ["empty", "", "it is empty"],
  ["truncated", pickle.subarray(0, 8), "at byte 2: pickle data was truncated"],
  ["unknown opcode", "\x80\x04\xff.", "at byte 2: invalid load key, '\\xff'"],
  ["protocol", "\x80\x06N.", "at byte 0: unsupported pickle protocol: 6"],
  [
    "after a pickle",
    "N.zunk.",
    "pickle 2, at byte 2: invalid load key, 'z'. The 5 bytes after pickle 1 are no whole pickle",
  ],
  ["memo", "\x80\x04h\x05.", "at byte 2: Memo value not found at index 5"],
  [
    "gzip cut short",
    gzipSync(pickle).subarray(0, -9),
    "Compressed file ended before the end-of-stream marker was reached. The file is incomplete: copy or download it again",
  ],
  ["zlib", deflateSync(Buffer.from("zunk.")), "at byte 0: invalid load key, 'z'"],
  [
    "zip",
    Buffer.from("UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==", "base64"),
    "the zip archive has no member whose name ends in .pkl. Name one: --member NAME; there are: ",
  ],
  ["npy", "\x93NUMPY\x01\0", "It looks like a NumPy array file (.npy)"],
  ["json", '{"a": 1}', "at byte 0: invalid load key, '{'. It looks like JSON"],
  ["text", "Hello, world", "It looks like text"],
  [
    "base64",
    Buffer.from(pickle).toString("base64"),
    "It looks like the base64 of a pickle: try base64 -d FILE | brine",
  ],
  ["utf-8", Buffer.from(Buffer.from(pickle).toString("latin1")), "turned into UTF-8 text on its way"],
  ["crlf", "(dp0\r\nS'a'\r\np1\r\nI1\r\ns.", "It looks like text with CRLF line ends"],
  ["escape sequences", "c\x1b[31m\nm\n0N)R.", "\\x1b["],
])("tells in one line what is wrong: %s", (name, content, expected) => {
  const path = file(`${name.replaceAll(" ", "-")}.bin`, content);
  const { status, stderr } = brine([path]);
  expect(status).toBe(1);
  expect(stderr.startsWith(`brine: ${path}: `)).toBe(true);
  // oxlint-disable-next-line no-control-regex -- what a terminal must not get
  expect(stderr).toMatch(/^[^\n\x1b]*\n$/);
  if (name !== "escape sequences") expect(stderr).toContain(expected.replace("FILE", path));
});

test("what comes in is called standard input, and hints name no file", () => {
  expect(brine([], { input: Buffer.from(pickle).toString("base64") }).stderr).toBe(
    "brine: standard input: at byte 0: pickle data was truncated. It looks like the base64 of a pickle: try base64 -d | brine\n",
  );
});

test("prints what is good before what is wrong", () => {
  const path = file("log.pkl", Buffer.concat([readFileSync(join(examples, "log.pkl")), Buffer.from("zzz")]));
  const { status, stdout, stderr } = brine([path]);
  expect(stdout).toContain("{'level': 'info', 'message': 'stopped'}");
  expect(stderr).toMatch(
    /: pickle 4, at byte \d+: invalid load key, 'z'\. The 3 bytes after pickle 3 are no whole pickle\n$/,
  );
  expect(status).toBe(1);
  const json = brine(["json", "--array", path]);
  expect(JSON.parse(json.stdout)).toHaveLength(3);
  expect(json.status).toBe(1);
});

test("files that cannot be opened", () => {
  mkdirSync(join(folder, "folder"));
  expect(brine(["folder"]).stderr).toBe("brine: folder: it is a directory\n");
  expect(brine(["nowhere"]).stderr).toBe("brine: nowhere: no such file\n");
  const secret = file("secret", pickle);
  chmodSync(secret, 0);
  // Root may read anything.
  if (process.getuid?.() !== 0) expect(brine([secret]).stderr).toBe(`brine: ${secret}: permission denied\n`);
  expect(brine(["folder", "nowhere"])).toMatchObject({ status: 1, stdout: "" });
});

test("a pickle that takes too much is refused with the option that allows more", () => {
  const path = file("large.pkl", dumps(Array.from({ length: 300_000 }, () => [])));
  expect(brine(["--max-memory", "1M", path]).stderr).toMatch(/than is allowed.*allow more: --max-memory 8G/);
  expect(brine(["--max-memory", "1G", path]).status).toBe(0);
});

test("a wrong command line ends with 2 and says why", () => {
  expect(brine(["--nope"])).toEqual({
    status: 2,
    stdout: "",
    stderr: "brine: unknown option '--nope'\nSee brine --help.\n",
  });
  for (const args of [
    ["--depth", "x", "f"],
    ["json", "--indent", "-1", "f"],
    ["json", "--nan", "zero", "f"],
    ["--max-memory", "2X", "f"],
  ]) {
    const { status, stdout, stderr } = brine(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^brine: option '.*' argument '.*' is invalid\./);
  }
});

test("help and version", () => {
  expect(brine(["--version"])).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: "" });
  const help = brine(["--help"]);
  expect(help).toMatchObject({ status: 0, stderr: "" });
  for (const word of ["--full", "--encoding", "json", "Examples:", "Exit status"])
    expect(help.stdout).toContain(word);
  expect(brine(["json", "--help"]).stdout).toContain('{"$bytes": "base64"}');
});

test("ends quietly when its reader goes away, and when it is interrupted", async () => {
  const path = file("long.pkl", dumps(Array.from({ length: 1_000_000 }, (_, index) => `item ${index}`)));
  for (const args of [
    ["--full", path],
    ["json", path],
  ]) {
    const child = spawn(process.execPath, [bin, ...args]);
    let errors = "";
    child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
    child.stdout.once("data", () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
  }
  const child = spawn(process.execPath, [bin, "-"]);
  let errors = "";
  child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
  await new Promise((resolve) => setTimeout(resolve, 300));
  child.kill("SIGINT");
  const signal = await new Promise((resolve) => child.on("close", (_, name) => resolve(name)));
  expect({ signal, errors }).toEqual({ signal: "SIGINT", errors: "" });
});

test("guesses are about the bytes at the beginning", () => {
  expect(looksLike(pickle, true)).toBeUndefined();
  expect(looksLike(Buffer.from("  <!DOCTYPE html>"), true)?.what).toBe("HTML or XML");
  expect(looksLike(Buffer.from("80 04 95"), true)?.what).toBe("the hexadecimal digits of a pickle");
  expect(looksLike(Buffer.from("b'\\x80\\x04'"), true)?.what).toContain("Python source of a bytes object");
  expect(looksLike(Buffer.from("plain words"), false)).toBeUndefined();
  expect(looksLike(Buffer.from([0xff, 0xfe, 0x00]), true)).toBeUndefined();
});
