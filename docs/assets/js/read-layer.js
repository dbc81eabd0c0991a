// A layer from the words of its fields. grammar.js is the table of derive/notation/fields.py: names, separators,
// bounds and sentences; here it is read as derive/parse/layer.py reads it.

import { AXIS, DIRECTIONS } from "./formulas.js";
import { GRAMMAR } from "./grammar.js";
import { thousands } from "./numbers.js";
import { filled } from "./text.js";

const { fields: FIELDS, messages: MESSAGES } = GRAMMAR;

/** What an empty form means, field by field. */
export const USUAL = Object.freeze(
  Object.fromEntries(Object.entries(FIELDS).map(([name, { usual }]) => [name, usual])),
);

class BadInput extends Error {}

/**
 * The layer that the words of its fields describe; a missing field is as usual.
 *
 * @param {Object<string, string>} words by the names of the table: image "128x128", in "3", padding "same", bias "yes" ...
 * @returns {{layer: Layer} | {errors: Object<string, string>}} field name to one sentence, in the order of the table.
 *
 * A Layer is what `compare --json` shows under "layer", with BigInt numbers, and `values`, the value of every symbol of
 * the formulas.
 */
export function readLayer(words) {
  const texts = { ...USUAL, ...words }, errors = {};
  const attempt = (name, work) => attempted(errors, name, work);
  const axes = stripped(texts.axes) ? attempt("axes", () => integer("axes", texts.axes, texts.axes)) : undefined;
  const image = attempt("image", () => readImage(texts.image, axes && Number(axes)));
  const count = image?.length ?? 2;
  const number = (name) => attempt(name, () => integer(name, texts[name], texts[name]));
  const sizes = (name) => attempt(name, () => forAxes(numbers(name, texts[name]), count, "count", name, texts[name]));
  const yes = (name) => attempt(name, () => readYes(name, texts[name]));
  const read = {
    image, in: number("in"), out: number("out"),
    kernel: sizes("kernel"), stride: sizes("stride"), dilation: sizes("dilation"),
    groups: number("groups"), transposed: yes("transposed"),
    biased: attempt("bias", () => readBias(texts.bias)),
    output_padding: sizes("output_padding"), bytes_per_number: number("bytes"),
  };
  read.bias = read.biased !== USUAL.bias;
  read.padding = attempt("padding", () => readPadding(texts.padding, count, read));
  const first = ordered(errors);
  if (Object.keys(first).length) return { errors: first };
  const layer = misfit(read, (name, message, given) => attempt(name, () => refuse(message, given))) && built(read);
  if (layer) layer.output.forEach((made, n) => made < 1n && attempt(...tooLarge(layer, n)));
  return Object.keys(errors).length ? { errors } : { layer };
}

/**
 * Widths, multipliers and ranks to put side by side: each a list, empty for the usual choice.
 *
 * @param {Object<string, string>} words middle "3, 8", multiplier, rank "3; P=4,Q=2".
 * @returns {{choices: Choices} | {errors: Object<string, string>}}
 *
 * Choices are {widths: [BigInt], multipliers: [BigInt], ranks: [BigInt | {P, Q, R, T}]}.
 */
export function readChoices(words) {
  const errors = {};
  const list = (name, read) => attempted(errors, name, () => read(words[name] ?? ""));
  const choices = {
    widths: list("middle", (text) => readNumbers("middle", text, words)),
    multipliers: list("multiplier", (text) => readNumbers("multiplier", text)),
    ranks: list("rank", readRanks),
  };
  return Object.keys(errors).length ? { errors } : { choices };
}

/** {layer, choices} of the words of all fields, or {errors}. */
export function understood(words) {
  const [layer, choices] = [readLayer(words), readChoices(words)];
  const errors = { ...layer.errors, ...choices.errors };
  return Object.keys(errors).length ? { errors } : { ...layer, ...choices };
}

/** Which stages have a bias: none, last or all, in any of the words for them; undefined for other words. */
export const biasOf = (text) => {
  const word = stripped(String(text)).toLowerCase();
  return Object.keys(GRAMMAR.biases).find((bias) => GRAMMAR.biases[bias].includes(word));
};

/** Whether a word says yes, as far as it is one. */
export const isYes = (text) => GRAMMAR.yes.includes(stripped(String(text)).toLowerCase());

/** The words of a field without what does not count, as an address holds them. */
export function normal(name, text) {
  if (FIELDS[name].kind === "yes") return isYes(text) ? GRAMMAR.yes[0] : "";
  const word = stripped(String(text ?? ""));
  if (FIELDS[name].kind === "bias") return biasOf(word) ?? word;
  if (!["numbers", "ranks"].includes(FIELDS[name].kind)) return word;
  return choicesOf(word).join(word.includes("=") ? GRAMMAR.choices : GRAMMAR.listed);
}

/** The choices of a list, one text each. */
const choicesOf = (text) => text.split(GRAMMAR.choices)
  .flatMap((choice) => (choice.includes("=") ? [parts(choice).join(GRAMMAR.listed)] : parts(choice)));

/** The fields that are not as usual, as the words of the command line. */
export function command(words) {
  return unusual(words).flatMap(([name, text]) => {
    const { kind, option } = FIELDS[name];
    if (kind === "yes") return [option];
    return ["numbers", "ranks"].includes(kind) ? choicesOf(text).flatMap((one) => [option, one]) : [option, plain(text)];
  });
}

/** The fields that are not as usual: [name, text]. */
export function unusual(words) {
  return Object.keys(FIELDS).map((name) => [name, normal(name, words[name] ?? USUAL[name])])
    .filter(([name, text]) => text !== USUAL[name] && text !== "");
}

/** A size as anyone can type it: blanks and signs of multiplication aside. */
const plain = (text) => split(text).map(stripped).join(GRAMMAR.separators[0]).toLowerCase();

function attempted(errors, name, work) {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    errors[name] ??= error.message;
    return undefined;
  }
}

const ordered = (errors) =>
  Object.fromEntries(Object.keys(FIELDS).filter((name) => name in errors).map((name) => [name, errors[name]]));

function refuse(message, given) {
  throw new BadInput(filled(MESSAGES[message], given));
}

function readImage(text, axes) {
  const sides = numbers("image", text), given = { word: shown(text), count: sides.length, axes: GRAMMAR.axes[axes ?? 0] };
  if (sides.length > GRAMMAR.mostAxes) refuse("sides", given);
  if (sides.length === 1) return Array(axes ?? 2).fill(sides[0]);
  if (axes !== undefined && axes !== sides.length) refuse("axes", given);
  return sides;
}

/** Before and after on every axis; `same` is d(k - 1) in all, `same-upper` the least for every stride-th pixel; the odd one after. */
function readPadding(text, count, { image, kernel, stride, dilation, transposed }) {
  const word = stripped(text).toLowerCase(), { upper, lower } = GRAMMAR;
  const ends = (total) => [total / 2n, total - total / 2n];
  if ([upper, lower].includes(word)) {
    if (transposed) refuse("upper", { word });
    if (!image || !kernel || !stride || !dilation) return undefined;
    const least = kernel.map((k, n) => ((image[n] - 1n) / stride[n]) * stride[n] + dilation[n] * (k - 1n) + 1n - image[n]);
    return least.map((total) => ends(total > 0n ? total : 0n)).map((pair) => (word === lower ? pair.reverse() : pair));
  }
  if (word === "same") return kernel && dilation && kernel.map((k, n) => ends(dilation[n] * (k - 1n)));
  if (word === "valid") return Array(count).fill([0n, 0n]);
  return forAxes(split(text).map((part) => margin(part, text)), count, "margins", "padding", text);
}

function margin(part, text) {
  const ends = part.split(":");
  if (ends.length > 2) refuse("ends", { word: shown(text) });
  const found = ends.map((end) => integer("padding", end, text));
  return [found[0], found.at(-1)];
}

function readBias(text) {
  return biasOf(text) ?? refuse("bias", { word: shown(text) });
}

function readYes(name, text) {
  const word = stripped(text).toLowerCase();
  if (![...GRAMMAR.yes, ...GRAMMAR.no].includes(word)) refuse("yes", { what: FIELDS[name].what, word: shown(text) });
  return GRAMMAR.yes.includes(word);
}

/** A width may be `in` or `out`: as many as these channels. */
function readNumbers(name, text, words = {}) {
  const named = (word) => name === "middle" && GRAMMAR.named.find((side) => side === word.toLowerCase());
  const read = (side) => integer(side, words[side] ?? USUAL[side], words[side] ?? USUAL[side]);
  return few(name, text.split(GRAMMAR.choices).flatMap(parts))
    .map((word) => (named(word) ? read(named(word)) : integer(name, word, word)));
}

function readRanks(text) {
  return few("rank", text.split(GRAMMAR.choices).flatMap((choice) => {
    const words = parts(choice);
    return words.some((word) => word.includes("=")) ? [bonds(words, choice)] : words.map((word) => rank(word, choice));
  }));
}

/** The rank of each bond, from such as P=4,Q=2. */
function bonds(words, choice) {
  const pairs = words.map((word) => {
    const at = word.indexOf("=");
    return at < 0 ? [word] : [word.slice(0, at), word.slice(at + 1)];
  });
  const found = pairs.map(([bond, value]) => [bond.toUpperCase(), rank(value ?? bond, choice)]);
  found.forEach(([bond], n) => {
    if (!GRAMMAR.bonds.includes(bond) || pairs[n].length < 2) refuse("bond", { word: shown(choice), bond: shown(pairs[n][0]) });
  });
  if (new Map(found).size < found.length) refuse("twice", { word: shown(choice) });
  return Object.fromEntries(found);
}

function rank(word, choice) {
  try {
    return integer("rank", word, word);
  } catch (error) {
    if (error instanceof BadInput) refuse("ranks", { word: shown(choice) });
    throw error;
  }
}

function few(name, words) {
  const most = GRAMMAR.mostNumbers;
  if (words.length > most) refuse("numbers", { what: FIELDS[name].what, most, count: words.length });
  return words;
}

/** One for each axis, where one stands for all. */
function forAxes(given, count, message, name, text) {
  if (![1, count].includes(given.length)) {
    const words = { count: given.length, axes: GRAMMAR.axes[count], wanted: GRAMMAR.wanted[count] };
    refuse(message, { what: FIELDS[name].what, word: shown(text), ...words });
  }
  return given.length === 1 ? Array(count).fill(given[0]) : given;
}

const numbers = (name, text) => split(text).map((part) => integer(name, part, text));

/** The number of a word, which is a part of the whole text of the field. */
function integer(name, text, whole) {
  const { what, example, least, most } = FIELDS[name], word = stripped(text);
  const given = { what, example, word: shown(word || whole), least, most: thousands(most) };
  if (!stripped(whole)) refuse("empty", given);
  if (!NUMBER.test(word)) refuse(name === "padding" ? "padding" : "integer", given);
  const digits = word.replace(/^[+-]?0*/, "") || "0";
  if (digits !== "0" && word.startsWith("-")) refuse("least", given);
  if (digits.length > String(most).length || BigInt(digits) > most) refuse("most", given);
  if (BigInt(digits) < least) refuse("least", given);
  return BigInt(digits);
}

const NUMBER = new RegExp(`^(?:${GRAMMAR.number})$`);
const EDGES = new RegExp(`^[${GRAMMAR.blanks}]+|[${GRAMMAR.blanks}]+$`, "g");
const BETWEEN = new RegExp(`[${GRAMMAR.separators}${GRAMMAR.separators.toUpperCase()}]`);
const LISTED = new RegExp(`[${GRAMMAR.listed}${GRAMMAR.blanks}]`);

const stripped = (text) => text.replace(EDGES, "");
const split = (text) => text.split(BETWEEN);
const parts = (text) => text.split(LISTED).filter(Boolean);

/** A word as a sentence repeats it: in one line, of bounded length, with what prints. */
function shown(text) {
  const letters = [...text.replace(/(?! )[\p{C}\p{Z}]/gu, "\ufffd").trim()];
  return letters.length <= GRAMMAR.longest ? letters.join("") : `${letters.slice(0, GRAMMAR.longest - 3).join("")}...`;
}

/** What of a layer fits none of its other fields; the complaints go to `say`, and true is all right. */
function misfit(read, say) {
  if (read.output_padding.some(Boolean) && !read.transposed) return say("output_padding", "extra", {});
  const beyond = read.output_padding.findIndex((extra, n) => extra >= read.stride[n]);
  if (beyond >= 0 && read.transposed) {
    return say("output_padding", "beyond", { stride: read.stride[beyond], extra: read.output_padding[beyond] });
  }
  for (const [field, side] of [["in", "input"], ["out", "output"]]) {
    if (read[field] % read.groups) return say("groups", "groups", { groups: read.groups, channels: read[field], side });
  }
  return true;
}

/** The layer with what follows from its words: outputs, and the value of every symbol. */
function built(read) {
  const names = DIRECTIONS[read.image.length];
  const values = {
    C_in: read.in, C_out: read.out, nu: read.bytes_per_number, G: read.groups,
    C_a: read.in / read.groups, C_b: read.out / read.groups,
  };
  const output = read.image.map((input, n) => {
    const axis = {
      input, kernel: read.kernel[n], stride: read.stride[n], dilation: read.dilation[n],
      before: read.padding[n][0], after: read.padding[n][1], extra: read.output_padding[n],
    };
    for (const [field, formula] of Object.entries(AXIS[read.transposed ? "transposed" : "plain"])) axis[field] = formula(axis);
    for (const [field, symbol] of Object.entries(names[n])) values[symbol] = axis[field];
    return axis.output;
  });
  return { ...read, output, values };
}

/** The field and the complaint where an output has no pixel. */
function tooLarge(layer, n) {
  const side = GRAMMAR.sides.slice(-layer.image.length)[n], [before, after] = layer.padding[n];
  if (layer.transposed) return ["padding", () => refuse("cropped", { before, after, side })];
  const [kernel, dilation] = [layer.kernel[n], layer.dilation[n]];
  const given = { kernel, dilation, span: dilation * (kernel - 1n) + 1n, side, padded: layer.image[n] + before + after };
  return ["kernel", () => refuse("window", given)];
}
