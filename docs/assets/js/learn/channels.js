// Several channels: one kernel, its two unfoldings, and the exact rank of each.
import { integer, rank } from "../exact.js";
import { choice, controls, define, heat, html, letter, live, number } from "./widgets.js";

const STEPS = [0, 1, 2, -2, -1]; // what pressing an entry goes through
const ORDERS = [
  { title: "Column filter first", rows: ["o", "v"], columns: ["i", "u"] },
  { title: "Row filter first", rows: ["o", "u"], columns: ["i", "v"] },
];

const copy = (nested) => (Array.isArray(nested) ? nested.map(copy) : nested);

class Channels {
  constructor({ presets }) {
    this.presets = presets;
    this.kernelBox = html("div", { class: "kernel-blocks" });
    this.matrices = html("div", { class: "grids unfoldings" });
    this.said = live();
    this.picker = choice({
      label: "Kernel",
      options: presets.map(({ label }, at) => [at, label]),
      value: 0,
      onChange: (at) => this.show(at),
    });
    this.note = html("p", { class: "note" });
    this.element = html(
      "div",
      { class: "channels" },
      controls(this.picker),
      this.note,
      html("p", { class: "head" }, "Kernel K[", letter("o"), ", ", letter("i"), ", ", letter("u"), ", ", letter("v"), "]: press an entry to change it"),
      html("div", { class: "scroll" }, this.kernelBox),
      html("div", { class: "scroll" }, this.matrices),
      this.said.element,
    );
    this.show(0);
  }

  show(at) {
    this.preset = this.presets[at];
    this.K = copy(this.preset.kernel);
    this.size = this.K.length;
    this.note.textContent = `${this.preset.words[0].toUpperCase()}${this.preset.words.slice(1)}.`;
    this.drawKernel();
    this.drawMatrices();
    this.update();
  }

  over() {
    return Array.from({ length: this.size }, (_, n) => n);
  }

  drawKernel() {
    this.blocks = this.K.map((row, o) =>
      row.map((rows, i) => {
        const grid = heat({ name: `K for output channel ${o}, input channel ${i}`, rows, largest: 2, press: (u, v) => this.press(o, i, u, v), kind: "small" });
        rows.forEach((line, u) => line.forEach((_, v) => this.follow(grid.cell(u, v), [o, i, u, v])));
        return grid;
      }),
    );
    const head = [html("span"), this.over().map((i) => letter("i", `i = ${i}`))];
    const lines = this.blocks.map((row, o) => [letter("o", `o = ${o}`), row.map((grid) => grid.element)]);
    this.kernelBox.replaceChildren(...[head, lines].flat(Infinity));
    this.kernelBox.style.setProperty("--blocks", this.size);
  }

  follow(cell, at) {
    for (const [event, where] of [["pointerenter", at], ["pointerleave", null], ["focusin", at], ["focusout", null]]) {
      cell.addEventListener(event, () => this.trace(where));
    }
  }

  drawMatrices() {
    const names = this.over().flatMap((a) => this.over().map((b) => [a, b]));
    this.unfolded = ORDERS.map(({ title, rows, columns }) => {
      const grid = heat({ name: `${title}: rows ${rows.join(", ")}, columns ${columns.join(", ")}`, rows: names.map(() => names.map(() => 0)), largest: 2, kind: "small unfolded" });
      const corner = html("td", { class: "corner" });
      const heads = names.map((pair) => html("th", { scope: "col" }, columns.map((x, at) => letter(x, pair[at]))));
      grid.element.querySelector("tbody").before(html("thead", {}, html("tr", {}, corner, heads)));
      names.forEach((pair, y) => grid.cell(y, 0).before(html("th", { scope: "row" }, rows.map((x, at) => letter(x, pair[at])))));
      const rankLine = html("p", { class: "rank" });
      const legend = html("p", { class: "note" }, "rows ", letter(rows[0]), letter(rows[1]), ", columns ", letter(columns[0]), letter(columns[1]));
      return { grid, rankLine, block: html("div", {}, html("p", { class: "head" }, title), legend, grid.element, rankLine) };
    });
    this.matrices.replaceChildren(...this.unfolded.map(({ block }) => block));
  }

  /** Where entry (o, i, u, v) stands in either matrix. */
  place([o, i, u, v], order) {
    const at = { o, i, u, v };
    const [row, column] = [order.rows, order.columns].map(([a, b]) => at[a] * this.size + at[b]);
    return [row, column];
  }

  matrix(order) {
    const rows = this.over().flatMap(() => this.over().map(() => []));
    for (const o of this.over()) for (const i of this.over()) for (const u of this.over()) for (const v of this.over()) {
      const [y, x] = this.place([o, i, u, v], order);
      rows[y][x] = this.K[o][i][u][v];
    }
    return rows;
  }

  press(o, i, u, v) {
    const now = STEPS.indexOf(this.K[o][i][u][v]);
    this.K[o][i][u][v] = STEPS[(now + 1) % STEPS.length];
    this.note.textContent = "A kernel of yours.";
    this.update();
  }

  trace(at) {
    ORDERS.forEach((order, n) => this.unfolded[n].grid.mark("lit", at ? [this.place(at, order)] : []));
  }

  update() {
    this.blocks.forEach((row, o) => row.forEach((grid, i) => {
      grid.fill(this.K[o][i]);
      grid.element.querySelectorAll("button").forEach((button, n) => {
        const [u, v] = [Math.floor(n / this.size), n % this.size];
        button.setAttribute("aria-label", `K[${o}, ${i}, ${u}, ${v}] = ${number(this.K[o][i][u][v])}`);
      });
    }));
    const ranks = ORDERS.map((order, n) => {
      const rows = this.matrix(order);
      this.unfolded[n].grid.fill(rows);
      return rank(rows.map((row) => row.map(integer)));
    });
    ranks.forEach((found, n) => {
      const weights = found * this.preset.weights[n];
      this.unfolded[n].rankLine.replaceChildren("rank ", html("strong", {}, found), `: ${weights} weights (K has ${this.preset.whole})`);
    });
    const [column, row] = ranks;
    const middle = (count) => (count === 1 ? "1 middle channel" : `${count} middle channels`);
    this.said.say(
      column === row
        ? `Either order needs ${middle(column)}.`
        : `Column first needs ${middle(column)}, row first ${row}. The same ${this.preset.whole} numbers, in other places.`,
    );
  }
}

define("learn-channels", (facts) => new Channels(facts).element);
