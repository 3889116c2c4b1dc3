import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";
import { dumps, loadsAll } from "brine/core";
import { describe, expect, test } from "vitest";
import { bin, brine, examples, file, folder } from "./command.ts";

const fixtures = new URL("../../brine/test/fixtures/compression/", import.meta.url);
const compressed = readdirSync(fixtures, { recursive: true, encoding: "utf8" })
  .filter((name) => /\/.*\.\w+$/.test(name) && !name.startsWith("kinds/"))
  .sort();
const log = readFileSync(join(examples, "log.pkl"));
const shown = brine([join(examples, "log.pkl")]).stdout;

describe("compressed files", () => {
  test.each(compressed)("%s", (name) => {
    const { status, stdout, stderr } = brine(["json", new URL(name, fixtures).pathname]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toHaveLength(1000);
  });

  test("are known by how they begin, whatever they are called", () => {
    expect(brine([file("log.txt", gzipSync(deflateSync(log)))]).stdout).toBe(shown);
    expect(brine([], { input: gzipSync(log) }).stdout).toBe(shown);
    expect(brine(["-", "-"], { input: gzipSync(log) }).status).toBe(0);
  });

  test("work for every command that reads", () => {
    const path = file("orders.gz", gzipSync(readFileSync(join(examples, "orders.pkl"))));
    const plain = join(examples, "orders.pkl");
    expect(brine(["dis", path]).stdout).toBe(brine(["dis", plain]).stdout);
    brine(["optimize", path, "-o", "a.pkl"]);
    brine(["optimize", plain, "-o", "b.pkl"]);
    expect(readFileSync(join(folder, "a.pkl")).equals(readFileSync(join(folder, "b.pkl")))).toBe(true);
  });

  test("have a member by name", () => {
    const path = new URL("python-3.13/zip-deflated.zip", fixtures).pathname;
    expect(brine(["--member", "other.bin", path]).stdout).toBe("'the other'\n");
    expect(brine(["--member", "none", path]).stderr).toContain(
      "There is no item named 'none' in the archive. Name one: --member NAME; there are: readme.txt, folder/data.pkl, other.bin",
    );
    const other = file("other.pkl", dumps("the other"));
    for (const command of ["dis", "stat", "optimize", "compact", "verify"]) {
      const told = (...args: string[]): string =>
        brine([command, "--json", ...args]).stdout.replace(/"file":"[^"]*",/, "");
      expect(told("--member", "other.bin", path)).not.toBe("");
      expect(told("--member", "other.bin", path)).not.toBe(told(path));
    }
    expect(brine(["diff", "--member", "other.bin", path, other]).status).toBe(0);
    expect(brine(["diff", path, other]).status).toBe(1);
  });

  test("that are cut short show what there is", () => {
    const path = file("cut.gz", gzipSync(log).subarray(0, -9));
    const { status, stdout, stderr } = brine([path]);
    expect(status).toBe(1);
    expect(stdout).toContain("started");
    expect(stderr).toMatch(/^brine: .*cut\.gz: at byte \d+: Compressed file ended before .*\n$/);
  });

  test("that become too large are refused", () => {
    const path = file("bomb.gz", gzipSync(gzipSync(Buffer.alloc(80_000_000))));
    expect(brine([path]).stderr).toContain(
      "the limit of 2000, forbids. If you trust the file, allow more: --max-memory 8G",
    );
    expect(brine(["--max-memory", "1M", path]).stderr).toContain("larger decompressed than 1048576 bytes");
  });
});

test("--from begins at a pickle behind others", () => {
  const offset = dumps({ level: "info", message: "started" }, { protocol: 4 }).length;
  expect(brine(["--from", String(offset), join(examples, "log.pkl")]).stdout).toBe(
    shown
      .slice(shown.indexOf("# pickle 2"))
      .replaceAll("pickle 2", "pickle 1")
      .replaceAll("pickle 3", "pickle 2"),
  );
  expect(
    brine(["json", "--from", String(offset), file("from.gz", gzipSync(log))]).stdout.split("\n"),
  ).toHaveLength(3);
});

describe("split and join", () => {
  test("take a file of pickles apart and put it together", () => {
    const path = file("events.pkl.gz", gzipSync(Buffer.concat([log, Buffer.from("\n")])));
    const { status, stdout } = brine(["split", path, "-d", "parts"]);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: "parts/events-1.pkl\nparts/events-2.pkl\nparts/events-3.pkl\n",
    });
    const parts = ["parts/events-1.pkl", "parts/events-2.pkl", "parts/events-3.pkl"];
    expect(brine(["json", parts[1] as string]).stdout).toContain("disk at 91 %");
    expect(brine(["join", ...parts, "-o", "joined.pkl"]).status).toBe(0);
    expect(readFileSync(join(folder, "joined.pkl")).equals(log)).toBe(true);
    expect(brine(["split", path, "-d", "parts"]).stderr).toContain(
      "is there already: --force writes over it",
    );
    expect(brine(["split", path, "-d", "parts", "--force"]).status).toBe(0);
    expect(brine(["split", path, "-d", "pairs", "--every", "2"]).stdout).toBe(
      "pairs/events-1.pkl\npairs/events-2.pkl\n",
    );
    expect([...loadsAll(readFileSync(join(folder, "pairs/events-1.pkl")))]).toHaveLength(2);
    expect(brine(["split", path, "--every", "0"]).status).toBe(2);
  });

  test("begin where --from says, and tell where nothing is", () => {
    const path = file("some.pkl.gz", gzipSync(log));
    const from = String(log.indexOf("\x80\x04", 1, "latin1"));
    const { status, stdout } = brine(["split", path, "-d", "some", "--from", from]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: "some/some-1.pkl\nsome/some-2.pkl\n" });
    expect(readFileSync(join(folder, "some/some-1.pkl"))).toEqual(
      readFileSync(join(folder, "parts/events-2.pkl")),
    );
    expect(brine(["join", path, "--from", from, "-o", "rest.pkl"]).status).toBe(0);
    expect(readFileSync(join(folder, "rest.pkl")).equals(log.subarray(Number(from)))).toBe(true);
    expect(brine(["split", path, "-d", "none", "--from", "99999"]).stderr).toContain(
      `it has ${log.length} bytes: there is nothing at byte 99999`,
    );
    const broken = brine(["split", path, "-d", "none", "--from", "1"]);
    expect(broken.status).toBe(1);
    expect(broken.stderr).toContain("pickle 1, at byte 1:");
  });

  test("number the parts so that they sort", () => {
    const path = file("many.pkl", Buffer.concat(Array.from({ length: 12 }, (_, id) => dumps(id))));
    expect(brine(["split", path, "-d", "many"]).stdout.split("\n").slice(0, 2)).toEqual([
      "many/many-01.pkl",
      "many/many-02.pkl",
    ]);
    expect(brine(["split", "-d", "many"], { input: readFileSync(path) }).stdout).toContain(
      "many/part-12.pkl",
    );
  });

  test("write nothing of what is broken", () => {
    const broken = file("broken.pkl", Buffer.concat([log, Buffer.from("zzz")]));
    expect(brine(["split", broken, "-d", "none"])).toMatchObject({ status: 1, stdout: "" });
    expect(existsSync(join(folder, "none"))).toBe(false);
    writeFileSync(join(folder, "kept.pkl"), "old");
    const { status, stderr } = brine(["join", join(examples, "log.pkl"), broken, "-o", "kept.pkl"]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/broken\.pkl: pickle 4, at byte \d+: /);
    expect(readFileSync(join(folder, "kept.pkl"), "utf8")).toBe("old");
    expect(brine(["join", file("empty.pkl", ""), "-o", "new.pkl"]).stderr).toContain("it is empty");
    expect(existsSync(join(folder, "new.pkl"))).toBe(false);
  });
});

describe("a file that is written", () => {
  test("keeps its permissions, and no other file is left", () => {
    mkdirSync(join(folder, "out"));
    const path = join(folder, "out/a.pkl");
    writeFileSync(path, "old");
    chmodSync(path, 0o640);
    expect(brine(["optimize", join(examples, "orders.pkl"), "-o", path]).status).toBe(0);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(join(folder, "out"))).toEqual(["a.pkl"]);
    expect(brine(["dis", join(examples, "log.pkl"), "-o", "/dev/null"]).status).toBe(0);
  });

  test("is not there when the command is interrupted", async () => {
    const child = spawn(process.execPath, [bin, "dis", "-", "-o", "dis.txt"], { cwd: folder });
    await new Promise((resolve) => setTimeout(resolve, 300));
    child.kill("SIGINT");
    const signal = await new Promise((resolve) => child.on("close", (_, name) => resolve(name)));
    expect(signal).toBe("SIGINT");
    expect(existsSync(join(folder, "dis.txt"))).toBe(false);
  });
});
