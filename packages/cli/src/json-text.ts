const rewritten = (_: string, value: unknown): unknown => {
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
  if (typeof value === "bigint") return { $int: value.toString() };
  if (typeof value === "number" && !Number.isFinite(value)) {
    return { $float: Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf" };
  }
  return value;
};

// C1 controls and DEL are right in JSON, and some terminals obey them.
const controls = /[\x7f-\x9f]/g;

/** JSON with nothing in it that a terminal would obey. */
export function printableJson(json: string): string {
  return json.replace(controls, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
}

/** A value of the library as JSON in one line: bytes as base64, an int that no number holds as its digits. */
export function jsonText(value: unknown): string {
  return printableJson(JSON.stringify(value, rewritten));
}
