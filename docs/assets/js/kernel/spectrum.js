// Singular values in floating point, by one-sided Jacobi rotations.
const SWEEPS = 60;

const transposed = (rows) => rows[0].map((_, x) => rows.map((row) => row[x]));
const dot = (a, b) => a.reduce((total, x, k) => total + x * b[k], 0);

// Values in falling order with the columns `left` and `right`: the matrix is Σ value · left · rightᵀ.
export function decompose(rows) {
  if (rows.length < rows[0].length) {
    const { values, left, right } = decompose(transposed(rows));
    return { values, left: right, right: left };
  }
  const largest = Math.max(...rows.flat().map(Math.abs)) || 1;
  const columns = transposed(rows.map((row) => row.map((x) => x / largest)));
  const turned = columns.map((_, k) => columns.map((_, x) => Number(x === k)));
  for (let sweep = 0; sweep < SWEEPS && rotateAll(columns, turned); sweep += 1);
  const values = columns.map((column) => Math.hypot(...column));
  const order = values.map((_, k) => k).sort((a, b) => values[b] - values[a]);
  return {
    values: order.map((k) => values[k] * largest),
    left: order.map((k) => columns[k].map((x) => (values[k] ? x / values[k] : 0))),
    right: order.map((k) => turned[k]),
  };
}

function rotateAll(columns, turned) {
  let moved = false;
  for (let p = 0; p < columns.length; p += 1) {
    for (let q = p + 1; q < columns.length; q += 1) {
      const [a, b, c] = [dot(columns[p], columns[p]), dot(columns[q], columns[q]), dot(columns[p], columns[q])];
      if (!c || Math.abs(c) <= Number.EPSILON * Math.sqrt(a * b)) continue;
      moved = true;
      const zeta = (b - a) / (2 * c);
      const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
      const cosine = 1 / Math.hypot(1, tangent);
      rotate(columns, p, q, cosine, cosine * tangent);
      rotate(turned, p, q, cosine, cosine * tangent);
    }
  }
  return moved;
}

function rotate(vectors, p, q, cosine, sine) {
  for (let k = 0; k < vectors[p].length; k += 1) {
    const [x, y] = [vectors[p][k], vectors[q][k]];
    vectors[p][k] = cosine * x - sine * y;
    vectors[q][k] = sine * x + cosine * y;
  }
}

// The nearest matrix of a rank (Eckart and Young), as columns and rows in floating point.
export function nearest({ values, left, right }, rank) {
  return values.slice(0, rank).map((value, k) => ({ column: left[k].map((x) => x * value), row: right[k] }));
}

// The same with columns and rows of equal sizes.
export function balanced({ values, left, right }, rank) {
  const times = (vector, factor) => vector.map((x) => x * factor);
  return values.slice(0, rank).map((value, k) => ({ column: times(left[k], Math.sqrt(value)), row: times(right[k], Math.sqrt(value)) }));
}

export function added(pairs, height, width) {
  const rows = Array.from({ length: height }, () => Array(width).fill(0));
  for (const { column, row } of pairs) {
    column.forEach((a, y) => row.forEach((b, x) => { rows[y][x] += a * b; }));
  }
  return rows;
}

// What the best approximation of a rank misses: the root of the sum of the squares left out.
export function missed(values, rank) {
  const error = Math.hypot(0, ...values.slice(rank));
  const size = Math.hypot(0, ...values);
  return { error, relative: size ? error / size : 0 };
}
