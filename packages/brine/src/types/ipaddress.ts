import { PyGlobal } from "../values/py-global.ts";
import type { TypeDefinition } from "./registry.ts";
import { attempt, bigInteger, define, PyValue, textOf } from "./value.ts";

/** The classes of `ipaddress`. */
export type IpKind =
  | "IPv4Address"
  | "IPv6Address"
  | "IPv4Network"
  | "IPv6Network"
  | "IPv4Interface"
  | "IPv6Interface";

/** The text of an IPv6 address, the longest run of zeros as `::`. Source: RFC 5952. */
function ipv6Text(bits: bigint): string {
  const groups = bits.toString(16).padStart(32, "0").match(/..../g) as string[];
  const text = groups.map((group) => group.replace(/^0{1,3}/, "")).join(":");
  const [longest = ""] = (text.match(/\b0(?::0\b)+/g) ?? []).sort((a, b) => b.length - a.length);
  return longest === "" ? text : text.replace(longest, "::").replace(/:{3,}/, "::");
}

/** An address, network or interface of Python's `ipaddress`, kept as its text. */
export class PyIpAddress extends PyValue {
  /** The class. */
  readonly kind: IpKind;
  /** The text: `10.0.0.1`, `2001:db8::/32`. */
  readonly text: string;

  /**
   * An address, or a network if there is a `/`; an interface if asked for.
   *
   * @throws RangeError if the text can be none
   */
  constructor(text: string, kind?: IpKind) {
    super();
    const version = text.includes(":") ? "IPv6" : "IPv4";
    this.kind = kind ?? `${version}${text.includes("/") ? "Network" : "Address"}`;
    this.text = text.toLowerCase();
    const isRight =
      version === "IPv6"
        ? /^[\da-f:.]+(?:%[^/]+)?(?:\/\d+)?$/.test(this.text)
        : /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!\/|$)|(?=\/|$))){4}(?:\/\d+)?$/.test(text);
    if (!isRight || !this.kind.startsWith(version)) throw new RangeError(`no ${this.kind}: ${text}`);
    Object.freeze(this);
  }

  /** The Python class. */
  get type(): PyGlobal {
    return new PyGlobal("ipaddress", this.kind);
  }

  /** What tells values of the class apart. */
  protected override parts(): readonly unknown[] {
    return [this.text];
  }

  /** The text. */
  toString(): string {
    return this.text;
  }
}

/** How addresses are read and written: an IPv4 address as its integer, the others as texts. */
export const ipAddresses: readonly TypeDefinition[] = /* @__PURE__ */ (() =>
  [4, 6].flatMap((version) =>
    ["Address", "Network", "Interface"].map((name) => {
      const kind = `IPv${version}${name}` as IpKind;
      const type = new PyGlobal("ipaddress", kind);
      return define<PyIpAddress>(type, {
        class: PyIpAddress,
        construct({ args: [value, ...more] }) {
          let text = textOf(value);
          const bits = bigInteger(value);
          if (bits !== undefined && bits >= 0n && bits < 1n << (version === 4 ? 32n : 128n)) {
            text =
              version === 6 ? ipv6Text(bits) : [24n, 16n, 8n, 0n].map((by) => (bits >> by) & 255n).join(".");
          }
          return text === undefined || more.length > 0
            ? undefined
            : attempt(() => new PyIpAddress(text, kind));
        },
        reduce({ type: callable, text, kind: own }) {
          if (own !== "IPv4Address") return { callable, args: [text] };
          const bits = text.split(".").reduce((all, part) => all * 256n + BigInt(part), 0n);
          return { callable, args: [bits] };
        },
      });
    }),
  ))();
