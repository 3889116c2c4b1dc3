import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** A CPython at hand. */
export interface Interpreter {
  readonly path: string;
  /** Such as `"3.13"`. */
  readonly series: string;
  /** The highest protocol its pickle module writes. */
  readonly highestProtocol: number;
}

function candidates(): string[] {
  const pyenv = join(homedir(), ".pyenv/versions");
  const versions = existsSync(pyenv) ? readdirSync(pyenv) : [];
  const named = (process.env["PATH"] ?? "").split(delimiter).flatMap((folder) => {
    const names = existsSync(folder) ? readdirSync(folder) : [];
    return names.filter((name) => /^python(\d(\.\d+)?)?$/.test(name)).map((name) => join(folder, name));
  });
  const chosen = process.env["PYTHON"];
  return [
    ...(chosen === undefined ? [] : [chosen]),
    ...versions.map((version) => join(pyenv, version, "bin/python")),
    ...named,
  ];
}

const question = `import sys, platform, pickle
print("%s %d.%d %d" % (platform.python_implementation(), sys.version_info[0], sys.version_info[1], pickle.HIGHEST_PROTOCOL))`;

function ask(path: string): Interpreter | undefined {
  const { stdout } = spawnSync(path, ["-c", question], { encoding: "utf8" });
  const [, series, protocol] = /^CPython (\d+\.\d+) (\d+)\s*$/.exec(stdout) ?? [];
  return series === undefined ? undefined : { path, series, highestProtocol: Number(protocol) };
}

/** One CPython of each series, oldest first: the environment's PYTHON, those of pyenv, those on the PATH. Throws if there is none. */
export function interpreters(): readonly Interpreter[] {
  const bySeries = new Map<string, Interpreter>();
  for (const path of candidates()) {
    const found = ask(path);
    if (found !== undefined && !bySeries.has(found.series)) bySeries.set(found.series, found);
  }
  if (bySeries.size === 0)
    throw new Error("these tests need CPython: none in ~/.pyenv/versions or on the PATH");
  const order = (series: string): number => {
    const [major, minor] = series.split(".").map(Number) as [number, number];
    return major * 1000 + minor;
  };
  return [...bySeries.values()].sort((a, b) => order(a.series) - order(b.series));
}

let judge: Interpreter | undefined;

/** CPython 3.13, whose C unpickler is the one that brine follows. Throws if it is not at hand. */
export function judgeInterpreter(): Interpreter {
  const paths = candidates();
  // Those that look like it come first, so that few have to be asked.
  const ordered = [...paths.filter((path) => path.includes("3.13")), ...paths];
  for (let i = 0; judge === undefined && i < ordered.length; i++) {
    const found = ask(ordered[i] as string);
    if (found?.series === "3.13") judge = found;
  }
  if (judge === undefined)
    throw new Error("these tests need CPython 3.13: not in ~/.pyenv/versions, nor on the PATH");
  return judge;
}
