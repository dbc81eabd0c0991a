// A block within a budget: what a design costs, which of the listed designs represents most within it, and how two compare.

import { compare, evaluate, series } from "../engine.js";
import { order } from "../order.js";

const FEW = 1500n; // settings of several ranks that are all tried; beyond, ranks go up in steps
const STEPS = 40n;

const sizesOf = (row) => Object.keys(row.setting);
const firsts = (layer) => [...new Map(compare(layer).families.map((row) => [row.name, row])).values()];
const cost = (layer, row, setting, measure) => series(layer, row.name, setting, measure, "m", [setting.m ?? 1n])[0];

/** The designs that one can choose on a layer, each at its usual sizes. */
export const designs = (layer) => firsts(layer);

/** A share of what the standard layer takes, rounded down: the budget. */
export const budget = (layer, measure, percent) => (evaluate(layer, "standard", {})[measure] * percent) / 100n;

/** The longest a size is of use: beyond it a design represents nothing more, or costs more than any budget. */
function longest(layer, row, size, most, measure) {
  let above = 1n;
  while (above < 1n << 40n && (cost(layer, row, { ...row.setting, [size]: above * step(layer, row) }, measure) ?? most) <= most) above *= 2n;
  return above;
}

const step = (layer, row) => (row.name.startsWith("grouped") ? layer.groups : 1n);

/** The largest multiple of the step at which a design stays within the budget, 0 for none. */
export function largest(layer, row, size, setting, measure, most) {
  const unit = step(layer, row);
  const fits = (n) => {
    const found = cost(layer, row, { ...setting, [size]: n * unit }, measure);
    return found !== null && found <= most;
  };
  if (!fits(1n)) return 0n;
  let [below, above] = [1n, 2n];
  while (fits(above)) {
    [below, above] = [above, 2n * above];
    if (above > 1n << 40n) return below * unit; // it costs the same at every size
  }
  while (above - below > 1n) {
    const middle = (above + below) / 2n;
    if (fits(middle)) below = middle;
    else above = middle;
  }
  return below * unit;
}

/** Every setting of a design that leaves no room within the budget for its last size. */
function* settings(layer, row, measure, most) {
  const sizes = sizesOf(row), limits = sizes.slice(0, -1).map((size) => longest(layer, least(row), size, most, measure));
  const all = limits.reduce((product, limit) => product * limit, 1n);
  const stride = all > FEW && limits.length ? 1n + limits.reduce((a, b) => (b > a ? b : a), 1n) / STEPS : 1n;
  function* outer(place, chosen) {
    if (place < limits.length) {
      for (let n = 1n; n <= limits[place]; n += stride) yield* outer(place + 1, { ...chosen, [sizes[place]]: n });
      return;
    }
    const last = sizes.at(-1);
    const n = largest(layer, row, last, chosen, measure, most);
    if (n > 0n) yield { ...chosen, [last]: n };
  }
  if (sizes.length) yield* outer(0, row.setting);
  else if (row[measure] <= most) yield {};
}

const least = (row) => ({ ...row, setting: Object.fromEntries(sizesOf(row).map((size) => [size, 1n])) });

/**
 * Every listed design at the setting with the most degrees of freedom within a budget, the most first. Of settings that
 * represent as much the cheapest.
 */
export function within(layer, measure, most) {
  const found = designs(layer).map((row) => {
    let best = null;
    for (const setting of settings(layer, row, measure, most)) {
      const one = evaluate(layer, row.name, setting);
      if (one && one[measure] <= most && better(one, best, measure)) best = one;
    }
    return best;
  });
  return found.filter(Boolean).sort((a, b) => (better(a, b, measure) ? -1 : 1));
}

function better(one, other, measure) {
  if (!other) return true;
  const [mine, theirs] = [one.degrees_of_freedom, other.degrees_of_freedom];
  return mine > theirs || (mine === theirs && one[measure] < other[measure]);
}

/** Of the designs that a list names, those of which one represents every kernel, some not, and where that is open. */
export function represented(layer, row) {
  const { pairs } = order({ layer, families: [row, ...designs(layer).filter(({ name }) => name !== row.name)] });
  const own = pairs.filter(({ large }) => large.name === row.name);
  return { all: own.filter(({ holds }) => holds === true), some: own.filter(({ holds }) => holds === false), open: own.filter(({ holds }) => holds === null) };
}
