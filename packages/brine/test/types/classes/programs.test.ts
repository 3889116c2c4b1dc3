import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { PyObject, PySet } from "../../../src/index.ts";
import { dumps, loads } from "../../../src/index.ts";
import { PyDefaultDict, PyOrderedDict } from "../../../src/types.ts";
import { interpreters } from "../../support/interpreters.ts";

const program = join(import.meta.dirname, "../../support/write_programs.py");

describe.each(interpreters())("what programs keep, from CPython $series, with no definitions", ({ path }) => {
  const output = execFileSync(path, ["-W", "ignore", program], { encoding: "utf8" });
  const cases = output
    .trim()
    .split("\n")
    .map((line) => line.trim().split(" ") as [program: string, protocol: string, hex: string]);

  test.each(cases.filter(([name]) => name === "save"))("a %s of Ren'Py, protocol %s", (_, protocol, hex) => {
    const data = Buffer.from(hex, "hex");
    const [roots, log] = loads(data, { encoding: "utf-8" }) as [PyObject, PyObject];
    const store = new Map(roots.entries as [string, PyObject][]);
    expect(String(roots.type)).toBe("renpy.revertable.RevertableDict");
    expect(store.get("store.points")).toBe(12);
    expect(store.get("store.eileen")?.get("name")).toBe("Eileen");
    expect(store.get("store.inventory")?.items).toEqual(["sword", store.get("store.eileen")]);
    expect(store.get("store.flags")?.state).toEqual([["met", "paid"]]);
    expect(store.get("store.gone")).toMatchObject({ module: "renpy.python", name: "deleted" });
    expect(String(log.type)).toBe("renpy.rollback.RollbackLog");
    expect(log.get("store")).toMatchObject({ args: ["store"] });
    expect((log.get("log") as PyObject).items).toEqual([log.get("current")]);
    const exact = loads(data, { encoding: "utf-8", exact: true });
    const again = dumps(exact, { exact: true, protocol: Number(protocol) });
    expect(loads(again, { encoding: "utf-8", exact: true })).toEqual(exact);
  });

  test.each(cases.filter(([name]) => name === "environment"))(
    "an %s of Sphinx, protocol %s",
    (_, _protocol, hex) => {
      const environment = loads(Buffer.from(hex, "hex"), {
        exact: true,
        encoding: "utf-8",
      }) as unknown as PyObject;
      expect(String(environment.type)).toBe("sphinx.environment.BuildEnvironment");
      expect(environment.get("app")).toBeNull();
      expect((environment.get("config") as PyObject).get("project")).toBe("t");
      const head = (environment.get("titles") as Map<string, PyObject>).get("index")!;
      const [text] = head.get("children") as [PyObject];
      expect(text).toMatchObject({ args: ["Title"] });
      expect(text.get("parent")).toBe(head);
      const dependencies = environment.get("dependencies") as PyDefaultDict<string, PySet<string>>;
      expect(dependencies).toBeInstanceOf(PyDefaultDict);
      expect([...dependencies.get("index")!]).toEqual(["a.png"]);
      expect(environment.get("toctree_includes")).toEqual(new PyOrderedDict([["index", ["a"]]]));
    },
  );
});
