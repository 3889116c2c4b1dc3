import * as op from "../syntax/opcodes.ts";
import { mapTo2 } from "../types/import-maps.ts";
import { PyGlobal } from "../values/py-global.ts";
import { globalKey } from "./options.ts";
import { enter, memoize, saveFreshText, saveText } from "./memoize.ts";
import { HIGHER, refusal } from "./refusal.ts";
import type { DumpState } from "./state.ts";

/** A name of Python's own. */
export function builtin(name: string, module = "builtins"): PyGlobal {
  return new PyGlobal(module, name);
}

/** Classes that C makes on the heap: their module's name is no interned text in CPython 3.13, and so no other's twin. */
const hasOwnModuleText =
  /^(array\.array|collections\.(deque|defaultdict)|functools\.partial|decimal\.Decimal|zoneinfo\.ZoneInfo|re\.Pattern|itertools\..*)$/;

/** The module's name that functions of builtins share, an object other than the interned text. */
const builtinsText = /* @__PURE__ */ new PyGlobal("builtins", "");

/** A tuple of the last `count` values, which began with {@link openArguments}. */
export function closeArguments(state: DumpState, count: number): void {
  state.writer.u8(state.writer.protocol < 2 ? op.TUPLE : op.TUPLE1 + count - 1);
}

/** Begins the arguments of a call: up to three. */
export function openArguments(state: DumpState): void {
  if (state.writer.protocol < 2) state.writer.u8(op.MARK);
}

/** A class or function, memoized as the object of an ordinal. Source: `save_global`. */
export function saveGlobal(
  state: DumpState,
  global: PyGlobal,
  ordinal: number = enter(state, state.memo.twin(global)),
): void {
  if (ordinal < 0) return;
  const { protocol } = state.writer;
  const code = protocol >= 2 ? state.settings.extensionCodes?.get(globalKey(global)) : undefined;
  if (code !== undefined) {
    state.writer.extension(code);
    return;
  }
  const { module, name } = global;
  const [first = "", ...attributes] = name.split(".");
  if (name.split(".").includes("<locals>"))
    throw refusal("invalid-name", `Can't get local object '${name}'`, "AttributeError");
  if (protocol >= 4) {
    // The module's name is one object with an equal text if CPython interned it.
    if (module === "builtins" && /^(getattr|iter)$/.test(name)) {
      const text = enter(state, builtinsText);
      if (text >= 0) {
        state.writer.text(module);
        memoize(state, text);
      }
    } else (hasOwnModuleText.test(String(global)) ? saveFreshText : saveText)(state, module);
    saveFreshText(state, name);
    state.writer.u8(op.STACK_GLOBAL);
  } else if (attributes.length > 0) saveAttributes(state, builtin("getattr"), module, first, attributes);
  else {
    state.writer.u8(op.GLOBAL);
    saveNameLines(state, module, name);
  }
  memoize(state, ordinal);
}

/**
 * Below protocol 4, `module.first.attribute…` is a chain of calls of getattr, of which only the last has a memo slot.
 * Source: CPython 3.13 `save_global`.
 */
export function saveAttributes(
  state: DumpState,
  getattr: PyGlobal,
  module: string,
  first: string,
  attributes: readonly string[],
): void {
  for (const _ of attributes) {
    saveGlobal(state, getattr);
    openArguments(state);
  }
  state.writer.u8(op.GLOBAL);
  saveNameLines(state, module, first);
  for (const attribute of attributes) {
    saveFreshText(state, attribute);
    closeArguments(state, 2);
    state.writer.u8(op.REDUCE);
  }
}

/** Whether `text` is ASCII, and one line. */
export function isAsciiLine(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text) && !text.includes("\n");
}

/** The operand of GLOBAL and INST: two lines. */
export function saveNameLines(state: DumpState, module: string, name: string): void {
  const { writer, settings } = state;
  const { protocol } = writer;
  const lines = settings.mapNames ? mapTo2(module, name) : [module, name];
  lines.forEach((line, i) => {
    // Protocol 3 is read by Python 3 alone, and so may have names that are not ASCII.
    if (!(protocol === 3 ? /^[^\n\p{Surrogate}]+$/u.test(line) : line !== "" && isAsciiLine(line))) {
      throw refusal(
        "invalid-name",
        `can't pickle ${i === 0 ? "module" : "global"} identifier '${line}' using pickle protocol ${protocol}`,
        undefined,
        HIGHER,
      );
    }
    state.writer.utf8(`${line}\n`);
  });
}
