import { describe, expect, test } from "vitest";
import { builtins, dumps, loads, PyGlobal, Tuple, TypeDefinition, TypeRegistry } from "../../src/index.ts";

const shop = (name: string, matches?: (module: string, name: string) => boolean): TypeDefinition =>
  new TypeDefinition("shop", name, { construct: () => name, ...(matches && { matches }) });

describe("a registry", () => {
  test("a later definition of the same name wins, the others stay", () => {
    const [first, other, second] = [shop("Order"), shop("Item"), shop("Order")];
    const registry = new TypeRegistry([first, other]);
    expect(registry.get("shop", "Order")).toBe(first);
    const more = registry.with(second);
    expect(more.get("shop", "Order")).toBe(second);
    expect(more.get("shop", "Item")).toBe(other);
    expect(registry.get("shop", "Order")).toBe(first);
    expect([...more]).toEqual([first, other, second]);
  });
  test("the last pattern that matches, behind names", () => {
    const name = shop("Exact");
    const registry = new TypeRegistry([
      name,
      shop("any", (module) => module === "shop"),
      shop("E", (_, other) => other.startsWith("E")),
    ]);
    expect(registry.get("shop", "Exact")).toBe(name);
    expect(registry.get("shop", "Else")?.name).toBe("E");
    expect(registry.get("shop", "Order")?.name).toBe("any");
    expect(registry.get("bank", "Order")).toBeUndefined();
  });
  test("names that a definition is known by besides", () => {
    const also = shop("Old");
    const registry = new TypeRegistry([
      new TypeDefinition("shop", "New", { construct: () => "new", also: [also] }),
    ]);
    expect(registry.get("shop", "Old")).toBe(also);
    expect(registry.get("shop", "New")?.name).toBe("New");
  });
  test("it is asked by the class of a value, the nearest first", () => {
    class Base {
      readonly order = 1;
    }
    class Derived extends Base {}
    const of = (type: new () => object, name: string): TypeDefinition =>
      new TypeDefinition("shop", name, { class: type, reduce: () => new PyGlobal("shop", name) });
    const registry = builtins.with(of(Base, "Base"));
    expect(registry.of(new Derived())?.name).toBe("Base");
    expect(registry.with(of(Derived, "Derived")).of(new Derived())?.name).toBe("Derived");
    expect(registry.of({})).toBeUndefined();
    expect(TypeRegistry.empty.of(new Base())).toBeUndefined();
    expect(loads(dumps([new Derived(), Tuple.of(1)], { types: registry }))).toMatchObject([
      { name: "Base" },
      [1],
    ]);
  });
  test.each([undefined, null, {}, { parts: undefined }, { parts: { also: [null] } }, { parts: { also: 5 } }])(
    "what is no definition, %j, is refused where it is given",
    (wrong) => {
      expect(() => builtins.with(wrong as never)).toThrow(TypeError);
      expect(() => new TypeRegistry([wrong as never])).toThrow(TypeError);
    },
  );
});
