import type { PyGlobal } from "../values/py-global.ts";

/** What tells globals apart; a newline in a module name is refused where it could mislead. */
export function globalKey(global: PyGlobal): string {
  return `${global.module.length}:${global.module}.${global.name}`;
}
