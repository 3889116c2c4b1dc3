import { pythonKey } from "../values/key.ts";
import { inspectCustom } from "../values/inspect.ts";

/** Python's `complex`: two floats. As a key it is equal to a number when its imaginary part is 0. */
export class PyComplex {
  /** Real part. */
  declare readonly real: number;
  /** Imaginary part. */
  declare readonly imag: number;

  constructor(real: number, imag: number) {
    this.real = real;
    this.imag = imag;
    Object.freeze(this);
  }

  /** Whether both parts are equal, −0 and 0 too; NaN is equal to nothing. */
  equals(other: unknown): boolean {
    return other instanceof PyComplex && this.real === other.real && this.imag === other.imag;
  }

  /** As Python's `str` writes it, with JavaScript's digits: `(1+2j)`. */
  toString(): string {
    const imag = Object.is(this.imag, -0) ? "-0" : `${this.imag}`;
    return `(${this.real}${imag.startsWith("-") ? "" : "+"}${imag}j)`;
  }

  /** Equal to a number if the imaginary part is 0. */
  [pythonKey](): unknown {
    return this.imag === 0 ? this.real : ["complex", this.real, this.imag];
  }

  /** What `util.inspect` shows. */
  [inspectCustom](): string {
    return `PyComplex ${this.toString()}`;
  }
}
