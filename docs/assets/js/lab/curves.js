// The numbers behind the plots: every family's cost against its width, and against the kernel's size.

import { series } from "../engine.js";
import { BIASED } from "../formulas.js";
import { Fraction } from "../numbers.js";
import { readLayer } from "../read-layer.js";

/** What can be plotted: the name in the address, in words, and the counts of the engine it is made of. */
export const MEASURES = {
  parameters: { title: "parameters", biased: true },
  macs: { title: "MACs" },
  macs_in_bounds: { title: "MACs in bounds" },
  flops: { title: "FLOPs", biased: true },
  activations: { title: "activations" },
  bytes: { title: "bytes", biased: true },
  intensity: { title: "FLOPs per byte" },
};

const POINTS = 48;
const RANKS = ["P", "Q", "R", "T"];

/** The cost of a family at settings, as BigInt or Fraction, null where it does not fit. */
function costs(layer, name, measure, settings) {
  const counted = (count) => settings.map((setting) => {
    const [size = "m", number = 1n] = Object.entries(setting)[0] ?? [];
    return series(layer, name, setting, count, size, [number])[0];
  });
  const ends = (count) => (MEASURES[count].biased ? count + BIASED[layer.biased] : count);
  if (measure !== "intensity") return counted(ends(measure));
  const bytes = counted(ends("bytes"));
  return counted(ends("flops")).map((flops, n) => (flops === null ? null : new Fraction(flops, bytes[n])));
}

/** The sizes that grow along the axis of the width plot: the family's own one, or all its ranks at once. */
export function sizesOf(row) {
  if (row.break_even) return [row.break_even.size];
  return Object.keys(row.setting).filter((size) => RANKS.includes(size));
}

/** One row per family, the first of each. */
const firsts = (rows) => [...new Map(rows.toReversed().map((row) => [row.name, row])).values()].reverse();

/** Cost against width: {xs, lines: [{label, name, values, edge, word}], most}, most being the top of a linear scale. */
export function againstWidth(result, measure) {
  const { layer, families } = result;
  const at = (row, xs) => costs(layer, row.name, measure, xs.map((x) =>
    ({ ...row.setting, ...Object.fromEntries(sizesOf(row).map((size) => [size, x])) })));
  const standard = families.find(({ name }) => name === "standard");
  const limit = at(standard, [1n])[0];
  const rows = firsts(families).map((row) => ({ row, sizes: sizesOf(row), step: 1n, edge: null }));
  for (const one of rows.filter(({ sizes }) => sizes.length)) {
    if (at(one.row, [1n])[0] === null) one.step = layer.groups;
    if (measure !== "intensity") one.edge = edgeOf((xs) => at(one.row, xs), one.step, limit);
  }
  const last = farthest(rows, layer);
  const step = rows.reduce((most, one) => (one.step > most ? one.step : most), 1n);
  const xs = spread(step, last, step, rows.flatMap(({ row }) => Object.values(row.setting)));
  const lines = rows.map(({ row, sizes, edge }) => ({
    name: row.name,
    label: row.name,
    word: sizes.join(" = "),
    values: sizes.length ? at(row, xs) : xs.map(() => at(row, [1n])[0]),
    edge,
  }));
  const level = limit instanceof Fraction ? limit.toNumber() : Number(limit);
  return { xs, lines, most: measure === "intensity" ? undefined : 2.2 * level };
}

/** How far the axis goes: past every break-even that is not absurdly far, past twice the usual width. */
function farthest(rows, layer) {
  const usual = 2n * layer.in;
  const edges = rows.flatMap(({ edge }) => (edge ? [edge.at_most + 1n] : [])).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const near = edges.filter((edge) => edge <= 8n * (edges[edges.length >> 1] ?? 1n));
  const most = near.length ? (near.at(-1) * 9n) / 8n + 1n : usual;
  return most > usual ? most : usual;
}

/** About POINTS numbers from first to last, all multiples of a step; those chosen are among them. */
function spread(first, last, step, chosen) {
  const count = (last - first) / step + 1n;
  const stride = step * ((count + BigInt(POINTS) - 1n) / BigInt(POINTS));
  const xs = [];
  for (let x = first; x <= last || xs.length < 2; x += stride) xs.push(x);
  const more = chosen.filter((x) => x <= xs.at(-1) && x % step === 0n);
  return [...new Set([...xs, ...more])].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/**
 * Where a cost that grows with the width reaches the standard one: the largest width below it, and, for
 * a cost that is linear, the exact crossing. Null if there is none up to a billion.
 */
export function edgeOf(cost, step, limit) {
  const [one, two, three] = cost([step, 2n * step, 3n * step]);
  const slope = two - one;
  if (slope > 0n && three - two === slope) {
    const crossing = new Fraction((limit - one) * step + slope * step, slope);
    const steps = limit <= one - slope ? 0n : (limit - one + slope - 1n) / slope;
    return { at: crossing, at_most: steps * step };
  }
  if (slope <= 0n || one >= limit) return one >= limit && slope > 0n ? { at: null, at_most: 0n } : null;
  let [below, above] = [step, 2n * step];
  while (cost([above])[0] < limit) {
    [below, above] = [above, 2n * above];
    if (above > 10n ** 9n) return null;
  }
  while (above - below > step) {
    const middle = ((above + below) / (2n * step)) * step;
    if (cost([middle])[0] < limit) below = middle;
    else above = middle;
  }
  return { at: null, at_most: below };
}

/** Cost against the size n of an n × n kernel, the rest of the layer as it is. */
export function againstKernel(result, measure, fields) {
  const largest = result.layer.kernel.reduce((a, b) => (b > a ? b : a));
  const last = largest > 9n ? largest + 4n : 11n;
  const stride = 2n * ((last / 2n) / BigInt(POINTS) + (last > BigInt(POINTS) ? 1n : 0n)) || 1n;
  const xs = [], layers = [];
  for (let n = 1n; n <= last; n += stride) {
    const { layer } = readLayer({ ...fields, kernel: String(n) });
    if (!layer) continue;
    xs.push(n);
    layers.push(layer);
  }
  const lines = result.families.map((row) => ({
    name: row.name,
    label: row.label,
    values: layers.map((layer) => costs(layer, row.name, measure, [row.setting])[0]),
    edge: null,
    word: "",
  }));
  return { xs, lines };
}

