import { afterAll, beforeAll, expect, test } from "vitest";
import { PyDateTime } from "../../src/types.ts";

const before = process.env["TZ"];
beforeAll(() => {
  process.env["TZ"] = "America/New_York";
});
afterAll(() => {
  if (before === undefined) delete process.env["TZ"];
  else process.env["TZ"] = before;
});

// What CPython's timestamp() gives there.
test.each([
  ["in summer", new PyDateTime(2022, 7, 1, 12), 1_656_691_200],
  ["the first of two", new PyDateTime(2022, 11, 6, 1, 30), 1_667_712_600],
  ["the second of two", new PyDateTime(2022, 11, 6, 1, 30, 0, 0, null, 1), 1_667_716_200],
  ["in a gap", new PyDateTime(2022, 3, 13, 2, 30), 1_647_156_600],
  ["in a gap, the time after it", new PyDateTime(2022, 3, 13, 2, 30, 0, 0, null, 1), 1_647_153_000],
  ["at local mean time", new PyDateTime(1850, 1, 1), -3_786_807_838],
])("a naive time %s", (_, time, timestamp) => {
  expect(time.toDate().getTime()).toBe(timestamp * 1000);
});
