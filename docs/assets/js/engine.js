// Every family on a layer: a row for each setting. Formulas, cases and sentences were printed from Python into
// formulas.js and formulas-KIND-AXES.js; here they are only called. Counts are BigInt and exact, keys and meaning are
// those of `derive compare --json`.

import { FAMILIES as OPENING } from "./formulas-plain-2.js";
import { BIASED, NOTES, REASONS } from "./formulas.js";
import { figures, Fraction } from "./numbers.js";
import { filled } from "./text.js";

const kindOf = (layer) => `${layer.transposed ? "transposed" : "plain"}-${layer.image.length}`;
const FAMILIES = { "plain-2": OPENING }; // the others come when a layer needs them

/** A promise of the formulas that a layer needs, undefined if they are there. */
export function coming(layer) {
  const kind = kindOf(layer);
  if (kind in FAMILIES) return undefined;
  return import(`./formulas-${kind}.js`).then((module) => { FAMILIES[kind] = module.FAMILIES; });
}

const on = (layer) => FAMILIES[kindOf(layer)];
const named = (layer, name) => on(layer).find((family) => family.name === name && !family.absent);

/**
 * Every family that maps C_in to C_out on the layer, one row per setting.
 *
 * @param {Layer} layer from readLayer, once it is no longer `coming`.
 * @param {Choices} [choices] from readChoices, or made by hand.
 * @param {string} [only] the id of a family, where the others are of no interest.
 * @returns {{layer: Layer, families: Row[], omitted: {name, reason}[]}}
 *
 * A Row has the keys of `derive compare --json` with BigInt counts and Fractions. Beyond those: label ("asymmetric
 * m=3"); per stage base and indices of the factor, reads and writes {base, letters, sides: [h, w],
 * channels}, taps [3n, 1n] (1 where the factor has none), summed [letters], terms (products per sum), per [letters the
 * kernel is chosen by]; per row kernel [letters], bonds [letters], single [bonds of size 1, left out of pictures].
 */
export function compare(layer, choices = {}, only = "") {
  const standard = evaluate(layer, "standard", {});
  const families = [], omitted = [];
  for (const family of on(layer).filter(({ name }) => !only || name === only)) {
    const reason = family.absent ?? (family.grouped && layer.groups === 1n ? REASONS.grouped : "");
    for (const setting of reason ? [{}] : settings(family, layer, choices)) {
      const values = { ...layer.values, ...setting };
      const why = reason || misfit(family, layer, values);
      if (why) omitted.push({ name: family.name, reason: why });
      else families.push(row(family, layer, values, setting, standard));
    }
  }
  return { layer, families, omitted };
}

/**
 * One family at one setting: the row of `compare`, or null if the family has no form on the layer, makes other
 * channels, or its guard fails.
 *
 * @param {Layer} layer @param {string} name family id @param {Object} setting {m: 3n}
 */
export function evaluate(layer, name, setting) {
  const family = named(layer, name);
  if (!family) return null;
  const full = whole(family, layer, setting), values = { ...layer.values, ...full };
  if (misfit(family, layer, values)) return null;
  return row(family, layer, values, full, name === "standard" ? null : evaluate(layer, "standard", {}));
}

/**
 * One cost of one family as a function of a size, for plots: BigInt at each of the numbers, or null where the family
 * does not fit. No row is built, so hundreds of points take a millisecond.
 *
 * @param {Layer} layer @param {string} name family id @param {Object} setting its own sizes
 * @param {string} measure a count: "parameters", "macs", "flops", "bytes_with_bias", ...
 * @param {string} size "m", "M", "P", "Q", "R", "T"
 * @param {BigInt[]} numbers
 */
export function series(layer, name, setting, measure, size, numbers) {
  const family = named(layer, name);
  if (!family) return numbers.map(() => null);
  return numbers.map((number) => {
    const at = { ...layer.values, ...whole(family, layer, { ...setting, [size]: number }) };
    return misfit(family, layer, at) ? null : family.counts[measure](at);
  });
}

/** The sizes that a family has on a layer where none is chosen: {m: 3n}. */
export const usual = (layer, name) => settings(named(layer, name), layer, {})[0];

/** What a reader calls a row: "asymmetric m=3". */
export const label = (row) => [row.name, ...Object.entries(row.setting).map(([size, n]) => `${size}=${n}`)].join(" ");

/** The setting with the width of one group, where a family has one. */
const whole = (family, layer, setting) =>
  (family.choices.widths?.includes("C_c") ? { ...setting, C_c: setting.m / layer.groups } : setting);

/** Every setting of a family's own sizes on a layer, one row each. */
function settings(family, layer, chosen) {
  const options = Object.entries(family.choices).map(([list, sizes]) => {
    const numbers = chosen[list]?.length ? chosen[list] : [undefined];
    return numbers.map((number) => Object.fromEntries(sizes.map((size) => [size, sizeOf(size, number, layer)])));
  });
  const all = options.reduce(
    (rows, option) => rows.flatMap((one) => option.map((other) => ({ ...one, ...other }))), [{}],
  ).map((setting) => completed(family, layer, setting));
  return [...new Map(all.map((one) => [Object.entries(one).join(), one])).values()];
}

function sizeOf(size, number, layer) {
  if (number === undefined || typeof number === "object") return number?.[size];
  return size === "C_c" ? number / layer.groups : number;
}

/** The setting with the usual size wherever none is chosen, which is never larger than is of use. */
function completed(family, layer, chosen) {
  const open = Object.keys(chosen).filter((size) => chosen[size] === undefined);
  const setting = { ...chosen };
  for (const size of open) setting[size] = family.usual[size](layer.values);
  for (let before = null; before !== Object.values(setting).join();) {
    before = Object.values(setting).join();
    const values = { ...layer.values, ...setting };
    for (const size of open) {
      const most = family.largest[size]?.(values);
      if (most < setting[size]) setting[size] = most;
    }
  }
  if (open.includes("C_c")) setting.m = setting.C_c * layer.groups;
  return setting;
}

/** Why a family does not fit: it makes other channels than the layer's, or leaves its guard. */
function misfit(family, layer, values) {
  for (const [name, side] of [["C_in", "input"], ["C_out", "output"]]) {
    const made = family.channels[name](values), wanted = values[name];
    if (made !== wanted) return filled(REASONS.channels, { made, side, wanted });
  }
  if (family.choices.widths?.includes("C_c") && values.m % layer.groups) {
    return filled(REASONS.width, { width: values.m, groups: layer.groups });
  }
  return family.guard.every((holds) => holds(values)) ? "" : REASONS.even;
}

function row(family, layer, values, setting, standard) {
  const pick = (names, end = "") => Object.fromEntries(names.map((name) => [name, family.counts[name + end](values)]));
  const totals = ["parameters", "additions", "flops", "bytes"];
  const without = pick([...totals, "flops_in_bounds"]);
  const { C_c: __, ...shown } = setting;
  const chosen = pick(totals, BIASED[layer.biased]);
  const made = {
    name: family.name,
    title: family.title,
    setting: shown,
    ...pick(["macs", "macs_in_bounds", "multiplications", "activations"]),
    ...chosen,
    intensity: new Fraction(chosen.flops, chosen.bytes),
    ...exactness(family, values),
    without_bias: without,
    with_bias: pick(totals, BIASED.all),
    with_last_bias: pick(totals, BIASED.last),
    receptive_field: family.receptive_field.map((formula) => formula(values)),
    stages: family.stages.map((stage) => stageRow(stage, values)),
    break_even: family.break_even && { size: family.break_even.size, at_most: family.break_even.at_most(values) },
    kernel: family.kernel,
    bonds: family.bonds.map(({ letter }) => letter),
    single: family.bonds.filter(({ size }) => size(values) === 1n).map(({ letter }) => letter),
  };
  const base = standard ?? made;
  made.ratio = Object.fromEntries(["parameters", "macs", "flops"].map((name) => [name, new Fraction(made[name], base[name])]));
  const shares = [["parameters", without.parameters, base.without_bias.parameters], ["MACs", made.macs, base.macs]]
    .filter(([, mine, theirs]) => mine > theirs)
    .map(([words, mine, theirs]) => filled(NOTES.share, { share: figures(new Fraction(mine, theirs).toNumber()), words }));
  made.dearer = shares.length > 0;
  made.notes = standard === null || family.name === "standard" ? [] : [
    ...(shares.length ? [filled(NOTES.more, { shares: shares.join(" and ") })] : []),
    ...family.waste,
    ...(made.exact_when === EVERY ? [NOTES.universal] : []),
  ];
  made.label = label(made);
  return made;
}

function stageRow(stage, values) {
  const at = (formula) => formula(values);
  const side = (tensor) => ({ ...tensor, channels: at(tensor.channels), sides: tensor.sides.map(at) });
  const numbers = ["times", "parameters", "macs", "macs_in_bounds", "activations", "filters", "terms"];
  return {
    ...stage,
    ...Object.fromEntries(numbers.map((name) => [name, at(stage[name])])),
    filter: stage.filter.map(at),
    taps: stage.taps.map(at),
    reads: side(stage.reads),
    writes: side(stage.writes),
  };
}

const EVERY = "every kernel";

/** Which kernels a family represents at given sizes, in words and in symbols, and their degrees of freedom. */
function exactness(family, values) {
  const single = family.sizes.reduce((place, size, n) => place + (size(values) === 1n ? 2 ** n : 0), 0);
  const here = family.cases[family.table[single]];
  const way = here.tests.map((test) => (test(values) ? 1 : 0)).join("");
  const holes = here.holes.map((hole) => (typeof hole === "function" ? hole(values) : tuple(family, hole, values)));
  const said = (here.says[way] ?? []).map((sentence) => filled(sentence, holes));
  const zeros = family.zeros.filter(({ holds }) => holds(values)).map(({ words }) => words);
  const clipped = { ...values };
  for (const [size, formula] of here.steps) clipped[size] = formula(clipped);
  return {
    degrees_of_freedom: here.dimension(clipped),
    degrees_of_freedom_exact: here.exact,
    exact_when: [...(zeros.length ? [`the kernel is ${zeros.join(" and ")}`] : []), ...said.slice(0, 1)].join("; ") || EVERY,
    exact_when_brief: [...zeros, ...said.slice(1)].join("; ") || EVERY,
    universal: !zeros.length && !said.length,
  };
}

/** Letters as an index, without those that run over a single value: one as it is, several in brackets. */
function tuple(family, letters, values) {
  const left = letters.filter((x) => family.extents[x](values) !== 1n);
  return left.length === 1 ? left[0] : `(${left.join(", ")})`;
}
