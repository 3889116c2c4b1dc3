const rewritten = (_: string, value: unknown): unknown => {
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
  if (typeof value === "bigint") return { $int: value.toString() };
  if (typeof value === "number" && !Number.isFinite(value)) {
    return { $float: Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf" };
  }
  return value;
};

/** A value of the library as JSON in one line: bytes as base64, an int that no number holds as its digits. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, rewritten);
}
