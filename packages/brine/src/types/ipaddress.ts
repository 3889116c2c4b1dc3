import { PyGlobal } from "../values/py-global.ts";
import type { TypeDefinition } from "./registry.ts";
import { digits } from "./iso.ts";
import { textOf } from "../values/attributes.ts";
import { bigInteger, defineValue, PyValue, written } from "./value.ts";

/** The classes of `ipaddress`. */
export type IpKind =
  | "IPv4Address"
  | "IPv6Address"
  | "IPv4Network"
  | "IPv6Network"
  | "IPv4Interface"
  | "IPv6Interface";

/** The text of an IPv6 address, the longest run of zeros as `::`. Source: RFC 5952, which the URL standard has too. */
function ipv6Text(bits: bigint): string {
  const groups = digits(bits.toString(16), 32).match(/..../g) as string[];
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

/** An address, network or interface of Python's `ipaddress`, kept as its text. */
export class PyIpAddress extends PyValue {
  /** The class. */
  declare readonly kind: IpKind;
  /** The text: `10.0.0.1`, `2001:db8::/32`. */
  declare readonly text: string;

  /**
   * An address, or a network if there is a `/`; an interface if asked for.
   *
   * @throws RangeError if the text can be none
   */
  constructor(text: string, kind?: IpKind) {
    const version = text.includes(":") ? "IPv6" : "IPv4";
    super({
      kind: kind ?? `${version}${text.includes("/") ? "Network" : "Address"}`,
      text: text.toLowerCase(),
    });
    const isRight =
      version === "IPv6"
        ? /^[\da-f:.]+(?:%[^/]+)?(?:\/\d+)?$/.test(this.text)
        : /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.\b|(?![.\d]))){4}(?:\/\d+)?$/.test(text);
    if (!isRight || !this.kind.startsWith(version)) throw new RangeError(`no ${this.kind}: ${text}`);
  }

  /** The Python class. */
  get type(): PyGlobal {
    return new PyGlobal("ipaddress", this.kind);
  }

  /** The text. */
  toString(): string {
    return this.text;
  }
}

/** How addresses are read: an IPv4 address from its integer, the others from texts. */
export const ipAddressReaders: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  [4, 6].flatMap((version) =>
    ["Address", "Network", "Interface"].map((name) => {
      const kind = `IPv${version}${name}` as IpKind;
      return defineValue<PyIpAddress>(new PyGlobal("ipaddress", kind), [1, 1], {
        construct({ args: [value] }) {
          const bits = bigInteger(value);
          if (bits === undefined) return new PyIpAddress(textOf(value) ?? "", kind);
          if (bits !== BigInt.asUintN(version === 4 ? 32 : 128, bits)) return undefined;
          const text =
            version === 6 ? ipv6Text(bits) : [24n, 16n, 8n, 0n].map((by) => (bits >> by) & 255n).join(".");
          return new PyIpAddress(text, kind);
        },
      });
    }),
  ))();

/** How addresses are read and written. */
export const ipAddresses: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  written<PyIpAddress>(
    ipAddressReaders,
    ({ type: callable, text, kind }) => {
      if (kind !== "IPv4Address") return { callable, args: [text] };
      const bits = text.split(".").reduce((all, part) => all * 256n + BigInt(part), 0n);
      return { callable, args: [bits] };
    },
    PyIpAddress,
  ))();
