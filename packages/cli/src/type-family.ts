/** What kind of thing a type of Python is, for its colour. */
export type Family = "text" | "binary" | "number" | "container" | "object" | "mixed" | "other";

const families = new Map<string, Family>([
  ["str", "text"],
  ["str of Python 2", "text"],
  ["bytes", "binary"],
  ["bytearray", "binary"],
  ["buffer", "binary"],
  ["int", "number"],
  ["float", "number"],
  ["bool", "number"],
  ["list", "container"],
  ["tuple", "container"],
  ["dict", "container"],
  ["set", "container"],
  ["frozenset", "container"],
]);

/** The family of the values of one path: `mixed` if they are of several. None counts for nothing beside others. */
export function familyOf(types: readonly string[]): Family {
  let found: Family | undefined;
  for (const type of types) {
    if (type === "None" && types.length > 1) continue;
    const family = type === "None" || type.startsWith("(") ? "other" : (families.get(type) ?? "object");
    if (found !== undefined && found !== family) return "mixed";
    found = family;
  }
  return found ?? "other";
}

/** A name for the legend, and the fill on light and on dark; the text on it is almost black, or white. */
export interface FamilyLook {
  readonly family: Family;
  readonly title: string;
  readonly light: string;
  readonly dark: string;
}

/** Hues that stay apart under the common colour blindnesses (after Okabe and Ito); the text has a contrast of 5 or more on each. */
export const looks: readonly FamilyLook[] = [
  { family: "text", title: "str", light: "#a6cee8", dark: "#1d5a85" },
  { family: "binary", title: "bytes", light: "#f7bf83", dark: "#8a4a0c" },
  { family: "number", title: "int, float, bool", light: "#8fd6bb", dark: "#14664c" },
  { family: "container", title: "list, tuple, dict, set", light: "#d3d6e0", dark: "#464b5e" },
  { family: "object", title: "object, class", light: "#dfb8de", dark: "#703f75" },
  { family: "mixed", title: "of several types", light: "#efe39a", dark: "#665d14" },
  { family: "other", title: "None, or the rest", light: "#ececec", dark: "#3a3a3a" },
];
