// The sample image, drawn by arithmetic: a gradient, shapes, strokes as of text, gratings and noise.
export const SIDE = 192;
const STROKES = [ // letters, five pixels high
  "###.#.#...###.###.##.",
  "#...#.#....#..#...#.#",
  "##..#.#....#..##..##.",
  "#...#.#....#..#...#.#",
  "#...#.###..#..###.#.#",
];

const disc = (x, y, cx, cy, r) => Math.min(1, Math.max(0, r - Math.hypot(x - cx, y - cy) + 0.5));
const inside = (x, y, left, top, width, height) => x >= left && y >= top && x < left + width && y < top + height;
const mix = (under, over, share) => under + (over - under) * share;

function noise(x, y) {
  const hash = Math.imul(x * 374761393 + y * 668265263, 1274126177);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

function letters(x, y, left, top, size) {
  const [column, row] = [Math.floor((x - left) / size), Math.floor((y - top) / size)];
  return STROKES[row]?.[column] === "#";
}

function tone(x, y) {
  let value = 200 - 70 * (y / SIDE) + 30 * (x / SIDE);
  value = mix(value, 60, disc(x, y, 50, 50, 32));
  value = mix(value, 235, disc(x, y, 42, 42, 13));
  if (inside(x, y, 104, 18, 68, 52)) value = 30 + 2.9 * (x - 104);
  if (letters(x, y, 14, 100, 4)) value = 25;
  if (letters(x, y, 14, 132, 2)) value = 25;
  if (letters(x, y, 59, 132, 2)) value = 245;
  if (inside(x, y, 104, 84, 68, 36)) value = 128 + 100 * Math.sin(((x - 104) ** 2) / 90);
  if (inside(x, y, 104, 128, 34, 46)) value = ((x >> 2) + (y >> 2)) % 2 ? 225 : 40;
  if (inside(x, y, 138, 128, 34, 46)) value = 60 + 150 * noise(x, y);
  if (Math.abs((x - 18) * 0.42 - (y - 152)) < 1.4 && x > 18 && x < 92) value = 20;
  if (Math.abs((x - 18) * 0.1 - (y - 166)) < 1 && x > 18 && x < 92) value = 240;
  return value;
}

export function sampleImage() {
  const pixels = Float64Array.from({ length: SIDE * SIDE }, (_, k) => tone(k % SIDE, Math.floor(k / SIDE)));
  return { width: SIDE, height: SIDE, pixels };
}
