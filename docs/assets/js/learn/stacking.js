// Stacking: two 3 × 3 kernels multiply to a 5 × 5 one, and the border shows that they were two.
import { choice, controls, define, heat, html, live, number } from "./widgets.js";

const STEPS = [0, 1, 2, 3, -3, -2, -1];
const copy = (rows) => rows.map((row) => [...row]);

/** Which entries of A and B meet in entry (y, x) of the product. */
function pairsOf(A, B, y, x) {
  return A.flatMap((row, u) =>
    row.flatMap((_, v) => (B[y - u]?.[x - v] === undefined ? [] : [{ a: [u, v], b: [y - u, x - v] }])),
  );
}

export function multiply(A, B) {
  const side = A.length + B.length - 1;
  return Array.from({ length: side }, (_, y) =>
    Array.from({ length: side }, (_, x) => pairsOf(A, B, y, x).reduce((sum, { a, b }) => sum + A[a[0]][a[1]] * B[b[0]][b[1]], 0)),
  );
}

/** A square kernel on an image with that many zeros around it, at stride 1. */
export function filter(image, kernel, margin) {
  const side = image.length + 2 * margin - kernel.length + 1;
  return Array.from({ length: side }, (_, y) =>
    Array.from({ length: side }, (_, x) =>
      kernel.reduce((sum, row, u) => row.reduce((all, weight, v) => all + weight * (image[y + u - margin]?.[x + v - margin] ?? 0), sum), 0),
    ),
  );
}

class Stacking {
  constructor({ pairs, paddings, image, start }) {
    Object.assign(this, { pairs, paddings, image });
    this.pads = paddings[0].pads;
    [this.A, this.B] = [copy(pairs[start].A), copy(pairs[start].B)];
    const blank = (side) => Array.from({ length: side }, () => Array(side).fill(0));
    this.grids = {
      A: heat({ name: "First kernel A", rows: this.A, press: (y, x) => this.press("A", y, x), kind: "small" }),
      B: heat({ name: "Second kernel B", rows: this.B, press: (y, x) => this.press("B", y, x), kind: "small" }),
      K: heat({ name: "Product K", rows: blank(this.A.length + this.B.length - 1), press: (y, x) => this.trace([y, x]), kind: "small" }),
    };
    this.results = Object.fromEntries(["chain", "single", "gap"].map((name) => [name, heat({ name, rows: blank(image.length), kind: "small wide" })]));
    for (const [event, on] of [["pointerover", true], ["focusin", true], ["pointerleave", false], ["focusout", false]]) {
      this.grids.K.element.addEventListener(event, ({ target }) => {
        const cell = target.closest?.("td");
        this.trace(on && cell ? [cell.parentElement.rowIndex, cell.cellIndex] : null);
      });
    }
    this.picker = choice({ label: "Kernels", options: pairs.map(({ label }, n) => [n, label]), value: start, onChange: (n) => this.take(n) });
    this.sum = html("p", { class: "sum-line" });
    this.said = live();
    const block = (title, grid) => html("div", {}, html("p", { class: "head" }, title), grid.element);
    this.element = html(
      "div",
      { class: "stacking" },
      controls(this.picker),
      html(
        "div",
        { class: "grids product" },
        block("First kernel A", this.grids.A),
        html("span", { class: "sign", "aria-hidden": "true" }, "∗"),
        block("Second kernel B", this.grids.B),
        html("span", { class: "sign", "aria-hidden": "true" }, "="),
        block("Both at once, K", this.grids.K),
      ),
      this.sum,
      controls(choice({ label: "Zeros around the image, then around the middle one", options: paddings.map(({ label }, n) => [n, label]), value: 0, onChange: (n) => this.pad(n) })),
      html("div", { class: "grids" }, block("One after the other", this.results.chain), block("As one layer with K", this.results.single), block("Difference", this.results.gap)),
      this.said.element,
    );
    this.update();
  }

  take(n) {
    [this.A, this.B] = [copy(this.pairs[n].A), copy(this.pairs[n].B)];
    this.update();
  }

  pad(n) {
    this.pads = this.paddings[n].pads;
    this.update();
  }

  press(name, y, x) {
    const row = this[name][y];
    row[x] = STEPS[(STEPS.indexOf(row[x]) + 1) % STEPS.length];
    this.update();
  }

  update() {
    this.K = multiply(this.A, this.B);
    for (const name of ["A", "B", "K"]) {
      this.grids[name].fill(this[name]);
      this[name].forEach((row, y) => row.forEach((value, x) => this.grids[name].cell(y, x).firstElementChild.setAttribute("aria-label", `${name}, row ${y}, column ${x}: ${number(value)}`)));
    }
    const [first, last] = this.pads;
    const chain = filter(filter(this.image, this.A, first), this.B, last);
    const single = filter(this.image, this.K, first + last);
    const gap = chain.map((row, y) => row.map((value, x) => value - single[y][x]));
    Object.entries({ chain, single, gap }).forEach(([name, rows]) => this.results[name].fill(rows));
    const differ = gap.flatMap((row, y) => row.flatMap((value, x) => (value ? [[y, x]] : [])));
    for (const grid of Object.values(this.results)) grid.mark("differs", differ);
    const count = gap.length * gap[0].length;
    const ring = ([y, x]) => Math.min(y, x) === 0 || Math.max(y, x) === gap.length - 1;
    const where = differ.every(ring) ? "all in the outer ring" : "near the border";
    this.said.say(html("strong", {}, differ.length ? `They differ at ${differ.length} of ${count} pixels, ${where}.` : `They agree at all ${count} pixels.`));
    this.trace(null);
  }

  /** Light what an entry of the product is made of, and write it as a sum. */
  trace(at) {
    const pairs = at ? pairsOf(this.A, this.B, ...at) : [];
    this.grids.A.mark("lit", pairs.map(({ a }) => a));
    this.grids.B.mark("lit", pairs.map(({ b }) => b));
    this.grids.K.mark("lit", at ? [at] : []);
    const sign = (value) => (value < 0 ? `(${number(value)})` : value);
    this.sum.textContent = at
      ? `${pairs.map(({ a, b }) => `${sign(this.A[a[0]][a[1]])}·${sign(this.B[b[0]][b[1]])}`).join(" + ")} = ${number(this.K[at[0]][at[1]])}`
      : "Point at an entry of K, or tab to it, to see its sum.";
  }
}

define("learn-stacking", (facts) => new Stacking(facts).element);
