// Where equality breaks: two stages and one convolution on a small image, and where they differ.
import { choice, controls, define, heat, html, live } from "./widgets.js";

const STRIDES = { none: [[1, 1], [1, 1]], split: [[2, 1], [1, 2]], last: [[1, 1], [2, 2]], first: [[2, 2], [1, 1]] };

/** What lies at a place of a line that may be outside it: pad is a number, or "edge". */
const at = (line, place, pad) =>
  place >= 0 && place < line.length ? line[place] : pad === "edge" ? line[Math.min(Math.max(place, 0), line.length - 1)] : pad;

const places = (count, stride) => Array.from({ length: Math.ceil(count / stride) }, (_, n) => n * stride);
const columnsOf = (rows) => rows[0].map((_, x) => rows.map((row) => row[x]));

/** Every stride-th result of a filter along a line, same padding. */
const along = (line, filter, stride, pad) =>
  places(line.length, stride).map((place) =>
    filter.reduce((sum, weight, tap) => sum + weight * at(line, place + tap - (filter.length - 1) / 2, pad), 0),
  );

const every = (rows, [down, across]) => places(rows.length, down).map((y) => places(rows[0].length, across).map((x) => rows[y][x]));

/** The column filter, then the row filter; and the convolution with their product. */
export function compare({ image, column, row, bias, padding, relu, stride }) {
  const [first, last] = STRIDES[stride];
  const pad = padding === "edge" ? "edge" : padding === "ones" ? 1 : 0;
  const act = (value) => (relu ? Math.max(0, value) : value);
  const filtered = columnsOf(columnsOf(image).map((line) => along(line, column, first[0], pad)));
  const middle = every(filtered, [1, first[1]]).map((line) => line.map((value) => act(value + bias)));
  const around = padding === "repaired" ? act(bias) : pad;
  const chain = every(middle, [last[0], 1]).map((line) => along(line, row, last[1], around));

  const total = bias * row.reduce((a, b) => a + b, 0);
  const step = [first[0] * last[0], first[1] * last[1]];
  const vertical = columnsOf(image).map((line) => along(line, column, step[0], pad));
  // outside the image the two-dimensional padding: what the column filter makes of it
  const outer = pad === "edge" ? "edge" : pad * column.reduce((a, b) => a + b, 0);
  const single = columnsOf(vertical).map((line) => along(line, row, step[1], outer).map((value) => value + total));
  const gap = chain.map((line, y) => line.map((value, x) => value - single[y][x]));
  const outputs = single.length * single[0].length;
  const reads = places(middle[0].length, last[1]).map((x) => [x - (row.length - 1) / 2, x + (row.length - 1) / 2]);
  const missing = reads.map(([from, to]) => from < 0 || to >= middle[0].length); // whose window leaves the middle image
  const products = [column.length * middle.length * middle[0].length + row.length * outputs, column.length * row.length * outputs];
  return { middle, around, chain, single, gap, missing, products };
}

class Breaks {
  constructor(facts) {
    this.facts = facts;
    this.image = facts.image.map((line) => [...line]);
    this.size = this.image.length;
    this.set = { bias: true, relu: false, padding: "zeros", stride: "none" };
    const empty = (extra = 0) => Array.from({ length: this.size }, () => Array(this.size + extra).fill(null));
    this.grids = {
      image: heat({ name: "Image", rows: this.image, press: (y, x) => this.press(y, x), kind: "small" }),
      middle: heat({ name: "Middle image with its padding", rows: empty(2), kind: "small" }),
      chain: heat({ name: "Two stages", rows: empty(), kind: "small" }),
      single: heat({ name: "One convolution", rows: empty(), kind: "small" }),
      gap: heat({ name: "Difference", rows: empty(), kind: "small gap" }),
    };
    this.said = live();
    this.reasons = html("ul", { class: "reasons" });
    const titles = { image: "Image: press a pixel", middle: "Middle image", chain: "Two stages", single: "One convolution", gap: "Difference" };
    const pick = (label, name, options) => choice({ label, options, value: this.set[name], onChange: (value) => this.change({ [name]: value }) });
    this.element = html(
      "div",
      { class: "breaks" },
      controls(
        pick("Bias between", "bias", [[false, "no"], [true, "yes"]]),
        pick("ReLU between", "relu", [[false, "no"], [true, "yes"]]),
        pick("Padding", "padding", [["zeros", "zeros"], ["edge", "edge repeated"], ["ones", "ones"], ["repaired", "zeros, then the bias"]]),
        pick("Stride", "stride", [["none", "1"], ["split", "2, split by axis"], ["last", "2, all in the second"], ["first", "2, all in the first"]]),
      ),
      [["image", "middle"], ["chain", "single", "gap"]].map((names) =>
        html("div", { class: "grids" }, names.map((name) => html("div", { class: `of-${name}` }, html("p", { class: "head" }, titles[name]), this.grids[name].element))),
      ),
      this.said.element,
      this.reasons,
    );
    this.update();
  }

  press(y, x) {
    this.image[y][x] = (this.image[y][x] + 1) % (this.facts.top + 1);
    this.update();
  }

  change(next) {
    Object.assign(this.set, next);
    this.update();
  }

  update() {
    const { column, row, bias, words } = this.facts;
    const found = compare({ image: this.image, column, row, ...this.set, bias: this.set.bias ? bias : 0 });
    const wide = found.middle.map((line) => [at(line, -1, found.around), ...line, at(line, line.length, found.around)]);
    const show = (name, rows, width = this.size) => {
      this.grids[name].fill(Array.from({ length: this.size }, (_, y) => Array.from({ length: width }, (_, x) => rows[y]?.[x] ?? null)));
    };
    this.grids.image.fill(this.image);
    this.image.forEach((line, y) => line.forEach((value, x) => this.grids.image.cell(y, x).firstElementChild.setAttribute("aria-label", `row ${y}, column ${x}: ${value}`)));
    show("middle", wide, this.size + 2);
    this.grids.middle.mark("outside", wide.flatMap((line, y) => [[y, 0], [y, line.length - 1]]));
    show("chain", found.chain);
    show("single", found.single);
    show("gap", found.gap);
    const differ = found.gap.flatMap((line, y) => line.flatMap((value, x) => (value ? [[y, x]] : [])));
    for (const name of ["chain", "single", "gap"]) this.grids[name].mark("differs", differ);
    const { causes, harmless } = notes(this.set);
    this.say(differ, found.gap, found.products, causes.length);
    const reached = edges(found.missing[0], found.missing.at(-1));
    this.reasons.replaceChildren(...[...causes, ...harmless].map((key) => html("li", {}, words[key].replace("{columns}", reached))));
  }

  say(differ, gap, products, causes) {
    const count = gap.length * gap[0].length;
    const verdict = differ.length ? `They differ at ${differ.length} of ${count} outputs, ${place(differ, gap)}.` : `They agree at all ${count} outputs`;
    const scope = differ.length ? "" : causes ? " of this image; on others they differ." : ", on every image.";
    this.said.say(html("strong", {}, verdict, scope), ` ${products[0]} products in two stages, ${products[1]} in one.`);
  }
}

/** Where among the outputs the differing ones are. */
function place(differ, gap) {
  const [height, width] = [gap.length, gap[0].length];
  const columns = new Set(differ.map(([, x]) => x));
  if ([...columns].every((x) => x === 0 || x === width - 1)) return `all in ${edges(columns.has(0), columns.has(width - 1))}`;
  return differ.every(([y, x]) => x === 0 || x === width - 1 || y === 0 || y === height - 1) ? "all on the border" : "also inside";
}

const edges = (first, last) => (first && last ? "the first and the last column" : `the ${first ? "first" : "last"} column`);

/** What is switched on: the keys of its words, those first that make two functions of the two sides. */
export function notes({ bias, relu, padding, stride }) {
  const causes = [];
  const harmless = [];
  if (relu) causes.push("relu");
  if (padding === "ones") causes.push(bias ? "bias ones" : "ones");
  if (bias && padding === "zeros") causes.push("bias zeros");
  if (stride === "first") causes.push("first");
  if (padding === "edge") harmless.push(bias ? "bias edge" : "edge");
  if (bias && padding === "repaired") harmless.push("bias repaired");
  if (stride === "split" || stride === "last") harmless.push(stride);
  if (!causes.length && !harmless.length) harmless.push("plain");
  return { causes, harmless };
}

define("learn-breaks", (facts) => new Breaks(facts).element);
