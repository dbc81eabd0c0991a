// The layer calculator without a page: the words of a form to a layer, a layer to a row per family.
//
// Every count is a formula that `derive` printed from SymPy into formulas.js; here they are only
// called. Counts are BigInt and exact. Keys and meaning are those of `derive compare --json`.

import { AXIS, DIRECTIONS, FAMILIES, RANKS } from "./formulas.js";
import { dimension, exactness } from "./network.js";
import { figures, Fraction, thousands } from "./numbers.js";

export { figures, Fraction };

/** The opening example: what an empty form means, field by field. */
export const PRESET = Object.freeze({
  image: "128x128", in: "3", out: "8", kernel: "3", stride: "1", dilation: "1",
  padding: "same", groups: "1", bias: "", middle: "", multiplier: "", rank: "",
});

/** Largest size in any field, and the largest kernel: taps in bounds are counted one by one. */
export const LARGEST = 10n ** 9n;
export const LARGEST_KERNEL = 1023n;

/**
 * The layer that the words of a form describe; a missing field is that of the preset.
 *
 * @param {Object} fields strings: image "128x128" (or three sides "16x112x112"; one side with
 *   axes: 1), in, out, kernel "3" or "3x5", stride, dilation, padding "same" | "valid" | "1" |
 *   "1x2" | "0:1x2:3", groups, bias (true, "true", "1", "on" or "yes"; else none), bytes.
 * @returns {{layer: Layer} | {errors: Object<string, string>}} field name to one sentence.
 *
 * A Layer is what `compare --json` shows under "layer", with BigInt numbers:
 * {image: [h, w], in, out, kernel: [..], stride: [..], dilation: [..],
 *  padding: [[before, after], ..], output: [..], output_padding: [..], groups, bias,
 *  transposed: false, bytes_per_number}, and `values`, the value of every symbol of the formulas.
 */
export function readLayer(fields) {
  const words = { ...PRESET, bytes: "4", ...fields };
  const errors = {};
  const attempt = (field, work) => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      errors[field] ??= error.message;
      return undefined;
    }
  };
  const image = attempt("image", () => readImage(words.image, words.axes));
  const count = image ? image.length : 2;
  const single = (field, name, example) =>
    attempt(field, () => readInteger(name, String(words[field]), 1n, LARGEST, example));
  const sizes = (field, most) =>
    attempt(field, () => readSizes(field, String(words[field]), count, most));
  const read = {
    in: single("in", "channels in", "3"),
    out: single("out", "channels out", "8"),
    groups: single("groups", "groups", "1"),
    bytes_per_number: single("bytes", "bytes per number", "4"),
    kernel: sizes("kernel", LARGEST_KERNEL),
    stride: sizes("stride", LARGEST),
    dilation: sizes("dilation", LARGEST),
  };
  const padding = attempt("padding", () =>
    readPadding(String(words.padding), count, read.kernel, read.dilation));
  for (const [field, side] of [["in", "input"], ["out", "output"]]) {
    if (read.groups && read[field] && read[field] % read.groups) {
      errors.groups ??= `groups ${read.groups} must divide the ${read[field]} ${side} channels`;
    }
  }
  if (Object.keys(errors).length) return { errors };
  const layer = built({ image, ...read, padding, bias: isYes(words.bias) });
  layer.output.forEach((windows, n) => {
    if (windows < 1n) errors.kernel ??= noWindow(layer, n);
  });
  return Object.keys(errors).length ? { errors } : { layer };
}

/**
 * Widths, multipliers and ranks to put side by side: each a list "3, 8", empty for the usual
 * choice (M = 1, m and ranks C_in, but never beyond what already represents every kernel).
 *
 * @param {Object} fields strings: middle, multiplier, rank.
 * @returns {{choices: Choices} | {errors: Object<string, string>}}
 *
 * Choices are {widths: [BigInt], multipliers: [BigInt], ranks: [BigInt | {P, Q, R, T}]}.
 */
export function readChoices(fields) {
  const choices = {}, errors = {};
  for (const [field, name, key] of [
    ["middle", "width m", "widths"], ["multiplier", "multiplier M", "multipliers"], ["rank", "rank", "ranks"],
  ]) {
    try {
      choices[key] = readList(name, String(fields[field] ?? ""));
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      errors[field] = error.message;
    }
  }
  return Object.keys(errors).length ? { errors } : { choices };
}

/**
 * Every family that maps C_in to C_out on the layer, one row per setting.
 *
 * @param {Layer} layer from readLayer.
 * @param {Choices} [choices] from readChoices, or made by hand.
 * @returns {{layer: Layer, families: Row[], omitted: {name, reason}[]}}
 *
 * A Row has the keys of `derive compare --json` with BigInt counts:
 * name, title, setting {m: 3n}, parameters, macs, macs_in_bounds, multiplications, additions,
 * flops, activations, bytes, intensity (Fraction), degrees_of_freedom, degrees_of_freedom_exact,
 * without_bias {parameters, additions, flops, bytes, flops_in_bounds}, with_bias {parameters,
 * additions, flops, bytes}, ratio {parameters, macs, flops} (Fractions of standard),
 * receptive_field [..], stages [..], exact_when, exact_when_brief, dearer, universal,
 * break_even {size, at_most} | null, notes [..].
 * Beyond those: label ("asymmetric m=3") and, per stage, branch (number), base and indices of the factor, reads and writes
 * {base, letters, sides: [h, w], channels}, taps [3n, 1n] (1 where the factor has none), summed
 * [letters], terms (products per sum), per [letters the kernel is chosen by]; per row, kernel
 * [letters], bonds [letters], single [bonds of size 1, left out of pictures] and exactness {zeros, kept, cuts: [{rows, columns, bound, largest}]}.
 */
export function compare(layer, choices = {}) {
  const yardstick = evaluate(layer, "standard", {});
  const families = [], omitted = [];
  for (const family of on(layer)) {
    if (family.absent || (family.grouped && layer.groups === 1n)) {
      const reason = family.absent ?? "with one group it is its ungrouped counterpart";
      omitted.push({ name: family.name, reason });
      continue;
    }
    for (const setting of settings(family, layer, choices)) {
      const values = { ...layer.values, ...setting };
      const reason = misfit(family, layer, values);
      if (reason) omitted.push({ name: family.name, reason });
      else families.push(row(family, layer, values, setting, yardstick));
    }
  }
  return { layer, families, omitted };
}

/**
 * One family at one setting, whether or not it fits the guard: the row of `compare`, or null if
 * the family has no form on the layer, makes other channels, or its guard fails.
 *
 * @param {Layer} layer @param {string} name family id @param {Object} setting {m: 3n}
 */
export function evaluate(layer, name, setting) {
  const family = on(layer).find((one) => one.name === name);
  if (!family || family.absent) return null;
  const full = family.own.includes("C_c") ? { ...setting, C_c: setting.m / layer.groups } : setting;
  const values = { ...layer.values, ...full };
  if (misfit(family, layer, values)) return null;
  return row(family, layer, values, full, name === "standard" ? null : evaluate(layer, "standard", {}));
}

/**
 * One cost of one family as a function of a size, for plots: BigInt at each of the numbers, or
 * null where the family does not fit. No row is built, so hundreds of points take a millisecond.
 *
 * @param {Layer} layer @param {string} name family id @param {Object} setting its own sizes
 * @param {string} measure a count: "parameters", "macs", "flops", "bytes_with_bias", ...
 * @param {string} size "m", "M", "P", "Q", "R", "T"
 * @param {BigInt[]} numbers
 */
export function series(layer, name, setting, measure, size, numbers) {
  const family = on(layer).find((one) => one.name === name);
  if (!family || family.absent) return numbers.map(() => null);
  return numbers.map((number) => {
    const at = { ...layer.values, ...setting, [size]: number };
    if (family.own.includes("C_c")) at.C_c = at.m / layer.groups;
    return misfit(family, layer, at) ? null : family.counts[measure](at);
  });
}

/** The sizes that a family has on a layer where none is chosen: {m: 3n}. */
export function usual(layer, name) {
  return settings(on(layer).find((one) => one.name === name), layer, {})[0];
}

/** What a reader calls a row: "asymmetric m=3". */
export function label(row) {
  return [row.name, ...Object.entries(row.setting).map(([size, n]) => `${size}=${n}`)].join(" ");
}

/** The layer as `derive compare` words, for a link or a terminal: ["--image", "56x56", ...]. */
export function command(fields) {
  const flags = { image: "--image", in: "--in", out: "--out", kernel: "--kernel", stride: "--stride",
    dilation: "--dilation", padding: "--padding", groups: "--groups" };
  const lists = { middle: "--middle", multiplier: "--multiplier", rank: "--rank" };
  const words = Object.entries(flags)
    .filter(([field]) => fields[field] && fields[field] !== PRESET[field])
    .flatMap(([field, flag]) => [flag, fields[field].trim()]);
  for (const [field, flag] of Object.entries(lists)) {
    for (const number of (fields[field] ?? "").split(/[\s,]+/).filter(Boolean)) words.push(flag, number);
  }
  return isYes(fields.bias) ? [...words, "--bias"] : words;
}

class BadInput extends Error {}

function readImage(text, axes) {
  const sides = String(text).split(/[x×]/i).map((part) => readInteger("image", part, 1n, LARGEST, "128x128"));
  if (sides.length === 1 && String(axes) !== "1") {
    throw new BadInput(`image ${sides[0]} has one side: write height x width, for example ${sides[0]}x${sides[0]}`);
  }
  if (sides.length > 3) {
    throw new BadInput(`image has ${sides.length} sides: at most depth x height x width`);
  }
  return sides;
}

function readSizes(what, text, count, most) {
  const example = count === 2 ? "3 or 3x5" : "3";
  const numbers = text.split(/[x×]/i).map((part) => readInteger(what, part, 1n, most, example));
  if (numbers.length !== 1 && numbers.length !== count) {
    throw new BadInput(`${what} has ${numbers.length} numbers, the image has ${count} sides: give one or ${count}`);
  }
  return numbers.length === 1 ? Array(count).fill(numbers[0]) : numbers;
}

/** Before and after on every axis; `same` is d(k - 1) in all, the odd one after. */
function readPadding(text, count, kernel, dilation) {
  const word = text.trim().toLowerCase();
  if (word === "same") {
    if (!kernel || !dilation) return undefined;
    const totals = kernel.map((k, n) => dilation[n] * (k - 1n));
    return totals.map((total) => [total / 2n, total - total / 2n]);
  }
  if (word === "valid") return Array(count).fill([0n, 0n]);
  const margins = word.split(/[x×]/i).map((part) => {
    const ends = part.split(":").map((end) => readInteger("padding", end, 0n, LARGEST, "same, valid, 1, 1x2 or 0:1x2:3"));
    if (ends.length > 2) throw new BadInput("padding: write before:after for an axis, for example 0:1");
    return [ends[0], ends.at(-1)];
  });
  if (margins.length !== 1 && margins.length !== count) {
    throw new BadInput(`padding is for ${margins.length} axes, the image has ${count} sides: give one or ${count}`);
  }
  return margins.length === 1 ? Array(count).fill(margins[0]) : margins;
}

function readInteger(what, text, least, most, example) {
  const word = text.trim(), shown = word.length > 24 ? `${word.slice(0, 24)}…` : word;
  if (!word) throw new BadInput(`${what} is empty: write ${example}`);
  if (!/^-?\d+$/.test(word)) throw new BadInput(`${what} must be an integer, such as ${example}, not “${shown}”`);
  const number = word.length > 12 ? null : BigInt(word);
  if (word.startsWith("-") || (number !== null && number < least)) {
    throw new BadInput(`${what} must be at least ${least}, not ${shown}`);
  }
  if (number === null || number > most) throw new BadInput(`${what} must be at most ${thousands(most)}, not ${shown}`);
  return number;
}

function readList(what, text) {
  const parts = text.split(/[\s,;]+/).filter(Boolean);
  if (parts.length > MOST) throw new BadInput(`${what}: at most ${MOST} numbers at a time, not ${parts.length}`);
  return parts.map((part) => readInteger(what, part, 1n, LARGEST, "3, or a list such as 3, 8"));
}

const MOST = 12;

const isYes = (word) => word === true || ["true", "1", "on", "yes"].includes(String(word).toLowerCase());

/** The layer with what follows from its words: outputs, and the value of every symbol. */
function built(words) {
  const names = DIRECTIONS[words.image.length];
  const values = {
    C_in: words.in, C_out: words.out, nu: words.bytes_per_number, G: words.groups,
    C_a: words.in / words.groups, C_b: words.out / words.groups,
  };
  const output = words.image.map((input, n) => {
    const axis = {
      input, kernel: words.kernel[n], stride: words.stride[n], dilation: words.dilation[n],
      before: words.padding[n][0], after: words.padding[n][1],
    };
    for (const [field, formula] of Object.entries(AXIS)) axis[field] = formula(axis);
    for (const [field, symbol] of Object.entries(names[n])) values[symbol] = axis[field];
    return values[names[n].output];
  });
  return { ...words, output, output_padding: output.map(() => 0n), transposed: false, values };
}

function noWindow(layer, n) {
  const [kernel, dilation] = [layer.kernel[n], layer.dilation[n]];
  const side = ["depth", "height", "width"].slice(-layer.image.length)[n];
  const padded = layer.image[n] + layer.padding[n][0] + layer.padding[n][1];
  return `kernel ${kernel} with dilation ${dilation} spans ${dilation * (kernel - 1n) + 1n} pixels,`
    + ` more than the padded ${side} of ${padded}: no window fits`;
}

const on = (layer) => FAMILIES[layer.image.length];

/** Every setting of a family's own sizes on a layer, one row each; undefined is the usual size. */
function settings(family, layer, { widths = [], multipliers = [], ranks = [] }) {
  const or = (list, usual) => (list.length ? list : [usual]);
  const has = (size) => family.own.includes(size);
  const options = [];
  if (has("m")) options.push(or(widths).map((m) => ({ m })));
  if (has("C_c")) options.push(or(widths).map((m) => ({ m, C_c: m && m / layer.groups })));
  if (has("M")) {
    const copies = family.outputs.includes("M") ? layer.out / layer.in || 1n : 1n;
    options.push(or(multipliers, copies).map((M) => ({ M })));
  }
  const bonds = RANKS.filter(has);
  if (bonds.length) {
    options.push(or(ranks).map((rank) => Object.fromEntries(
      bonds.map((bond) => [bond, typeof rank === "bigint" ? rank : rank?.[bond]]),
    )));
  }
  const all = options.reduce(
    (rows, option) => rows.flatMap((one) => option.map((other) => ({ ...one, ...other }))), [{}],
  ).map((chosen) => completed(family, layer, chosen));
  const different = new Map(all.map((one) => [Object.entries(one).join(), one]));
  return [...different.values()];
}

/** The setting with the usual size wherever none is chosen: C_in, or the largest that is of use. */
function completed(family, layer, chosen) {
  const usual = Object.keys(chosen).filter((size) => chosen[size] === undefined);
  const setting = { ...chosen };
  for (const size of usual) setting[size] = size === "C_c" ? layer.in / layer.groups : layer.in;
  for (let before = null; before !== Object.values(setting).join();) {
    before = Object.values(setting).join();
    const values = { ...layer.values, ...setting };
    for (const size of usual) {
      const most = family.largest[size]?.(values);
      if (most < setting[size]) setting[size] = most;
    }
  }
  if (usual.includes("C_c")) setting.m = setting.C_c * layer.groups;
  return setting;
}

/** Why a family does not fit: it makes other channels than the layer's, or leaves its guard. */
function misfit(family, layer, values) {
  for (const [side, what] of [["C_in", "input"], ["C_out", "output"]]) {
    const made = family.channels[side](values);
    if (made !== values[side]) return `makes ${made} ${what} channels, the layer has ${values[side]}`;
  }
  if (family.own.includes("C_c") && values.m % layer.groups) {
    return `width ${values.m} is no multiple of the ${layer.groups} groups`;
  }
  return family.guard.every((holds) => holds(values)) ? "" : "reads a middle tap, which needs an odd kernel";
}

function row(family, layer, values, setting, yardstick) {
  const number = (name) => family.counts[name](values);
  const pick = (names, end = "") => Object.fromEntries(names.map((name) => [name, number(name + end)]));
  const totals = ["parameters", "additions", "flops", "bytes"];
  const without = pick([...totals, "flops_in_bounds"]), withBias = pick(totals, "_with_bias");
  const chosen = layer.bias ? withBias : without;
  const [freedom, known] = dimension(family, values);
  const exact = exactness(family, values);
  const { C_c, ...shown } = setting;
  const made = {
    name: family.name,
    title: family.title,
    setting: shown,
    ...pick(["macs", "macs_in_bounds", "multiplications", "activations"]),
    ...chosen,
    intensity: new Fraction(chosen.flops, chosen.bytes),
    degrees_of_freedom: freedom,
    degrees_of_freedom_exact: known,
    without_bias: without,
    with_bias: withBias,
    receptive_field: family.receptive_field.map((formula) => formula(values)),
    stages: family.stages.map((stage) => stageRow(stage, values)),
    exact_when: exact.words,
    exact_when_brief: exact.brief,
    universal: exact.every_kernel,
    exactness: exact,
    break_even: family.break_even
      && { size: family.break_even.size, at_most: family.break_even.at_most(values) },
    kernel: family.network?.kernel ?? [],
    bonds: family.bonds.map(({ letter }) => letter),
    single: family.bonds.filter(({ size }) => size(values) === 1n).map(({ letter }) => letter),
  };
  delete made.flops_in_bounds;
  const standard = yardstick ?? made;
  made.ratio = Object.fromEntries(["parameters", "macs", "flops"].map(
    (name) => [name, new Fraction(made[name], standard[name])],
  ));
  const dear = dearer(without, standard.without_bias, made.macs, standard.macs);
  made.dearer = dear.length > 0;
  made.notes = family.name === "standard" ? [] : [...notes(family, dear, exact)];
  made.label = label(made);
  return made;
}

function stageRow(stage, values) {
  const at = (formula) => formula(values);
  const side = ({ base, letters, channels, sides }) =>
    ({ base, letters, channels: at(channels), sides: sides.map(at) });
  return {
    factor: stage.factor,
    times: at(stage.times),
    parameters: at(stage.parameters),
    macs: at(stage.macs),
    macs_in_bounds: at(stage.macs_in_bounds),
    activations: at(stage.activations),
    branch: stage.branch,
    base: stage.base,
    indices: stage.indices,
    taps: stage.taps.map(at),
    summed: stage.summed,
    terms: at(stage.terms),
    per: stage.per,
    reads: side(stage.reads),
    writes: side(stage.writes),
  };
}

/** In what a row costs more than the standard convolution, and how many times as much. */
function dearer(mine, standard, macs, standardMacs) {
  const shares = [
    ["parameters", new Fraction(mine.parameters, standard.parameters)],
    ["MACs", new Fraction(macs, standardMacs)],
  ];
  return shares.filter(([, share]) => share.numerator > share.denominator);
}

function* notes(family, dear, exact) {
  if (dear.length) {
    const times = dear.map(([words, share]) => `${figures(share.toNumber())}× the ${words}`);
    yield `dearer than standard: ${times.join(" and ")}`;
  }
  for (const { factor, letters } of family.waste) {
    yield `wasteful order: stage ${factor} repeats itself for every ${letters.join(", ")}`;
  }
  if (exact.every_kernel) yield "universal here: every kernel is of this form";
}
