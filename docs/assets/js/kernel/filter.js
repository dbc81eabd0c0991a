// Filters of one channel on grey images, in slices: generators that yield after every few rows of work.
// Cross-correlation; beyond the border the outermost pixels repeat.
const SLICE = 200_000; // multiplications between two yields

const clamp = (value, most) => Math.min(Math.max(value, 0), most);

export function* filtered(image, kernel) {
  const { width, height, pixels } = image;
  const [up, left] = [(kernel.length - 1) >> 1, (kernel[0].length - 1) >> 1];
  const out = new Float64Array(width * height);
  let padded = new Float64Array(width + kernel[0].length - 1);
  let work = 0;
  for (let y = 0; y < height; y += 1) {
    const line = out.subarray(y * width, (y + 1) * width);
    for (let u = 0; u < kernel.length; u += 1) {
      const start = clamp(y + u - up, height - 1) * width;
      const own = pixels.subarray(start, start + width);
      if (kernel[0].length === 1) padded = own;
      else {
        padded.fill(own[0], 0, left).fill(own[width - 1], left + width);
        padded.set(own, left);
      }
      for (let v = 0; v < kernel[u].length; v += 1) accumulate(line, padded, kernel[u][v], v);
      work += kernel[u].length * width;
    }
    if (work > SLICE) {
      work = 0;
      yield;
    }
  }
  return { width, height, pixels: out };
}

function accumulate(line, padded, weight, shift) {
  for (let x = 0; x < line.length; x += 1) line[x] += weight * padded[x + shift];
}

// Every column and then its row, added up: two passes over the image for each term.
export function* twoPasses(image, pairs) {
  let total = null;
  for (const { column, row } of pairs) {
    const between = yield* filtered(image, column.map((x) => [x]));
    const { pixels } = yield* filtered(between, [row]);
    if (total) for (let k = 0; k < total.length; k += 1) total[k] += pixels[k];
    total ??= pixels;
  }
  return { ...image, pixels: total ?? new Float64Array(image.pixels.length) };
}

export function difference(one, two) {
  return { ...one, pixels: one.pixels.map((x, k) => x - two.pixels[k]) };
}

export function bounds({ pixels }) {
  let [low, high] = [Infinity, -Infinity];
  for (const x of pixels) {
    if (x < low) low = x;
    if (x > high) high = x;
  }
  return [low, high];
}
