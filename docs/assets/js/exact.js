// Exact linear algebra over the rationals: a number is a fraction { n, d } of BigInts in lowest terms, d > 0.
export const ZERO = { n: 0n, d: 1n };

function gcd(a, b) {
  for (a = a < 0n ? -a : a; b; [a, b] = [b, a % b]);
  return a < 0n ? -a : a;
}

export function fraction(n, d = 1n) {
  if (!d) throw new RangeError("division by zero");
  const common = gcd(n, d) * (d < 0n ? -1n : 1n);
  return { n: n / common, d: d / common };
}

export const integer = (value) => ({ n: BigInt(value), d: 1n });
export const add = (a, b) => fraction(a.n * b.d + b.n * a.d, a.d * b.d);
export const subtract = (a, b) => fraction(a.n * b.d - b.n * a.d, a.d * b.d);
export const multiply = (a, b) => fraction(a.n * b.n, a.d * b.d);
export const divide = (a, b) => fraction(a.n * b.d, a.d * b.n);
export const equal = (a, b) => a.n === b.n && a.d === b.d;
export const sign = (a) => (a.n > 0n) - (a.n < 0n);
export const absolute = (a) => (a.n < 0n ? { n: -a.n, d: a.d } : a);
export const compare = (a, b) => sign(subtract(a, b));
export const text = (a) => (a.d === 1n ? `${a.n}` : `${a.n}/${a.d}`);

// A mantissa and a power of ten: no size of numerator or denominator overflows.
export function scientific(a) {
  if (!a.n) return { mantissa: 0, exponent: 0 };
  const length = (x) => absolute({ n: x }).n.toString().length;
  const shift = 20 + length(a.d) - length(a.n);
  const scaled = shift > 0 ? (a.n * 10n ** BigInt(shift)) / a.d : a.n / (a.d * 10n ** BigInt(-shift));
  const digits = length(scaled) - 1;
  return { mantissa: Number(scaled) / 10 ** digits, exponent: digits - shift };
}

const PLAIN = 1n << 1000n; // Number() of anything below is finite

export function toFloat(a) {
  if (a.d < PLAIN && absolute(a).n < PLAIN) return Number(a.n) / Number(a.d);
  const { mantissa, exponent } = scientific(a);
  return Number(`${mantissa}e${exponent}`);
}

export const transpose = (rows) => rows[0].map((_, x) => rows.map((row) => row[x]));
export const floats = (rows) => rows.map((row) => row.map(toFloat));
export const outer = (column, row) => column.map((a) => row.map((b) => multiply(a, b)));

// All rows over one common denominator, so that the arithmetic is that of integers.
function whole(rows) {
  let below = 1n;
  for (const { d } of rows.flat()) below *= d / gcd(below, d);
  return { below, numbers: rows.map((row) => row.map((x) => x.n * (below / x.d))) };
}

// Bareiss elimination: every number stays an integer, every division comes out even.
function eliminate(numbers) {
  const left = numbers.map((row) => [...row]);
  const order = left.map((_, y) => y);
  const columns = [];
  let last = 1n;
  let swaps = 0;
  for (let x = 0; x < (left[0]?.length ?? 0) && columns.length < left.length; x += 1) {
    const top = columns.length;
    const found = left.findIndex((row, y) => y >= top && row[x]);
    if (found < 0) continue;
    if (found !== top) {
      [left[top], left[found]] = [left[found], left[top]];
      [order[top], order[found]] = [order[found], order[top]];
      swaps += 1;
    }
    const pivot = left[top][x];
    for (let y = top + 1; y < left.length; y += 1) {
      const lead = left[y][x];
      left[y] = left[y].map((value, z) => (z < x ? 0n : (pivot * value - lead * left[top][z]) / last));
    }
    last = pivot;
    columns.push(x);
  }
  const rows = order.slice(0, columns.length);
  return { rank: columns.length, rows, columns, last: swaps % 2 ? -last : last };
}

// The rank, with as many rows and columns whose minor is not zero.
export function skeleton(rows) {
  const found = eliminate(whole(rows).numbers);
  const chosen = (indices) => [...indices].sort((a, b) => a - b);
  return { rank: found.rank, rows: chosen(found.rows), columns: chosen(found.columns) };
}

export const rank = (rows) => skeleton(rows).rank;

export function determinant(rows) {
  const { below, numbers } = whole(rows);
  const found = eliminate(numbers);
  return found.rank < rows.length ? ZERO : fraction(found.last, below ** BigInt(rows.length));
}

export const part = (rows, down, across) => down.map((y) => across.map((x) => rows[y][x]));

// A 2 × 2 minor that is not zero, through the first entry that is not; null where there is none (T2).
export function violatingMinor(rows) {
  const top = rows.findIndex((row) => row.some((x) => x.n));
  if (top < 0) return null;
  const left = rows[top].findIndex((x) => x.n);
  for (let y = 0; y < rows.length; y += 1) {
    for (let x = 0; x < rows[0].length; x += 1) {
      if (y === top || x === left) continue;
      const [down, across] = [[top, y].sort((a, b) => a - b), [left, x].sort((a, b) => a - b)];
      const value = determinant(part(rows, down, across));
      if (value.n) return { rows: down, columns: across, value };
    }
  }
  return null;
}

// A vector as a fraction times integers without a common factor.
function primitive(vector) {
  const { below, numbers } = whole([vector]);
  const common = numbers[0].reduce(gcd, 0n);
  return { scale: fraction(common, below), entries: numbers[0].map((x) => integer(x / common)) };
}

// scale × column × row, in integers without a common factor, the scale positive.
export function outerProduct(column, row, over) {
  const [a, b] = [primitive(column), primitive(row)];
  let scale = divide(multiply(a.scale, b.scale), over);
  const negative = sign(scale) < 0;
  if (negative) scale = absolute(scale);
  const flip = (x) => ({ n: -x.n, d: x.d });
  const first = a.entries.find((x) => x.n);
  const downward = sign(first) < 0;
  return {
    scale,
    column: downward ? a.entries.map(flip) : a.entries,
    row: downward !== negative ? b.entries.map(flip) : b.entries,
  };
}

const filled = (vector) => vector.filter((x) => x.n).length;

// The entry whose row and column hold the fewest numbers, then the smallest.
function pivot(rows) {
  const columns = transpose(rows);
  let best = null;
  rows.forEach((row, y) =>
    row.forEach((value, x) => {
      if (!value.n) return;
      const cost = filled(row) * filled(columns[x]);
      const size = absolute(value);
      if (!best || cost < best.cost || (cost === best.cost && compare(size, best.size) < 0)) {
        best = { x, y, cost, size };
      }
    }),
  );
  return best;
}

// As many outer products as the rank, whose sum is the matrix: each takes a row and a column off.
export function terms(rows) {
  const found = [];
  let rest = rows;
  for (let at = pivot(rest); at; at = pivot(rest)) {
    const [column, row, over] = [rest.map((line) => line[at.x]), rest[at.y], rest[at.y][at.x]];
    found.push(outerProduct(column, row, over));
    rest = rest.map((line, y) => line.map((x, z) => subtract(x, divide(multiply(column[y], row[z]), over))));
  }
  return found;
}

export function product({ scale, column, row }) {
  return outer(column.map((x) => multiply(scale, x)), row);
}

export function sum(matrices, height, width) {
  const zero = Array.from({ length: height }, () => Array(width).fill(ZERO));
  return matrices.reduce((a, b) => a.map((row, y) => row.map((x, z) => add(x, b[y][z]))), zero);
}

export const same = (a, b) => a.every((row, y) => row.every((x, z) => equal(x, b[y][z])));
