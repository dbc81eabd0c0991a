// The kernel lab: what is typed, painted or chosen is decided exactly, taken apart and put to work.
import { added, balanced, decompose, missed, nearest } from "./kernel/spectrum.js";
import { BadInput, exact, MOST, readKernel, texts, wholeNumber, written } from "./kernel/words.js";
import { brief, dressed, figures, heat, make, number } from "./kernel/heat.js";
import { absolute, compare, determinant, divide, floats, multiply, part, product, rank, same, skeleton, sum, terms, text, toFloat, transpose, violatingMinor } from "./exact.js";
import { full, twoPasses } from "./kernel/cost.js";
import { Grid } from "./kernel/grid.js";
import { Picture } from "./kernel/picture.js";
import { widths, widthsShown } from "./kernel/widths.js";
import { percent } from "./kernel/curve.js";
import { CodePanel } from "./line/code.js";
import { factsOf, replace } from "./dom.js";
import { addressed } from "./embed.js";
import { watchAnswers } from "./answers.js";
import { pairsOf, queryOf, wordsOf } from "./my-layer.js";
import { layerFold } from "./layer-fold.js";

const KERNELS = new URL("../kernels.json", import.meta.url);
const NAMES = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen"];
const [ZERO, ONE] = [exact("0"), exact("1")];
const PAUSE = 120; // milliseconds
const OF_KERNEL = ["image", "stride", "dilation", "padding", "bytes", "output_padding", "bias", "transposed"]; // of the reader's layer
const SINGLE = { in: "1", out: "1", groups: "1" }; // a kernel has one channel
const RANDOM = 3; // largest factor in size
const list = (indices) => indices.join(", ");
const several = (count, one, more = `${one}s`) => `${count} ${count === 1 ? one : more}`;

// A kernel: exact entries, the words they were written in, and its name if it is one of the gallery.
// `ideal` is the rank of its formula, if it is sampled from one.
const state = (rows, words = texts(rows), name = "", ideal = null) => ({ rows, words, name, ideal });

class KernelLab extends HTMLElement {
  connectedCallback() {
    if (this.started) return;
    this.started = true;
    this.preset = this.querySelector("#kl-preset");
    this.text = this.querySelector("#kl-text");
    this.fields = Object.fromEntries(["rows", "columns", "brush", "factor", "rank", "near"].map((name) => [name, this.querySelector(`#kl-${name}`)]));
    this.hints = { text: this.part("text").textContent, cell: this.part("cell").textContent, tool: "" };
    this.grid = new Grid(this.querySelector("table.edit"), (y, x, word) => this.cell(y, x, word), (text) => this.pasted(text));
    this.picture = new Picture(this.querySelector(".kl-picture"));
    this.files = new CodePanel({
      titles: factsOf(this).files, framework: "pytorch", label: "file", start: "Write the files", asked: () => this.asked(),
      answered: ({ relative_error: error }) => this.say("checked", `Multiplied back exactly, these factors ${error ? `have a relative error of ${percent(error)}` : "are the kernel"}.`),
      outdated: () => this.say("checked", ""),
    });
    this.querySelector("[data-take]").replaceChildren(this.files.element);
    this.layer = layerFold({ names: OF_KERNEL, fixed: () => ({ ...SINGLE, kernel: sidesOf(this.kernel?.rows) }), worded: plainly, good: () => this.showLayer(this.kept) });
    this.querySelector("[data-fold]").append(this.layer.element);
    watchAnswers(this);
    setTimeout(() => this.isConnected && this.open()); // in a task of its own: a key that is pressed meanwhile waits for one only
  }

  part(name) {
    return this.querySelector(`[data-say="${name}"]`);
  }

  say(name, words) {
    const element = this.part(name);
    if (element.textContent !== words) element.textContent = words;
  }

  listen() {
    this.preset.addEventListener("change", () => this.preset.value && this.choose(this.preset.value));
    this.text.addEventListener("input", () => this.read(this.text.value));
    for (const name of ["rows", "columns"]) this.fields[name].addEventListener("input", () => this.resize(name));
    this.fields.brush.addEventListener("input", () => this.brush());
    this.fields.near.addEventListener("input", () => this.showNearest());
    const actions = { paint: this.paint, scale: this.scale, random: this.random, transpose: this.turn, copy: this.copy };
    for (const button of this.querySelectorAll("[data-do]")) {
      button.addEventListener("click", () => actions[button.dataset.do].call(this, button));
    }
    for (const [field, action] of [["factor", this.scale], ["rank", this.random]]) {
      this.fields[field].addEventListener("keydown", (event) => event.key === "Enter" && action.call(this));
    }
  }

  // Do some work that may refuse what a field holds: then say so next to it and change nothing.
  attempt(place, field, work) {
    try {
      work();
      field.removeAttribute("aria-invalid");
      this.hint(place);
      return "";
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      field.setAttribute("aria-invalid", "true");
      this.complain(place, error.message);
      return error.message;
    }
  }

  // A kernel in text.
  read(text) {
    return this.attempt("text", this.text, () => {
      const { rows, words } = readKernel(text);
      this.show(state(rows, words));
    });
  }

  // Rows pasted into a cell are a kernel; the field above has them if they are refused.
  pasted(text) {
    if (this.read(text)) this.text.value = text;
  }

  hint(place) {
    this.say(place, this.hints[place]);
    this.part(place).classList.remove("complaint");
  }

  complain(place, words) {
    this.say(place, `${words[0].toUpperCase()}${words.slice(1)}. The last kernel is kept.`);
    this.part(place).classList.add("complaint");
  }

  // The kernel of the address: ?k=1,2,1;2,4,2;1,2,1 or ?name=sobel.
  open() {
    this.listen();
    const asked = new URLSearchParams(location.search);
    const shown = [...this.querySelectorAll("table.edit tbody tr")].map((row) => [...row.querySelectorAll("input")].map((input) => input.value));
    this.show(state(shown.map((row) => row.map(exact)), shown, this.preset.value), { quiet: true });
    if (asked.has("name")) this.choose(asked.get("name"), "the name in the address");
    else if (asked.has("k")) this.pasted(asked.get("k"));
  }

  async choose(name, where = "the name") {
    this.chosen = name;
    let known;
    try {
      this.gallery ??= await (await fetch(KERNELS)).json();
      known = this.gallery;
    } catch {
      this.refuseName("the gallery could not be loaded: try again, or type the rows");
      return;
    }
    if (this.chosen !== name) return;
    if (!Object.hasOwn(known, name)) {
      this.refuseName(`${where} is '${name.slice(0, 40)}', which the gallery does not have: choose one from the list`);
      return;
    }
    const { entries, ideal_rank: ideal } = known[name];
    this.show(state(entries.map((row) => row.map(exact)), entries, name, ideal));
  }

  refuseName(words) {
    this.preset.setAttribute("aria-invalid", "true");
    this.complain("text", words);
  }

  // Every way to change the kernel ends here.
  show(next, { quiet = false } = {}) {
    this.kernel = next;
    const { rows, words, name } = next;
    this.found = decide(rows);
    if (!quiet) this.chosen = name;
    this.preset.value = name;
    this.preset.removeAttribute("aria-invalid");
    if (document.activeElement !== this.text || this.text.getAttribute("aria-invalid")) this.rewrite(this.text, written(words), "text");
    for (const name of ["brush", "factor", "rank"]) this.fields[name].removeAttribute("aria-invalid");
    this.rewrite(this.fields.rows, String(rows.length), "tool");
    this.rewrite(this.fields.columns, String(rows[0].length), "tool");
    const { minor, parts, size } = this.found;
    this.grid.show(next, { marked: minor, edges: size === 1 ? (isLong(parts[0]) ? normalised(parts[0]) : parts[0]) : null });
    this.grid.setBrush(this.grid.brush);
    if (!this.grid.inputs.flat().some((input) => input.getAttribute("aria-invalid"))) this.hint("cell");
    if (quiet) setTimeout(() => this.isConnected && this.answer()); // the page opens in short tasks
    else this.answer();
    if (!quiet) this.remember();
  }

  answer() {
    this.showVerdict();
    this.showTerms();
    this.showSpectrum();
  }

  // A field that is not being typed in follows the kernel.
  rewrite(field, words, place) {
    if (field === document.activeElement && field.value.trim() === words) return;
    if (field === document.activeElement && field !== this.text) return;
    field.value = words;
    field.removeAttribute("aria-invalid");
    this.hint(place);
  }

  // The address follows at the end of a burst of changes: browsers limit how often it may change.
  remember() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.isConnected && this.address(), PAUSE);
  }

  address() {
    const { words, name } = this.kernel;
    const query = name ? `name=${encodeURIComponent(name)}` : `k=${written(words, ",").replaceAll(" ", "").replaceAll("+", "%2B")}`;
    const layer = queryOf(pairsOf(wordsOf(location.search))).replace("?", "&"); // what the address says of it stays
    history.replaceState(history.state, "", `${location.pathname}${addressed(`?${query}${layer}`)}${location.hash}`);
  }

  // What the grid calls with a word that was typed or painted.
  cell(y, x, word) {
    try {
      const value = exact(word);
      const put = (table, one) => table.map((row, v) => row.map((old, h) => (v === y && h === x ? one : old)));
      this.grid.inputs[y][x].removeAttribute("aria-invalid");
      if (this.kernel.words[y][x] === word.trim()) this.hint("cell");
      else this.show(state(put(this.kernel.rows, value), put(this.kernel.words, word.trim())));
      return "";
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      this.complain("cell", `row ${y + 1}, column ${x + 1}: ${error.message}`);
      return error.message;
    }
  }

  resize(name) {
    const field = this.fields[name];
    this.attempt("tool", field, () => {
      const asked = wholeNumber(field.value, 1, MOST, name === "rows" ? "the number of rows" : "the number of columns");
      const { rows, words } = this.kernel;
      const [height, width] = name === "rows" ? [asked, rows[0].length] : [rows.length, asked];
      const sized = (table, empty) => Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => table[y]?.[x] ?? empty));
      if (height !== rows.length || width !== rows[0].length) this.show(state(sized(rows, ZERO), sized(words, "0")));
    });
  }

  paint(button) {
    const on = this.grid.brush === null;
    if (on && this.brush(true)) return;
    if (!on) this.grid.setBrush(null);
    button.setAttribute("aria-pressed", String(on));
    this.hints.cell = on
      ? "Drag over cells to paint; or arrow keys and Space, or Shift with an arrow key."
      : "Arrow keys move, typing changes a cell, pasting rows changes all.";
    this.hint("cell");
  }

  // The value to paint with; a complaint if it is none.
  brush(start = false) {
    return this.attempt("tool", this.fields.brush, () => {
      exact(this.fields.brush.value);
      if (start || this.grid.brush !== null) this.grid.setBrush(this.fields.brush.value.trim());
    });
  }

  scale() {
    this.attempt("tool", this.fields.factor, () => {
      const factor = exact(this.fields.factor.value);
      const rows = this.kernel.rows.map((row) => row.map((x) => multiply(factor, x)));
      rows.flat().forEach((x) => exact(text(x))); // still short enough to be typed
      this.show(state(rows));
    });
  }

  random() {
    this.attempt("tool", this.fields.rank, () => {
      const [height, width] = [this.kernel.rows.length, this.kernel.rows[0].length];
      const asked = wholeNumber(this.fields.rank.value, 0, Math.min(height, width), `the rank of a ${height} × ${width} kernel`);
      this.show(state(randomOfRank(asked, height, width)));
    });
  }

  turn() {
    this.show(state(transpose(this.kernel.rows), transpose(this.kernel.words)));
  }

  async copy(button) {
    const code = this.part("command");
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(code);
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  }

  showVerdict() {
    const { rows, words, name, ideal } = this.kernel;
    const { size, minor, parts, least } = this.found;
    const all = rows.length * rows[0].length;
    this.dataset.rank = size;
    this.dataset.verdict = size > 1 ? "not exact" : "exact";
    const held = ideal ? precise(rows, size) : size;
    const rounded = held < size;
    this.dataset.floats = rounded ? "near" : "";
    const form = held > 1 ? `of rank ${held}` : "one column times one row";
    this.say("verdict", rounded ? `As floats, ${form} to the precision of float64.`
      : size > 1 ? `Not separable: rank ${size}.` : size ? "Separable: one column times one row." : "Separable: every entry is 0.");
    this.say("proof", size > 1
      ? `${rounded ? `Exactly it is not, with every float taken as the fraction that it is: its rank is ${size}. ` : ""}The framed minor of rows ${list(minor.rows)} and columns ${list(minor.columns)}, counted from 0, is not 0, as it would be for a column times a row:`
      : size
        ? `Rank 1, exactly: the column on the left times the row on top${scaleWords(parts[0].scale)} gives back all ${several(all, "entry", "entries")}.`
        : "Rank 0: a column of zeros times any row.");
    this.say("minor", minor ? minorWords(rows, minor) : "");
    this.say("rank", size < 2 ? "" : size === 2
      ? "So one column and one row are not enough; two of each are."
      : `${rounded ? `Exactly, ${NAMES[size]}` : capital(NAMES[size])} columns and rows are enough, ${NAMES[size - 1]} are not: the ${size} × ${size} minor of rows ${list(least.rows)} and columns ${list(least.columns)} is ${brief(least.value)}, not 0.`);
    this.say("rounded", !ideal ? "" : ideal === size
      ? `These are samples in float64; the formula has rank ${ideal} too.`
      : `These are samples in float64. The formula has rank ${ideal}; rounding in the last digit makes it ${size}.`);
    const width = Math.max(held, 1), cost = this.cost(width);
    this.say("cost", cost.passes < cost.full
      ? `${cost.passes} multiplications a pixel instead of ${cost.full}: ${passWords(width)}.`
      : `No saving: ${several(cost.passes, "multiplication")} a pixel as ${width > 1 ? `${NAMES[width]} columns and rows` : "a column and a row"}, ${cost.full} in full.`);
    const typed = this.source;
    const kernel = name || `${typed.startsWith("-") || typed.startsWith("−") ? "-- " : ""}"${typed}"`;
    this.say("command", width > 1 ? `derive factor --middle ${width} ${kernel}` : `derive factor ${kernel}`);
  }

  /** The kernel as Python is given it: its name, or its rows. */
  get source() {
    const { rows, words, name } = this.kernel;
    return name || written(words) + (rows.length === 1 ? ";" : "");
  }

  /** How many columns and rows are kept. */
  get kept() {
    return Math.min(Number(this.fields.near.value), Math.max(this.found.size, 1));
  }

  /** Every width with its error and cost, where there is one to choose. */
  showWidths(kept) {
    const { rows } = this.kernel, { size } = this.found;
    this.querySelector("[data-choice]").hidden = size < 2;
    if (size < 2) return;
    const found = widths(this.spectrum.values, size, [rows.length, rows[0].length]);
    replace(this.querySelector("[data-widths]"), widthsShown(found, kept, (width) => this.keep(width)));
  }

  /** The pair on the reader's layer; its formulas come when they are first needed. */
  async showLayer(kept) {
    const { rows } = this.kernel, sides = [rows.length, rows[0].length];
    const asked = (this.layered = {});
    const { onLayer } = await import("./kernel/layer.js");
    const shown = await onLayer(sides, kept, this.layer.read.fields);
    if (asked === this.layered) replace(this.querySelector("[data-layer]"), shown);
  }

  keep(width) {
    this.fields.near.value = width;
    this.showNearest();
  }

  /** What Python is asked for: the files of the columns and rows that are kept, exact where all of them are. */
  asked() {
    const { rows, name } = this.kernel;
    const given = { kernel: texts(rows), ...this.factors() };
    return ["factored", [name || "kernel", this.source, JSON.stringify(given)]];
  }

  factors() {
    const { rows } = this.kernel, { parts, size } = this.found, { kept } = this;
    if (!size) return { columns: [rows.map(() => "0")], rows: [rows[0].map(() => "0")] };
    const exactly = parts.map(({ scale, column, row }) => ({ column: column.map((x) => text(multiply(scale, x))), row: row.map(text) }));
    const short = exactly.every(({ column, row }) => [...column, ...row].every((word) => word.length <= WRITTEN));
    const shown = kept >= size && short ? exactly : balanced(this.spectrum, kept);
    return { columns: shown.map(({ column }) => column), rows: shown.map(({ row }) => row) };
  }

  cost(width) {
    const [k_h, k_w, m] = [this.kernel.rows.length, this.kernel.rows[0].length, width].map(BigInt);
    return { full: Number(full({ k_h, k_w })), passes: Number(twoPasses({ k_h, k_w, m })) };
  }

  showTerms() {
    const { rows } = this.kernel;
    const { parts, size } = this.found;
    const agree = same(rows, sum(parts.map(product), rows.length, rows[0].length));
    if (!agree) throw new Error("the factors do not multiply back");
    const all = several(rows.length * rows[0].length, "entry agrees", "entries agree");
    this.say("sum", size === 0 ? "Nothing to add up: the kernel is 0."
      : size === 1 ? `1 column times 1 row, multiplied back exactly: all ${all}.`
        : `${size} columns times ${size} rows, multiplied back and added up exactly: all ${all}.`);
    const long = parts.some(isLong);
    this.say("long", long ? "Numbers too long for a cell are shown rounded; the command line prints them in full." : "");
    this.querySelector("[data-terms]").replaceChildren(...parts.map((term, k) => drawnTerm(term, k)));
  }

  showSpectrum() {
    const { rows } = this.kernel;
    const { size } = this.found;
    this.spectrum = decompose(floats(rows));
    this.spectrum.values.fill(0, size); // exactly 0, as the rank says
    const { values } = this.spectrum;
    const bars = values.map((value) => {
      const bar = make("li", { "data-value": String(value) }, figures(value));
      bar.style.setProperty("--long", `${values[0] ? (100 * value) / values[0] : 0}%`);
      return bar;
    });
    this.querySelector("[data-bars]").replaceChildren(...bars);
    const slider = this.fields.near;
    const most = Math.max(size, 1);
    Object.assign(slider, { max: most, disabled: most === 1 });
    slider.value = Math.max(most - 1, 1);
    this.showNearest();
  }

  showNearest() {
    const { rows } = this.kernel;
    const { size, parts } = this.found;
    const { kept } = this;
    const whole = kept >= size;
    const [height, width] = [rows.length, rows[0].length];
    const pairs = whole ? parts.map(floatPair) : nearest(this.spectrum, kept);
    const near = whole ? rows : added(pairs, height, width);
    const own = floats(rows);
    const apart = whole ? rows.map((row) => row.map(() => ZERO)) : own.map((row, y) => row.map((x, z) => x - near[y][z]));
    const { error, relative } = missed(this.spectrum.values, kept);
    const cost = this.cost(kept);
    this.dataset.relativeError = relative;
    this.say("kept", `${kept} of ${Math.max(size, 1)}`);
    [...this.querySelector("[data-bars]").children].forEach((bar, k) => bar.classList.toggle("left", k >= kept && k < size));
    this.fields.near.setAttribute("aria-valuetext", `rank ${kept} of ${Math.max(size, 1)}`);
    this.say("error", size < 2 ? `The kernel has rank ${size}: there is nothing to leave out.`
      : whole ? "With all of them nothing is left out: the error is 0."
        : `Nothing of rank ${kept} comes nearer: the difference has size ${figures(error)}, the root of the sum of the squares of what is left out, ${figures(100 * relative, 3)}% of the kernel’s own size. ${cost.passes} multiplications a pixel, ${cost.full} in full.`);
    this.showWidths(kept);
    this.showLayer(kept);
    this.files.update();
    this.querySelector("[data-nearest]").replaceChildren(heat("Nearest", near));
    this.querySelector("[data-apart]").replaceChildren(heat("Difference", apart));
    this.picture.update({ kernel: own, pairs, rank: kept, ...cost });
  }
}

// Rank, outer products, and the minors that prove the rank.
function decide(rows) {
  const { rank: size, ...least } = skeleton(rows);
  return {
    size,
    parts: terms(rows),
    minor: violatingMinor(rows),
    least: { ...least, value: size ? determinant(part(rows, least.rows, least.columns)) : null },
  };
}

// The smallest rank that float64 numbers have up to their own rounding.
function precise(rows, size) {
  const { values } = decompose(floats(rows));
  const widths = Array.from({ length: size }, (_, n) => n + 1);
  return widths.find((width) => width === size || missed(values, width).relative <= PRECISION);
}

/** The sides of a kernel as the words of a layer have them. */
const sidesOf = (rows = [[ZERO]]) => `${rows.length}x${rows[0].length}`;

/** What a kernel may take of the reader's layer, in words. */
const plainly = ({ fields, layer }) => [["image", layer.image.join("×")], ...pairsOf(fields).filter(([name]) => name !== "image" && OF_KERNEL.includes(name))]
  .map(([name, text]) => (name === "transposed" ? name : `${name.replace("_", " ")} ${text}`)).join(", ");

const capital = (word) => `${word[0].toUpperCase()}${word.slice(1)}`;
const scaleWords = (scale) => (text(scale) === "1" ? "" : `, times ${brief(scale)},`);

const PRECISION = 4 * 2 ** -53; // as in derive/facts/verdict.py
const LONG = 6; // digits of an integer
const WRITTEN = 24; // characters of an exact factor in a file
const isLong = ({ column, row }) => [...column, ...row].some((x) => text(x).length > LONG);

// An outer product in smallest integers; where those are long, with a column whose largest entry is 1.
function drawnTerm(term, k) {
  const shown = isLong(term) ? normalised(term) : term;
  const before = [k ? "+" : "", text(shown.scale) === "1" ? "" : `${brief(shown.scale)} ×`].filter(Boolean).join(" ");
  const picture = heat(`Column ${k + 1} times row ${k + 1}`, product({ ...shown, scale: ONE }), shown);
  return make("div", { class: "term" }, ...(before ? [make("span", { class: "times" }, before)] : []), picture);
}

function normalised({ scale, column, row }) {
  const largest = column.map(absolute).reduce((a, b) => (compare(a, b) < 0 ? b : a));
  return { scale: ONE, column: column.map((x) => divide(x, largest)), row: row.map((x) => multiply(multiply(scale, largest), x)) };
}

const floatPair = ({ scale, column, row }) => ({ column: column.map((x) => toFloat(multiply(scale, x))), row: row.map(toFloat) });

const passWords = (size) => (size > 1
  ? `${NAMES[size]} times a pass down the columns and one along the rows`
  : "a pass down the columns, then one along the rows");

// The arithmetic of a 2 × 2 minor, entry by entry.
function minorWords(rows, { rows: [top, low], columns: [left, right], value }) {
  const entry = (y, x) => {
    const words = text(rows[y][x]).length > 8 ? number(rows[y][x]) : dressed(text(rows[y][x]));
    return words.startsWith("−") || words.includes("/") ? `(${words})` : words;
  };
  const worth = brief(value);
  return `${entry(top, left)} · ${entry(low, right)} − ${entry(top, right)} · ${entry(low, left)} ${worth.startsWith("≈") ? worth : `= ${worth}`}`;
}

function randomOfRank(asked, height, width) {
  const draw = () => exact(String(Math.floor(Math.random() * (2 * RANDOM + 1)) - RANDOM));
  const vector = (length) => Array.from({ length }, draw);
  for (;;) {
    const pairs = Array.from({ length: asked }, () => ({ scale: ONE, column: vector(height), row: vector(width) }));
    const rows = sum(pairs.map(product), height, width);
    if (rank(rows) === asked) return rows;
  }
}

if (!customElements.get("kernel-lab")) customElements.define("kernel-lab", KernelLab);
