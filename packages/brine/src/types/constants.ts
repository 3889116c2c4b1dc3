import { PyGlobal } from "../values/py-global.ts";

/** Python's `...`: a pickle has it by its name. One that was loaded is equal by `pythonEquals` and as a key, not by `===`. */
export const Ellipsis: PyGlobal = /* @__PURE__ */ new PyGlobal("builtins", "Ellipsis");

/** Python's `NotImplemented`, likewise. */
export const NotImplemented: PyGlobal = /* @__PURE__ */ new PyGlobal("builtins", "NotImplemented");
