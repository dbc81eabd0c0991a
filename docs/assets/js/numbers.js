// Exact arithmetic with BigInt: what the generated formulas call, fractions, and how numbers read.

/** a / b where it comes out even; everything the formulas divide does. */
export function exact(a, b) {
  if (a % b !== 0n) throw new RangeError(`${a} / ${b} is not an integer`);
  return a / b;
}

/** The largest integer at most a / b, for b > 0. */
export const floorDiv = (a, b) => (a >= 0n || a % b === 0n ? a / b : a / b - 1n);

/** The smallest integer at least a / b, for b > 0. */
export const ceilDiv = (a, b) => -floorDiv(-a, b);

/** The remainder of a by b > 0, never negative. */
export const mod = (a, b) => ((a % b) + b) % b;

export const max = (...all) => all.reduce((a, b) => (b > a ? b : a));
export const min = (...all) => all.reduce((a, b) => (b < a ? b : a));

/** The sum of term(n) for n = first .. last, 0 if there is none. */
export function sum(first, last, term) {
  let total = 0n;
  for (let n = first; n <= last; n += 1n) total += term(n);
  return total;
}

/** The greatest common divisor of two positive numbers. */
export const gcd = (a, b) => (b ? gcd(b, a % b) : a);

/** Lattice points 0 <= y < rows, 0 <= u < columns with stride y + dilation u < bound. */
export function pointsBelow(bound, rows, columns, stride, dilation) {
  if (rows <= 0n || columns <= 0n) return 0n;
  const before = (most) => {
    const taps = min(columns, ceilDiv(most, dilation));
    return most > 0n ? floorSum(taps, stride, dilation, most - dilation * (taps - 1n) + stride - 1n) : 0n;
  };
  return before(bound) - before(bound - stride * rows);
}

/** The sum of the floors of (slope x + offset) / modulus over 0 <= x < terms, as by Euclid. */
function floorSum(terms, modulus, slope, offset) {
  if (terms <= 0n) return 0n;
  const whole = ((terms * (terms - 1n)) / 2n) * (slope / modulus) + terms * (offset / modulus);
  const top = (slope % modulus) * terms + (offset % modulus);
  return whole + floorSum(top / modulus, slope % modulus, modulus, top % modulus);
}

/** A fraction in lowest terms with a positive denominator; its text is "17/72", or "3". */
export class Fraction {
  constructor(numerator, denominator = 1n) {
    let [a, b] = [numerator < 0n ? -numerator : numerator, denominator];
    while (b) [a, b] = [b, a % b];
    this.numerator = numerator / (a || 1n);
    this.denominator = denominator / (a || 1n);
  }

  toString() {
    return this.denominator === 1n ? `${this.numerator}` : `${this.numerator}/${this.denominator}`;
  }

  toJSON() {
    return this.toString();
  }

  /** Less than, equal to or greater than another: -1, 0 or 1. */
  compare(other) {
    const left = this.numerator * other.denominator, right = other.numerator * this.denominator;
    return left < right ? -1 : left > right ? 1 : 0;
  }

  /** The nearest number to about 17 digits, also where both parts are beyond 2^53. */
  toNumber() {
    const whole = this.numerator / this.denominator;
    const digits = 18 - String(whole).length;
    if (digits <= 0) return Number(whole);
    const scale = 10n ** BigInt(digits + String(this.denominator).length);
    return Number((this.numerator * scale) / this.denominator) / Number(scale);
  }
}

/** A number to a few figures, written as Python's format(x, ".3g") writes it: 0.236, 1.2e+04. */
export function figures(x, count = 3) {
  if (x === 0) return "0";
  const [mantissa, power] = rounded(x, count);
  if (power < -4 || power >= count) {
    const sign = power < 0 ? "-" : "+";
    return `${trimmed(mantissa)}e${sign}${String(Math.abs(power)).padStart(2, "0")}`;
  }
  return trimmed(Number(`${mantissa}e${power}`).toFixed(Math.max(0, count - 1 - power)));
}

/** Mantissa and exponent; a tie goes to the even digit as in Python, where JavaScript rounds up. */
function rounded(x, count) {
  const [all, place] = x.toExponential(60).split("e");
  const kept = all.slice(0, count + (x < 0 ? 2 : 1)), rest = all.slice(kept.length);
  const even = /^50*$/.test(rest) && "02468".includes(kept.at(-1));
  const [mantissa, power] = x.toExponential(count - 1).split("e");
  return even ? [kept, Number(place)] : [mantissa, Number(power)];
}

const trimmed = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

/** An integer with its thousands apart: 3,538,944. */
export const thousands = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ",");

const UNITS = [[3n, "GiB"], [2n, "MiB"], [1n, "KiB"]];

/** Bytes in the largest unit that leaves a number of at least 1: 704 KiB. */
export function memory(count) {
  for (const [power, unit] of UNITS) {
    const size = 1024n ** power;
    if (count >= size) return `${figures(new Fraction(count, size).toNumber())} ${unit}`;
  }
  return `${count} B`;
}
