// Which kernels a family spells, and how many degrees of freedom they have, at given sizes.
//
// A family is a tensor network of its factors. Letters of size 1 are left out, kernel letters in
// every factor are kept, and the ranks of the cuts of the remaining forest decide. The rules are
// those of derive/algebra/network.py, exactness.py and dimension.py, row by row tested against them.

import { LETTERS } from "./formulas.js";
import { min } from "./numbers.js";

/** The condition under which a kernel is of a family's form, in words and as data.
 * {words, brief, universal, every_kernel, zeros: [..], kept: [letters],
 *  cuts: [{rows, columns, bound, largest}]} */
export function exactness(family, values) {
  const shape = family.network;
  const net = shape && network(shape, values);
  const zeros = net ? zerosOf(family, shape, values) : [];
  const cuts = net ? decisive(net) : [];
  const universal = Boolean(net) && ((isForest(net) && !cuts.length) || enoughTerms(net));
  const conditions = condition(net, cuts, universal);
  const start = zeros.length ? [`the kernel is ${zeros.join(" and ")}`] : [];
  return {
    words: [...start, ...conditions.map(([words]) => words)].join("; ") || "every kernel",
    brief: [...zeros, ...conditions.map(([, brief]) => brief)].join("; ") || "every kernel",
    universal,
    every_kernel: universal && !zeros.length,
    zeros,
    kept: net ? net.kept : [],
    cuts: cuts.map((cut) => ({
      rows: cut.rows, columns: cut.columns, bound: net.extent(cut.bonds), largest: largest(net, cut),
    })),
  };
}

/** The dimension of the set of kernels, and whether it is exact or an upper bound. */
export function dimension(family, values) {
  if (!family.network) return [family.entries(values), false];
  const net = network(family.network, values);
  return isForest(net) ? [forestDimension(net), true] : [upperBound(net), false];
}

function network(shape, values) {
  const sizes = new Map();
  for (const [letter, size] of Object.entries(shape.sizes)) {
    const extent = size(values);
    if (extent !== 1n) sizes.set(letter, extent);
  }
  const kernel = shape.kernel.filter((x) => sizes.has(x));
  const nodes = simplified(shape.factors.map((node) => node.filter((x) => sizes.has(x))), kernel);
  const kept = nodes.length === 1 ? [] : kernel.filter((x) => nodes.every((node) => node.includes(x)));
  const net = { nodes, kernel, sizes, kept };
  net.extent = (letters) => letters.reduce((total, x) => total * sizes.get(x), 1n);
  net.bonds = bondsOf(net);
  net.parts = components(nodes, net.bonds);
  net.open = (numbers) =>
    kernel.filter((x) => !kept.includes(x) && numbers.some((n) => nodes[n].includes(x)));
  return net;
}

/** Without letters summed inside one factor, and without factors that only rescale another. */
function simplified(nodes, kernel) {
  const counts = (x) => nodes.filter((node) => node.includes(x)).length;
  const lean = nodes.map((node) => node.filter((x) => counts(x) > 1 || kernel.includes(x)));
  for (let n = 0; n < lean.length; n += 1) {
    const others = lean.filter((_, other) => other !== n);
    if (others.some((other) => lean[n].every((x) => other.includes(x)))) return simplified(others, kernel);
  }
  return lean.every((node, n) => node.length === nodes[n].length) ? nodes : simplified(lean, kernel);
}

/** Letters that several factors share, kept ones aside; parallel bonds are one bond. */
function bondsOf({ nodes, sizes, kept }) {
  const shared = new Map();
  for (const x of sizes.keys()) {
    const homes = nodes.flatMap((node, n) => (node.includes(x) ? [n] : []));
    if (homes.length < 2 || kept.includes(x)) continue;
    const key = homes.join();
    if (!shared.has(key)) shared.set(key, { letters: [], nodes: homes });
    shared.get(key).letters.push(x);
  }
  return [...shared.values()];
}

function components(nodes, bonds) {
  let parts = nodes.map((_, n) => [n]);
  for (const bond of bonds) {
    const touches = (part) => part.some((n) => bond.nodes.includes(n));
    const joined = parts.filter(touches);
    parts = [...parts.filter((part) => !touches(part)), joined.flat()];
  }
  return parts.sort((one, other) => Math.min(...one) - Math.min(...other));
}

const isTangled = (net) => net.bonds.some((bond) => bond.letters.some((x) => net.kernel.includes(x)));

const isForest = (net) =>
  net.bonds.every((bond) => bond.nodes.length === 2) && !isTangled(net)
  && net.bonds.length === net.nodes.length - net.parts.length;

/** The one bond that joins all of three factors or more: CP. */
function star(net) {
  if (net.bonds.length !== 1 || isTangled(net) || net.nodes.length < 3) return null;
  return net.bonds[0].nodes.length === net.nodes.length ? net.bonds[0] : null;
}

/** The matrices whose ranks decide, without those that any kernel passes. */
function decisive(net) {
  if (!isForest(net)) return [];
  const cut = (part, bonds) => {
    const rest = net.nodes.map((_, n) => n).filter((n) => !part.includes(n));
    return { rows: net.open(part), columns: net.open(rest), bonds };
  };
  const found = net.bonds.map((bond) => cut(farSide(net, bond), bond.letters));
  const parts = net.parts.length > 2 ? net.parts : net.parts.slice(1);
  found.push(...parts.map((part) => cut(part, [])));
  const different = new Map(found.map((one) => [[one.rows, one.columns, one.bonds].join("|"), one]));
  return [...different.values()].filter((one) =>
    one.rows.length && one.columns.length && net.extent(one.bonds) < largest(net, one));
}

function farSide(net, bond) {
  const parts = components(net.nodes, net.bonds.filter((other) => other !== bond));
  return parts.find((part) => part.includes(Math.max(...bond.nodes)));
}

const largest = (net, cut) => min(net.extent(cut.rows), net.extent(cut.columns));

const sides = (net) => net.nodes.map((_, n) => net.extent(net.open([n])));

const everything = (net) => net.extent(net.open(net.nodes.map((_, n) => n)));

/** A tensor is a sum of as many outer products as it has entries off its longest side. */
function enoughTerms(net) {
  const bond = star(net);
  if (!bond) return false;
  const longest = sides(net).reduce((a, b) => (b > a ? b : a));
  return net.extent(bond.letters) * longest >= everything(net);
}

/** Where the kernel has to vanish, in words. */
function zerosOf(family, shape, values) {
  const shared = shape.shared.filter((x) => shape.sizes[x](values) !== 1n);
  const blocks = shared.map((x) => `zero between different ${LETTERS[x] ?? x}s`);
  const off = family.missing.filter(({ kernel }) => values[kernel] !== 1n);
  if (off.length && family.tapless) return [...blocks, "zero except at the middle tap"];
  return [...blocks, ...off.map(({ tap }) => `zero except at the middle ${LETTERS[tap]}`)];
}

/** What is asked beside the zeros, in words and in symbols; nothing if universal. */
function condition(net, cuts, universal) {
  if (!net) {
    return [["the kernel is a sum of kernels of its branches (no criterion known)", "sum of branches"]];
  }
  if (universal) return [];
  const [each, per] = [eachOf(net.kept), net.kept.length ? `per ${net.kept.join(", ")}: ` : ""];
  const bond = star(net);
  if (bond) {
    const terms = net.extent(bond.letters), modes = net.nodes.map((_, n) => tuple(net.open([n])));
    return [[
      `${each}the kernel is a sum of at most ${terms} outer products over ${listed(modes)}`,
      `${per}sum of ${terms}: ${modes.join(" ⊗ ")}`,
    ]];
  }
  if (!isForest(net)) {
    return [["the kernel is a contraction of this shape (no criterion known)", "of this shape"]];
  }
  if (cuts.every((cut) => !cut.bonds.length)) {
    const modes = net.parts.map((part) => tuple(net.open(part)));
    const what = net.kept.length ? "the slice" : "the kernel";
    return [[`${each}${what} is an outer product over ${listed(modes)}`, `${per}${modes.join(" ⊗ ")}`]];
  }
  const matrices = unfoldings(net, cuts).map(({ rows, columns, bound, most }) =>
    [`${tuple(rows)} × ${tuple(columns)}`, `${bound} of ${most}`]);
  return [[
    each + matrices.map(([m, bound]) => `the ${m} matrix of the kernel has rank at most ${bound}`).join(" and "),
    per + matrices.map(([m, bound]) => `rank ${m} ≤ ${bound}`).join(", "),
  ]];
}

/** The matrices whose ranks decide, once each, with the smallest bound of the cuts that give it. */
function unfoldings(net, cuts) {
  const found = new Map();
  for (const { rows, columns, bonds } of cuts) {
    const turned = `${columns}|${rows}`, key = found.has(turned) ? turned : `${rows}|${columns}`;
    const bound = net.extent(bonds), known = found.get(key);
    if (known) known.bound = min(known.bound, bound);
    else found.set(key, { rows, columns, bound, most: largest(net, { rows, columns }) });
  }
  return [...found.values()];
}

const eachOf = (kept) =>
  kept.length ? `for each ${kept.map((x) => `${LETTERS[x] ?? x} ${x}`).join(" and ")}, ` : "";

const tuple = (letters) => (letters.length === 1 ? letters[0] : `(${letters.join(", ")})`);

const listed = (names) =>
  names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names.join();

/** Per kept value: weights, less one basis change per bond and one scale per extra part. */
function forestDimension(net) {
  const sizes = clipped(net);
  const weights = net.nodes.reduce((total, _, n) => total + weightsOf(net, n, sizes), 0n);
  const gauge = net.bonds.reduce((total, bond) => total + sizes.get(bond) ** 2n, 0n);
  return net.extent(net.kept) * (weights - gauge - BigInt(net.parts.length - 1));
}

function weightsOf(net, number, sizes, but) {
  return net.bonds.reduce(
    (total, bond) => (bond.nodes.includes(number) && bond !== but ? total * sizes.get(bond) : total),
    net.extent(net.open([number])),
  );
}

/** Bonds that are larger than the rest of what they join are clipped, until none is. */
function clipped(net) {
  let sizes = new Map(net.bonds.map((bond) => [bond, net.extent(bond.letters)]));
  for (;;) {
    const smaller = new Map(net.bonds.map((bond) => [
      bond, min(sizes.get(bond), ...bond.nodes.map((n) => weightsOf(net, n, sizes, bond))),
    ]));
    if (net.bonds.every((bond) => smaller.get(bond) === sizes.get(bond))) return sizes;
    sizes = smaller;
  }
}

/** At most all entries, and at most R of the dimension of an outer product (or all weights). */
function upperBound(net) {
  const kept = net.extent(net.kept), entries = kept * everything(net), bond = star(net);
  if (!bond) return min(entries, net.nodes.reduce((total, node) => total + net.extent(node), 0n));
  const total = sides(net).reduce((a, b) => a + b, 0n) - BigInt(net.nodes.length - 1);
  return min(entries, kept * net.extent(bond.letters) * total);
}
