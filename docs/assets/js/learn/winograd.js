// Winograd's F(2, 3): two outputs of three taps with four multiplications.
import { define, heat, html, live, number } from "./widgets.js";

const STEPS = [0, 1, 2, 3, 4, -4, -3, -2, -1];
const times = (rows, vector) => rows.map((row) => row.reduce((sum, weight, n) => sum + weight * vector[n], 0));

/** Two outputs, straight from the sum and by four products. */
export function both(d, g, { B, A, twice }) {
  const inputs = times(B, d);
  const weights = times(twice, g).map((value) => value / 2);
  const products = inputs.map((value, n) => value * weights[n]);
  const direct = [0, 1].map((y) => g.reduce((sum, weight, u) => sum + weight * d[y + u], 0));
  return { inputs, weights, products, outputs: times(A, products), direct };
}

const signed = (value) => (value < 0 ? `(${number(value)})` : number(value));

class Winograd {
  constructor(facts) {
    Object.assign(this, { facts, d: [...facts.d], g: [...facts.g] });
    this.grids = {
      d: heat({ name: "Four pixels d", rows: [this.d], press: (_, x) => this.press("d", x), kind: "small" }),
      g: heat({ name: "Three weights g", rows: [this.g], press: (_, x) => this.press("g", x), kind: "small" }),
    };
    this.direct = html("p", { class: "sum-line" });
    this.four = html("p", { class: "sum-line" });
    this.result = html("p", { class: "sum-line" });
    this.said = live();
    this.element = html(
      "div",
      { class: "winograd" },
      html("div", { class: "grids" }, html("div", {}, html("p", { class: "head" }, "Four pixels: press"), this.grids.d.element), html("div", {}, html("p", { class: "head" }, "Three weights: press"), this.grids.g.element)),
      html("p", { class: "head" }, "Six products"),
      this.direct,
      html("p", { class: "head" }, "Four products"),
      this.four,
      this.result,
      this.said.element,
    );
    this.update();
  }

  press(name, x) {
    this[name][x] = STEPS[(STEPS.indexOf(this[name][x]) + 1) % STEPS.length];
    this.update();
  }

  update() {
    for (const name of ["d", "g"]) {
      this.grids[name].fill([this[name]]);
      this[name].forEach((value, x) => this.grids[name].cell(0, x).firstElementChild.setAttribute("aria-label", `${name}${x} = ${number(value)}`));
    }
    const { inputs, weights, products, outputs, direct } = both(this.d, this.g, this.facts);
    const lines = (rows) => rows.flatMap((row, n) => (n ? [html("br"), row] : [row]));
    this.direct.replaceChildren(...lines(direct.map((value, y) => `y${y} = ${this.g.map((weight, u) => `${signed(weight)}·${signed(this.d[y + u])}`).join(" + ")} = ${number(value)}`)));
    this.four.replaceChildren(...lines(products.map((value, n) => `m${n} = ${signed(inputs[n])} · ${signed(weights[n])} = ${number(value)}`)));
    const [p, q, r, s] = products.map(signed);
    this.result.replaceChildren(...lines([`y0 = m0 + m1 + m2 = ${p} + ${q} + ${r} = ${number(outputs[0])}`, `y1 = m1 − m2 − m3 = ${q} − ${r} − ${s} = ${number(outputs[1])}`]));
    this.said.say(html("strong", {}, "The same two outputs"), ", with two multiplications fewer and some additions more.");
  }
}

define("learn-winograd", (facts) => new Winograd(facts).element);
