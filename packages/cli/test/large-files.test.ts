import { spawn, spawnSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { dumps, Pickler } from "brine/core";
import { expect, test } from "vitest";
import { LARGE, LargeFile } from "../src/large-file.ts";
import { LargePickle, readLargePickles } from "../src/large-pickles.ts";
import { BadPickle, readPickles } from "../src/pickles.ts";
import { InputError } from "../src/input.ts";
import { skipPickle } from "../src/skipped-value.ts";
import { ends } from "../src/split.ts";
import { bin, brine, file, folder } from "./command.ts";

const records = Array.from({ length: 300 }, (_, i) => dumps({ i, text: "x".repeat(i % 90) }));
const log = Buffer.concat([...records, Buffer.from("\r\n")]);

test("pickles read a window at a time are those read at once", async () => {
  const path = file("many.pkl", log);
  const whole = [...readPickles(log, {})];
  for (const window of [2, 64, 100, 1000, 1e9]) {
    expect([...readLargePickles(new LargeFile(path), {}, undefined, { window })]).toEqual(whole);
    const found: number[] = [];
    for await (const end of ends(new LargeFile(path), 0, window)) found.push(end);
    expect(found).toEqual(whole.map(({ end }) => end));
  }
  const from = whole[7]?.end as number;
  expect([...readLargePickles(new LargeFile(path), { from }, undefined, { window: 50 })]).toEqual([
    ...readPickles(log, { from }),
  ]);
});

test("a memo in common, Python 2 text and what is broken are met a window at a time", async () => {
  const pickler = new Pickler();
  const shared = { a: "shared" };
  const together = Buffer.concat(
    [["p", "q", "r", "s"], shared, "x".repeat(200), ["s", shared], shared].map((v) => pickler.dump(v)),
  );
  const large = (name: string, bytes: Uint8Array): LargeFile => new LargeFile(file(name, bytes));
  const values = [...readLargePickles(large("shared.pkl", together), {}, undefined, { window: 40 })];
  expect(values).toEqual([...readPickles(together, { sharedMemo: true })]);

  const python2 = Buffer.from("I1\n.U\x01\xe9.U\x01\xe8.", "latin1");
  const told: unknown[] = [];
  const texts = readLargePickles(large("two.pkl", python2), {}, ({ offset }) => told.push(offset), {
    window: 5,
  });
  expect([...texts].map(({ value }) => value)).toEqual([1n, "é", "è"]);
  expect(told).toEqual([4]);

  const broken = Buffer.concat([log.subarray(0, -2), Buffer.from("(K\x01t")]);
  const wanted = ((): BadPickle => {
    try {
      return [...readPickles(broken, {})] as never;
    } catch (error) {
      return error as BadPickle;
    }
  })();
  const read = (): unknown => [
    ...readLargePickles(large("broken.pkl", broken), {}, undefined, { window: 90 }),
  ];
  expect(read).toThrow(BadPickle);
  expect(read).toThrow(expect.objectContaining({ number: wanted.number, start: wanted.start }));
  expect(read).toThrow(wanted.cause.message);
  await expect(async () => {
    for await (const _ of ends(large("broken.pkl", broken), 0, 90)) void _;
  }).rejects.toThrow(`pickle 301, at byte ${broken.length}`);

  const refused = readLargePickles(large("many.pkl", log), {}, undefined, { window: 20, refusesLarge: true });
  expect(() => [...refused]).toThrow(LargePickle);
});

test("a pickle larger than what is held at once", { timeout: 60_000 }, () => {
  // {"blob": b"\0" * length, "last": 5}, most of it a hole in the file, and a pickle behind it.
  const path = join(folder, "hole.pkl");
  const descriptor = openSync(path, "w");
  const length = LARGE + 1000;
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(length));
  const head = Buffer.concat([Buffer.from("\x80\x04}(X\x04\0\0\0blob\x8e", "latin1"), size]);
  const rest = Buffer.concat([Buffer.from("X\x04\0\0\0lastK\x05u.", "latin1"), dumps({ last: "six" })]);
  writeSync(descriptor, head, 0, head.length, 0);
  ftruncateSync(descriptor, head.length + length);
  writeSync(descriptor, rest, 0, rest.length, head.length + length);
  closeSync(descriptor);
  expect(brine(["get", path, "last"])).toEqual({ status: 0, stdout: "5\n'six'\n", stderr: "" });
  // From standard input too, of which no more is held.
  const input = openSync(path, "r");
  const { stdout: piped } = spawnSync(process.execPath, [bin, "get", "-", "last"], {
    encoding: "utf8",
    stdio: [input, "pipe", "inherit"],
  });
  closeSync(input);
  expect(piped).toBe("5\n'six'\n");
  expect(brine(["get", path, "none"]).stderr).toContain("there is nothing at $.none");
  const behind = String(head.length + length + rest.indexOf("\x80\x05", 0, "latin1"));
  expect(brine(["--from", behind, path]).stdout).toBe("{'last': 'six'}\n");
  const { stdout } = brine(["split", path, "-d", "parts"]);
  expect(stdout.trimEnd().split("\n")).toEqual([join("parts", "hole-1.pkl"), join("parts", "hole-2.pkl")]);
  expect(readFileSync(join(folder, "parts/hole-2.pkl"))).toEqual(Buffer.from(dumps({ last: "six" })));
  brine(["join", "parts/hole-1.pkl", "parts/hole-2.pkl", "-o", "joined.pkl"]);
  expect(brine(["get", "joined.pkl", "last"]).stdout).toBe("5\n'six'\n");
});

test("where a pickle ends is found part by part, whatever is longer than a part", async () => {
  const path = file("skipped.pkl", Buffer.concat([log.subarray(0, -2), Buffer.from("N")]));
  const large = new LargeFile(path);
  const first = records[0]?.length as number;
  const long = first + (records[1]?.length as number);
  for (const part of [1, 7, 1000]) {
    expect(await skipPickle(large, 0, part)).toBe(first);
    expect(await skipPickle(large, first, part)).toBe(long);
    await expect(skipPickle(large, log.length - 2, part)).rejects.toThrow(InputError);
  }
});

test("dis of a large file shows its first pickle, without holding the others", () => {
  const path = join(folder, "others.pkl");
  const descriptor = openSync(path, "w");
  writeSync(descriptor, dumps([1, 2]));
  ftruncateSync(descriptor, LARGE + 1);
  closeSync(descriptor);
  const { status, stdout } = brine(["dis", path]);
  expect(status).toBe(0);
  expect(stdout).toBe(brine(["dis", file("alone.pkl", dumps([1, 2]))]).stdout);
});

test(
  "Ctrl-C ends the command with 130 and leaves nothing beside the target",
  { timeout: 60_000 },
  async () => {
    const path = file("long.pkl", `\x80\x04${"N0".repeat(20_000_000)}N.`);
    mkdirSync(join(folder, "beside"));
    const child = spawn(process.execPath, [bin, "dis", path, "-o", join(folder, "beside/dis.txt")]);
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    while (!readdirSync(join(folder, "beside")).some((name) => name.endsWith(".tmp"))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(readdirSync(join(folder, "beside"))).toEqual([]);
  },
);
