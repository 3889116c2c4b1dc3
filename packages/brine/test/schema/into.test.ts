import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dumps, into, loads, PyObject, UnpicklingError } from "../../src/index.ts";
import {
  dictOf,
  type IntoOptions,
  intoOptions,
  listOf,
  objectOf,
  optionalOf,
  recordOf,
  setOf,
  tupleOf,
} from "../../src/schema.ts";
import { attributeKey } from "../../src/schema/names.ts";
import type { Unpacked } from "../../src/schema.ts";
import { PyDateTime, PyZoneInfo } from "../../src/types.ts";
import { cpython } from "./cpython.ts";

class Customer {
  name = "";
  emailAddress = "";
}

class Line {
  product = "";
  count = 0;
}

class Order {
  static readonly [intoOptions]: IntoOptions<Order> = {
    fields: {
      lines: listOf(Line),
      byName: dictOf(Line),
      taxes: recordOf((item) => item.number()),
      corner: tupleOf(
        (item) => item.int(),
        (item) => item.string(),
      ),
      kinds: setOf((item) => item.string()),
      placed: (item) => item.instance(PyDateTime),
      note: optionalOf((item) => item.string()),
    },
    rename: { total: "grand_total_v2" },
  };

  id = 0n;
  total = 0;
  customer = new Customer();
  lines: Line[] = [];
  byName = new Map<string, Line>();
  taxes: Record<string, number> = {};
  corner: readonly [number, string] = [0, ""];
  kinds = new Set<string>();
  placed: PyDateTime | undefined;
  shipped = new Date(0);
  note: string | undefined;
  #checked = true;

  isChecked(): boolean {
    return this.#checked;
  }
}

const python = `
class Customer:
  def __init__(self): self.name = "Ada"; self.email_address = "ada@example.org"
class Slots:
  __slots__ = ("product", "count")
def line():
  made = Slots(); made.product = "dill"; made.count = 2
  return made
one = line()
class Order:
  def __init__(self):
    self.id = 7; self.grand_total_v2 = 1.5; self.customer = Customer()
    self.lines = [one, {"product": "salt", "count": 1}]; self.by_name = {"dill": one}; self.taxes = {"vat": 0.25}
    self.corner = (1, "x"); self.kinds = {"new"}; self.placed = datetime.datetime(2026, 3, 16)
    self.shipped = datetime.datetime(2026, 3, 17, tzinfo=datetime.timezone.utc); self._internal = object()`;

/** The message of the UnpicklingError that it throws. */
function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(UnpicklingError);
    expect((error as UnpicklingError).code).toBe("unexpected-value");
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
}

describe.each([false, true])("exact: %s", (exact) => {
  test.each([2, 3, 5])("an instance of protocol %i fills a class, and those within", (protocol) => {
    const order = into(Order, loads(cpython("Order()", python, protocol), { exact }));
    expect(order).toBeInstanceOf(Order);
    expect(order.isChecked()).toBe(true);
    expect(order.id).toBe(7n);
    expect(order.total).toBe(1.5);
    expect(order.customer).toEqual(
      Object.assign(new Customer(), { name: "Ada", emailAddress: "ada@example.org" }),
    );
    expect(order.customer).toBeInstanceOf(Customer);
    expect(order.lines.map(({ product, count }) => [product, count])).toEqual([
      ["dill", 2],
      ["salt", 1],
    ]);
    expect(order.lines.every((line) => line instanceof Line)).toBe(true);
    // What is one object there is one here.
    expect(order.byName.get("dill")).toBe(order.lines[0]);
    expect({ ...order.taxes }).toEqual({ vat: 0.25 });
    expect(order.corner).toEqual([1, "x"]);
    expect(order.kinds).toEqual(new Set(["new"]));
    expect(order.placed?.year).toBe(2026);
    expect(order.shipped).toEqual(new Date("2026-03-17T00:00:00Z"));
    expect(order.note).toBe(undefined);
    expect("_internal" in order).toBe(false);
  });

  test("a cycle comes out as one", () => {
    class Node {
      static readonly [intoOptions]: IntoOptions<Node> = {
        fields: { next: optionalOf(Node), all: listOf(Node) },
      };

      name = "";
      next: Node | undefined;
      all: Node[] = [];
    }
    const source = `a`;
    const before = `
class Node: pass
a = Node(); b = Node()
a.name = "a"; b.name = "b"; a.next = b; b.next = a; a.all = b.all = [a, b]`;
    const a = into(Node, loads(cpython(source, before), { exact }));
    expect(a.next?.next).toBe(a);
    expect(a.all[1]).toBe(a.next);
    expect(a.all).toBe(a.next?.all);
    expect(a.next).toBeInstanceOf(Node);
  });

  test("a chain of a hundred thousand is filled", () => {
    class Link {
      static readonly [intoOptions]: IntoOptions<Link> = { fields: { next: optionalOf(Link) } };
      next: Link | undefined;
    }
    let chain: object = {};
    for (let index = 0; index < 100_000; index++) chain = { next: chain };
    let length = 0;
    for (let link = into(Link, loads(dumps(chain), { exact })).next; link !== undefined; link = link.next)
      length++;
    expect(length).toBe(100_000);
  });
});

describe("names", () => {
  test.each([
    ["user_id", "userId"],
    ["user_id", "userID"],
    ["http_server", "HTTPServer"],
    ["address_2", "address2"],
    ["userId", "user_id"],
    ["ÄußereName", "ÄußereName"],
  ])("%s and %s are one", (a, b) => expect(attributeKey(a)).toBe(attributeKey(b)));

  test.each([
    ["_user_id", "userId"],
    ["userid", "userId"],
    ["user_id_", "userId"],
    ["a", "b"],
  ])("%s and %s are two", (a, b) => expect(attributeKey(a)).not.toBe(attributeKey(b)));

  class Field {
    userId = 0;
  }

  test("the same name goes before the same words, and a rename before both", () => {
    expect(into(Field, { user_id: 1, userId: 2 }).userId).toBe(2);
    expect(into(Field, { user_id: 1, userId: 2, uid: 3 }, { rename: { userId: "uid" } }).userId).toBe(3);
    expect(refusal(() => into(Field, { userId: 2 }, { rename: { userId: "uid" } }))).toBe(
      "expected the field userId of Field ($.userId). Found nothing",
    );
  });

  test("two that may be one field are refused", () => {
    expect(refusal(() => into(Field, { user_id: 1, userID: 2 }))).toBe(
      "both user_id and userID may be the field userId ($). Say which by the option rename",
    );
  });

  test("a camelCase name is found from snake_case, whatever it is", () => {
    const word = fc.stringMatching(/^[a-z]{2,6}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
        const camel = words.map((part, index) =>
          index > 0 ? (part[0] as string).toUpperCase() + part.slice(1) : part,
        );
        expect(attributeKey(camel.join(""))).toBe(words.join("_"));
      }),
    );
  });
});

describe("what is missing and what is too much", () => {
  test("a missing field is refused, or keeps its initial value", () => {
    expect(refusal(() => into(Customer, { name: "Ada" }))).toBe(
      "expected the field emailAddress of Customer ($.emailAddress). Found nothing",
    );
    expect(into(Customer, { name: "Ada" }, { missing: "keep" })).toEqual({ name: "Ada", emailAddress: "" });
  });

  test("what is no field is left out, or refused; the option goes on to what is nested", () => {
    class Outer {
      customer = new Customer();
    }
    const value = { customer: { name: "Ada", emailAddress: "", age: 36 } };
    expect(into(Outer, value).customer).toEqual({ name: "Ada", emailAddress: "" });
    expect(refusal(() => into(Outer, value, { extra: "refuse" }))).toBe(
      "expected no more than the fields of Customer ($.customer.age). Found number 36",
    );
    const keyed = new Map<unknown, unknown>([
      ["name", "Ada"],
      ["emailAddress", ""],
      [1, 2],
    ]);
    expect(refusal(() => into(Customer, keyed, { extra: "refuse" }))).toContain("($[1])");
  });

  test("a class with options of its own for one place", () => {
    class Outer {
      customer: Customer | undefined;
    }
    const fields = { customer: objectOf(Customer, { rename: { name: "label" }, missing: "keep" }) };
    expect(into(Outer, { customer: { label: "Ada" } }, { fields }).customer).toEqual({
      name: "Ada",
      emailAddress: "",
    });
  });
});

describe("a field is checked by its initial value", () => {
  class Everything {
    number = 0;
    bigint = 0n;
    string = "";
    boolean = false;
    bytes = new Uint8Array();
    array: unknown[] = [];
    map = new Map<unknown, unknown>();
    set = new Set<unknown>();
    object: Record<string, unknown> = {};
    date = new Date(0);
    when = new PyDateTime(2026, 1, 1);
    anything: unknown = null;
    method = (): string => this.string;
  }
  const right = {
    number: 1,
    bigint: 2,
    string: "x",
    boolean: true,
    bytes: Uint8Array.of(1),
    array: [1],
    map: { a: 1 },
    set: new Set([1]),
    object: new Map([["a", 1]]),
    date: new PyDateTime(2026, 1, 1),
    when: new PyDateTime(2026, 1, 1),
    anything: 5,
  };

  test("what is right is taken", () => {
    const made = into(Everything, right);
    expect(made.bigint).toBe(2n);
    expect(made.map).toEqual(new Map([["a", 1]]));
    expect({ ...made.object }).toEqual({ a: 1 });
    expect(made.date).toEqual(new PyDateTime(2026, 1, 1).toDate());
    expect(made.anything).toBe(5);
    expect(made.method()).toBe("x");
    expect(into(Everything, made)).toBe(made);
  });

  test.each(Object.keys(right).filter((name) => name !== "anything"))(
    "%s of another kind is refused",
    (name) => {
      expect(refusal(() => into(Everything, { ...right, [name]: null }))).toContain(
        `($.${name}). Found None`,
      );
    },
  );
});

test("a time without an instant is no Date, and says where", () => {
  class Event {
    at = new Date(0);
  }
  const at = new PyDateTime(2026, 1, 1, 0, 0, 0, 0, new PyZoneInfo("No/Where"));
  expect(refusal(() => into(Event, { at }))).toContain("expected a datetime that has an instant ($.at)");
});

test("a field named __proto__ is a field, and the prototype stays", () => {
  class Odd {
    a = 0;
  }
  const fields = { a: (item: Unpacked) => item.int(), ["__proto__"]: (item: Unpacked) => item.value };
  const made = into(Odd, loads(cpython("{'a': 1, '__proto__': {'evil': 1}}")), { fields });
  expect(Object.getPrototypeOf(made)).toBe(Odd.prototype);
  expect(Object.keys(made)).toEqual(["a", "__proto__"]);
});

test("what is neither a dict nor an instance is refused", () => {
  for (const value of [5, null, "x", [1], new Set(), new Uint8Array()])
    expect(refusal(() => into(Customer, value))).toContain(
      "expected a dict or an instance, for Customer ($)",
    );
  expect(refusal(() => into(Customer, [new PyObject("x")], { fields: {} }))).toContain(
    "a dict or an instance",
  );
});

test("a name of JavaScript's own is a key like any other", () => {
  class Own {
    ["__proto__"] = 0;
    other = 1;
  }
  const made = into(Own, loads(cpython("{'__proto__': 5, 'other': 2, 'constructor': 6, 'toString': 7}")));
  expect(Object.getPrototypeOf(made)).toBe(Own.prototype);
  expect(Object.entries(made)).toEqual([
    ["__proto__", 5],
    ["other", 2],
  ]);
  class Plain {
    x = 1;
  }
  const plain = into(Plain, loads(cpython("{'__proto__': {'y': 2}, 'x': 3}")));
  expect(plain).toEqual({ x: 3 });
  expect((plain as { y?: number }).y).toBe(undefined);
  expect(
    refusal(() =>
      into(
        class {
          toString2 = "";
          hasOwnProperty2 = "";
        },
        {},
      ),
    ),
  ).toContain("toString2");
});

test("entries of a dict's subclass are fields too", () => {
  const data = cpython("Bag(name='Ada', email_address='x')", "class Bag(dict): pass");
  expect(into(Customer, loads(data))).toEqual({ name: "Ada", emailAddress: "x" });
});

test("a named tuple fills a class by its names", () => {
  const data = cpython("urllib.parse.urlsplit('http://example.org/a?b')", "import urllib.parse");
  class Split {
    scheme = "";
    path = "";
  }
  expect(into(Split, loads(data))).toEqual({ scheme: "http", path: "/a" });
});
