/** A whole number with its grouped apart: `1,234,567`. */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

const units = ["bytes", "kB", "MB", "GB", "TB"];

/** A size in three digits: `512 bytes`, `1.23 MB`. */
export function roundSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // Where rounding would show four digits the next unit begins.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  if (unit === 0) return `${value} ${value === 1 ? "byte" : "bytes"}`;
  return `${value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2)} ${units[unit]}`;
}

/** A share of a whole: `12.3 %`, `<0.1 %`. */
export function percent(part: number, whole: number): string {
  if (whole === 0 || part === 0) return "0 %";
  const share = (100 * part) / whole;
  return share < 0.05 ? "<0.1 %" : `${share.toFixed(1)} %`;
}
