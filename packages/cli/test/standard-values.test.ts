import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { judgeInterpreter } from "../../brine/test/support/interpreters.ts";
import { brine, file } from "./command.ts";

/** Values as Python writes them and reads them back. */
const expressions = [
  "datetime.datetime(2024, 1, 2, 3, 4, 5)",
  "datetime.datetime(2024, 1, 2, 3, 4)",
  "datetime.datetime(2024, 1, 2, 0, 0, 0, 7, tzinfo=datetime.timezone.utc)",
  "datetime.datetime(2024, 1, 2, 3, 4, fold=1, tzinfo=zoneinfo.ZoneInfo(key='Europe/Paris'))",
  "datetime.datetime(2024, 1, 2, 3, 4, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=68400), 'EST'))",
  "datetime.date(2024, 1, 2)",
  "datetime.time(3, 4)",
  "datetime.time(3, 4, 5, 6, fold=1)",
  "datetime.timedelta(days=-1, microseconds=5)",
  "datetime.timedelta(0)",
  "datetime.timezone.utc",
  "Decimal('1.50')",
  "Decimal('-Infinity')",
  "Fraction(-1, 3)",
  "UUID('12345678-1234-5678-1234-567812345678')",
  "PurePosixPath('/a/it\\'s \"b\"')",
  "PureWindowsPath('c:/a')",
  "IPv4Address('1.2.3.4')",
  "IPv6Network('::/8')",
  "range(0, 3)",
  "range(3, -1, -2)",
];

const script = `import datetime, json, pickle, sys, zoneinfo
from decimal import Decimal
from fractions import Fraction
from ipaddress import *
from pathlib import *
from uuid import UUID
values = [eval(e) for e in json.load(sys.stdin)]
print(json.dumps([[repr(v), [pickle.dumps(v, p).hex() for p in range(6)]] for v in values]))`;

const { stdout } = spawnSync(judgeInterpreter().path, ["-c", script], {
  input: JSON.stringify(expressions),
  encoding: "utf8",
});
const cases = JSON.parse(stdout) as [repr: string, pickles: string[]][];

describe("values of the standard library are shown as Python shows them", () => {
  test.each(cases.map(([repr, pickles]) => ({ repr, pickles })))("$repr", ({ repr, pickles }) => {
    const { fold = "" } = /(?<fold>fold=1, )/.exec(repr)?.groups ?? {};
    const shown = pickles.map((pickle, protocol) => {
      const path = file(`value-${protocol}.pkl`, Buffer.from(pickle, "hex").toString("latin1"));
      return brine(["--width", "200", path]).stdout;
    });
    // Below protocol 4 there is no fold.
    expect(shown).toEqual(
      shown.map((_, protocol) => `${protocol < 4 ? repr.replace(fold || ", fold=1", "") : repr}\n`),
    );
  });
});

test("in JSON they are texts, with --tagged they keep their class", () => {
  const [, pickles = []] = cases.find(([repr]) => repr === "Decimal('1.50')") ?? [];
  const path = file("decimal.pkl", Buffer.from(pickles.at(-1) ?? "", "hex").toString("latin1"));
  expect(brine(["json", path]).stdout).toBe('"1.50"\n');
  expect(brine(["json", "--tagged", path]).stdout).toBe('{"$type":"decimal.Decimal","$value":"1.50"}\n');
});

test("what the class would not take stays an object", () => {
  const path = file("date.pkl", "cdatetime\ndate\n(I2023\nI2\nI30\ntR.");
  expect(brine([path]).stdout).toBe("datetime.date(2023, 2, 30)\n");
  expect(brine(["json", path]).stdout).toBe('{"$type":"datetime.date","$args":[2023,2,30]}\n');
});
