// How a layer and its numbers read in a sentence.

import { GRAMMAR } from "./grammar.js";
import { figures, Fraction, thousands } from "./numbers.js";

/** A sentence of Python's with its {holes} filled in. */
export const filled = (template, given) => template.replace(/\{(\w+)\}/g, (_, name) => String(given[name]));

/** A layer in one line, as the command line words it. */
export function layerWords(layer) {
  const unusual = (name, values, usual = 1n) =>
    (values.some((value) => value !== usual) ? [`${name} ${together(values)}`] : []);
  const margins = layer.padding.map(([before, after]) => (before === after ? `${before}` : `${before}:${after}`));
  return [
    `${layer.image.join("×")} image, ${layer.in} → ${layer.out} channels`,
    `kernel ${layer.kernel.join("×")}`,
    ...unusual("stride", layer.stride),
    ...unusual("dilation", layer.dilation),
    `padding ${together(margins)}`,
    ...unusual("groups", [layer.groups]),
    GRAMMAR.biased[layer.biased],
    ...(layer.transposed ? ["transposed"] : []),
    ...unusual("output padding", layer.output_padding, 0n),
  ].join(", ");
}

/** One value for all axes if they agree, else one for each. */
const together = (values) => (new Set(values).size === 1 ? `${values[0]}` : values.join("×"));

/** The MACs of a layer set against those of the standard one. */
export function comparison(share) {
  const { numerator, denominator } = share;
  if (numerator === denominator) return "as many MACs as the standard layer";
  if (numerator >= 2n * denominator) return `${figures(share.toNumber())} times the MACs of the standard layer`;
  return `${share} of the MACs of the standard layer, ${difference(share)}`;
}

/** How a share of the standard convolution reads. */
export function difference(share) {
  const { numerator, denominator } = share;
  if (numerator === denominator) return "the same";
  if (numerator >= 2n * denominator) return `${figures(share.toNumber())} times as much`;
  const gap = numerator < denominator ? denominator - numerator : numerator - denominator;
  return `${figures(new Fraction(100n * gap, denominator).toNumber())} % ${numerator < denominator ? "less" : "more"}`;
}

/** While which width a family has fewer MACs than standard. */
export function saving(edge) {
  if (!edge) return "";
  return edge.at_most ? `${edge.size} ≤ ${thousands(edge.at_most)}` : `no ${edge.size}`;
}
