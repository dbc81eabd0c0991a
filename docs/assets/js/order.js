// Which design represents which on a layer: thresholds printed from Python into order-AXES.js, called with numbers.

import { evaluate } from "./engine.js";
import { ORDER as PLANE } from "./order-2.js";

const ORDER = { 2: PLANE }; // the others come when a layer needs them

/** A promise of the thresholds that a layer needs, undefined if they are there. */
export function comingOrder(layer) {
  const axes = layer.image.length;
  if (axes in ORDER) return undefined;
  return import(`./order-${axes}.js`).then((module) => { ORDER[axes] = module.ORDER; });
}

/**
 * Every ordered pair of the families of a comparison, at the first setting of each.
 *
 * @param {{layer, families: Row[]}} result of `compare`.
 * @returns {{rows: Row[], pairs: Pair[]}} where a Pair is {small, large: Row, fits, needs, holds}: whether any sizes of
 * the containing design would do; the sizes it needs, each {size, least, most} with BigInt, `most` null where none is
 * known to be enough; whether it holds at the sizes that it has, null where that is not decided.
 */
export function order({ layer, families }) {
  const rows = [...new Map([...families].reverse().map((row) => [row.name, row])).values()].reverse();
  const named = new Map(rows.map((row) => [row.name, row]));
  const pairs = ORDER[layer.image.length].filter(({ small, large }) => named.has(small) && named.has(large))
    .map((one) => related(layer, named.get(one.small), named.get(one.large), one));
  return { rows, pairs };
}

function related(layer, small, large, { fixed, bonds }) {
  const values = { ...layer.values, ...large.setting, ...small.setting };
  if ("m" in small.setting) values.C_c = small.setting.m / layer.groups;
  const fits = fixed.every((holds) => holds(values));
  const needs = bonds.map(({ size, least, most }) => ({ size, least: least(values), most: most && most(values) }));
  return { small, large, fits, needs, holds: fits && verdict(needs, large.setting) };
}

/** Whether sizes are as long as needed; null where that is not known. */
function verdict(needs, setting) {
  if (needs.some(({ size, least }) => setting[size] < least)) return false;
  return needs.every(({ size, most }) => most !== null && setting[size] >= most) || null;
}

/** The containing design at the sizes that are sure to be enough: its row, or null if none are known. */
export function enough(layer, { large, fits, needs }) {
  if (!fits || needs.some(({ most }) => most === null)) return null;
  return evaluate(layer, large.name, { ...large.setting, ...Object.fromEntries(needs.map(({ size, most }) => [size, most])) });
}

/** The designs that represent everything a design does, each at the sizes that are enough, cheapest first; itself too. */
export function containing(layer, { rows, pairs }, name, measure) {
  const own = rows.find((row) => row.name === name);
  const found = pairs.filter(({ small }) => small.name === name).map((pair) => enough(layer, pair)).filter(Boolean);
  return [own, ...found].sort((a, b) => (a[measure] < b[measure] ? -1 : a[measure] > b[measure] ? 1 : 0));
}
