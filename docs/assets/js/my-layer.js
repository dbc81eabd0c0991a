// The layer that a reader entered: in the address of a page, else from the page before, and how it is written elsewhere.

import { addressed } from "./embed.js";
import { unusual, USUAL } from "./read-layer.js";

const KEPT = "separable-layer";

/** What happens to a window when a layer is entered. */
export const ENTERED = "separable-layer-entered";

/** The words of the fields that an address holds; nothing for others. */
export function wordsOf(search) {
  const given = new URLSearchParams(search);
  const named = Object.keys(USUAL).filter((name) => given.has(name));
  return Object.fromEntries(named.map((name) => [name, given.get(name).slice(0, 200)]));
}

/** The layer of the address, else the one that was entered last, else null. */
export function recalled(search) {
  const here = wordsOf(search);
  if (Object.keys(here).length) return here;
  try {
    const words = wordsOf(sessionStorage.getItem(KEPT) ?? "");
    return Object.keys(words).length ? words : null;
  } catch {
    return null; // no storage for this page
  }
}

/** Remember a layer for the pages that follow. */
export function remember(words) {
  try {
    sessionStorage.setItem(KEPT, queryOf(unusual(words)));
  } catch {
    // no storage for this page
  }
}

/** The layer that a reader has entered on a page: kept, written into its address, and announced as ENTERED. */
export function enter(words) {
  remember(words);
  const others = [...new URLSearchParams(location.search)].filter(([name]) => !(name in USUAL) && name !== "embed");
  const query = addressed(queryOf([...others, ...unusual(words)]));
  if (query !== location.search) history.replaceState(history.state, "", `${location.pathname}${query}${location.hash}`);
  dispatchEvent(new Event(ENTERED));
}

/** Go on with the opening layer. */
export function forget() {
  remember(USUAL);
}

/** The pairs of an address for fields that are not as usual. */
export const pairsOf = unusual;

/** An address's query from pairs, commas and colons left readable; "" for none. */
export function queryOf(pairs) {
  const text = new URLSearchParams(pairs).toString().replace(/%2C/g, ",").replace(/%3A/g, ":").replace(/%3B/g, ";");
  return text && `?${text}`;
}

/** A layer as Python: derive.layer(image=(128, 128), channels=(3, 8), kernel=3). */
export function python(layer) {
  const margin = ([before, after]) => (before === after ? `${before}` : `(${before}, ${after})`);
  const sizes = (name, values, usual) => (values.every((value) => value === usual) ? [] : [`${name}=${each(values)}`]);
  const same = layer.padding.every(([before, after], n) => {
    const total = layer.dilation[n] * (layer.kernel[n] - 1n);
    return before === total / 2n && after === total - total / 2n;
  });
  const words = [
    `image=${tuple(layer.image)}`, `channels=(${layer.in}, ${layer.out})`, `kernel=${each(layer.kernel)}`,
    ...sizes("stride", layer.stride, 1n), ...sizes("dilation", layer.dilation, 1n),
    ...(same ? [] : [`padding=${tuple(layer.padding.map(margin))}`]),
    ...(layer.groups === 1n ? [] : [`groups=${layer.groups}`]),
    ...{ none: [], last: ['bias="last"'], all: ["bias=True"] }[layer.biased], ...(layer.transposed ? ["transposed=True"] : []),
    ...sizes("output_padding", layer.output_padding, 0n),
    ...(layer.bytes_per_number === 4n ? [] : [`bytes_per_number=${layer.bytes_per_number}`]),
  ];
  return `derive.layer(${words.join(", ")})`;
}

/** The widths, multipliers and ranks of a comparison as Python's keywords. */
export function pythonChoices({ widths, multipliers, ranks }) {
  const one = (rank) => (typeof rank === "bigint" ? `${rank}`
    : `{${Object.entries(rank).map(([bond, number]) => `"${bond}": ${number}`).join(", ")}}`);
  return [["middle", widths], ["multiplier", multipliers], ["rank", ranks]]
    .filter(([, numbers]) => numbers.length)
    .map(([name, numbers]) => `, ${name}=[${numbers.map(one).join(", ")}]`).join("");
}

const tuple = (values) => `(${values.join(", ")}${values.length === 1 ? "," : ""})`;
const each = (values) => (values.every((value) => value === values[0]) ? `${values[0]}` : tuple(values));
