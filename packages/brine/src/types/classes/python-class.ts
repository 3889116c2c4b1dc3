import { PyGlobal } from "../../values/py-global.ts";
import type { TypeOptions } from "./options.ts";

/**
 * A class says the Python class that it stands for by a static field under this symbol, `Symbol.for("brine.pythonClass")`: the name, or
 * the name and the options of `defineType` in one object. `defineType(Order)` reads it.
 *
 * @example
 * class Order {
 *   static readonly [pythonClass] = "shop.models.Order";
 * }
 */
export const pythonClass: unique symbol = Symbol.for("brine.pythonClass") as typeof pythonClass;

/** What stands under {@link pythonClass}. */
export type PythonFace<T extends object> = string | ({ readonly name: string } & TypeOptions<T>);

/**
 * A class or function of Python by its path. The last dot stands between module and name, `"shop.models.Order"`; a colon does where the
 * name has dots itself, as that of a nested class: `"shop.models:Order.Line"`.
 *
 * @throws TypeError if there is no module in it, or an asterisk
 */
export function globalOf(path: string | PyGlobal): PyGlobal {
  if (path instanceof PyGlobal) return path;
  const [, module, name] = /^([^:]+):(.+)$/.exec(path) ?? /^(.+)\.(.+)$/.exec(path) ?? [];
  if (module === undefined || name === undefined)
    throw new TypeError(`${path} is no class of Python: write "module.Class" or "module:Outer.Inner"`);
  if (path.includes("*"))
    throw new TypeError(
      `${path} is the path of no one class: a pattern is "module.*" or "*", for defineType`,
    );
  return new PyGlobal(module, name);
}

/** For `"shop.models.*"` whether a class is in that module or below it, for `"*"` any; `undefined` for the path of one class. */
export function patternOf(path: string | PyGlobal): ((module: string) => boolean) | undefined {
  if (path === "*") return () => true;
  if (typeof path !== "string" || !path.endsWith(".*")) return undefined;
  const parent = path.slice(0, -2);
  const { length } = parent;
  // No text is made of the module's name, which may be long and come often.
  return (module) => module.startsWith(parent) && (module.length === length || module[length] === ".");
}
