import { PyGlobal } from "../values/py-global.ts";
import type { TypeDefinition } from "./registry.ts";
import { textOf } from "../values/attributes.ts";
import { define, PyValue, written } from "./value.ts";

/** The classes of `pathlib`. */
export type PathKind =
  | "PurePosixPath"
  | "PureWindowsPath"
  | "PosixPath"
  | "WindowsPath"
  | "PurePath"
  | "Path";

/** A path of Python's `pathlib`. */
export class PyPath extends PyValue {
  /** The class, without its module. */
  declare readonly kind: PathKind;
  /** The texts it was made of, as the pickle has them: the parts up to Python 3.11, the whole since. */
  declare readonly segments: readonly string[];

  /** A path of one text, or of several that are joined. */
  constructor(path: string | readonly string[], kind: PathKind = "PurePosixPath") {
    super({ kind, segments: Object.freeze(typeof path === "string" ? [path] : [...path]) });
  }

  /** The Python class. */
  get type(): PyGlobal {
    return new PyGlobal("pathlib", this.kind);
  }

  /** Drive, root and names: `["/", "a", "b.txt"]`, `["C:\\", "x"]`. `.` and empty names are left out. */
  get names(): string[] {
    const isWindows = this.kind.includes("Windows");
    const root = isWindows ? /^(?:\\\\[^\\]+\\[^\\]+|[a-z]:)?\\?/i : /^\/*/;
    let anchor = "";
    let names: string[] = [];
    for (const segment of this.segments) {
      const text = isWindows ? segment.replaceAll("/", "\\") : segment;
      const [found] = root.exec(text) as RegExpExecArray;
      if (found !== "") {
        // A root keeps the drive before it; a share always has one.
        if (isWindows)
          anchor = found === "\\" ? anchor.replace(/\\?$/, found) : found.replace(/^(\\\\.*[^\\])$/, "$1\\");
        else anchor = found.length === 2 ? found : "/";
        names = [];
      }
      for (const name of text.slice(found.length).split(isWindows ? "\\" : "/")) {
        if (name !== "" && name !== ".") names.push(name);
      }
    }
    return anchor === "" ? names : [anchor, ...names];
  }

  /** The last name, empty for a root. */
  get name(): string {
    const last = this.names.at(-1) ?? "";
    return /^[/\\]|[/\\]$/.test(last) ? "" : last;
  }

  /** What tells values of the class apart. */
  protected override parts(): readonly unknown[] {
    const text = this.toString();
    return [this.kind.includes("Windows") ? text.toLowerCase() : text];
  }

  /** The path as the operating system writes it. */
  toString(): string {
    const isWindows = this.kind.includes("Windows");
    const [first = ".", ...rest] = this.names;
    const separator = isWindows ? "\\" : "/";
    const isAnchor = first.endsWith(separator) || (isWindows && /^[a-z]:$/i.test(first));
    return isAnchor ? first + rest.join(separator) : [first, ...rest].join(separator);
  }
}

/** How paths are read: `pathlib._local` is what Python 3.13 calls their module, and all versions know `pathlib`. */
export const pathReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  ["pathlib", "pathlib._local"].flatMap((module) =>
    ["PurePosixPath", "PureWindowsPath", "PosixPath", "WindowsPath"].map((kind) =>
      define<PyPath>(new PyGlobal(module, kind), {
        construct({ args }) {
          const segments = args.map(textOf);
          return segments.includes(undefined)
            ? undefined
            : new PyPath(segments as string[], kind as PathKind);
        },
      }),
    ),
  ))();

/** How paths are read and written. */
export const paths: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  written<PyPath>(pathReaders, ({ type, segments }) => ({ callable: type, args: segments }), PyPath))();
