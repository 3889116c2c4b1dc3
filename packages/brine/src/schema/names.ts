/**
 * What the names of an attribute have in common, in snake_case and in camelCase: `userId`, `userID` and `user_id` are one, and
 * `address2` is `address_2`. Leading and trailing underscores count.
 */
export function attributeKey(name: string): string {
  return name
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, "_")
    .replaceAll(/(?<=[A-Za-z])_(?=\d)/g, "")
    .toLowerCase();
}

/** Names that a declaration must not take: what the printed text refers to. */
const taken =
  "Array Map Set Record Object Function Symbol Promise Date Error Uint8Array String Number Boolean BigInt InstanceOf PyObject PyGlobal MemoryView Readonly Partial Any Unknown Never Infinity NaN";

const capitalized = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** The words of a name, each with a capital: `order_lines` is `OrderLines`. Empty if nothing of it can be in an identifier. */
export function typeName(name: string): string {
  const words = name
    .slice(0, 80)
    .split(/[^\p{ID_Continue}]+|_+|(?<=[\p{Ll}\d])(?=\p{Lu})/u)
    .filter((word) => word !== "");
  // ID_Continue has characters, digits among them, that no identifier begins with.
  const joined = words
    .map(capitalized)
    .join("")
    .replace(/^[^\p{ID_Start}]+/u, "");
  return capitalized(joined);
}

/** What one of several is called: an order of `orders`, an entry of `entries`. */
export function singular(name: string): string {
  if (/[^aeiou]ies$/i.test(name)) return `${name.slice(0, -3)}y`;
  if (/(?:[sx]|ch|sh)es$/i.test(name)) return name.slice(0, -2);
  return /[^s]s$/i.test(name) && name.length > 3 ? name.slice(0, -1) : name;
}

/** Gives each declaration a name of its own. */
export class TypeNames {
  readonly #taken: Set<string>;
  /** The number that is next for a name. */
  readonly #next = new Map<string, number>();

  /** @param more names that are taken too */
  constructor(more: Iterable<string> = []) {
    this.#taken = new Set([...taken.split(" "), ...more]);
  }

  /** The first of these that is free, else the first with a number. */
  take(...wishes: readonly string[]): string {
    const names = wishes.map(typeName).filter((name) => name !== "");
    const [first = "Type"] = names;
    let name = names.find((wish) => !this.#taken.has(wish));
    for (let number = this.#next.get(first) ?? 2; name === undefined; number++) {
      if (!this.#taken.has(`${first}${number}`)) name = `${first}${number}`;
      this.#next.set(first, number + 1);
    }
    this.#taken.add(name);
    return name;
  }
}
