// Counting: the taps of one window on a small image, and how many of them meet a pixel.
import { bars, choice, controls, define, html, live, number, player, slider, svg } from "./widgets.js";

const CELL = 12;

class Counting {
  constructor({ side, taps, spent, output }) {
    Object.assign(this, { side, taps, spent, output });
    this.dilation = 1;
    this.bias = false;
    this.pixel = 0;
    this.field = svg("svg", { role: "img" });
    this.padding = svg("rect", { class: "padding" });
    this.cells = svg("g");
    this.dots = svg("g");
    this.field.append(this.padding, this.cells, this.dots);
    this.steps = html("ol", { class: "steps-of-output" });
    this.bars = html("div");
    this.said = live();
    this.player = player({ label: "Output", count: side * side, say: (n) => this.at(n).join(", "), onStep: (n) => this.go(n) });
    this.element = html(
      "div",
      { class: "counting" },
      controls(
        slider({ label: "Dilation = padding", min: 1, max: spent.length, value: 1, onInput: (d) => this.set({ dilation: d }) }),
        choice({ label: "Bias", options: [[false, "no"], [true, "yes"]], value: false, onChange: (bias) => this.set({ bias }) }),
      ),
      this.player.element,
      html("div", { class: "two-up" }, html("div", {}, this.field), html("div", {}, this.steps, this.bars, this.said.element)),
    );
    this.set({});
  }

  at(n) {
    return [Math.floor(n / this.side), n % this.side];
  }

  /** The places that the taps of an output read. */
  reads(n) {
    const [y, x] = this.at(n);
    const middle = (this.taps - 1) / 2;
    return Array.from({ length: this.taps ** 2 }, (_, t) => [
      y + this.dilation * (Math.floor(t / this.taps) - middle),
      x + this.dilation * ((t % this.taps) - middle),
    ]);
  }

  inside([y, x]) {
    return Math.min(y, x) >= 0 && Math.max(y, x) < this.side;
  }

  seen(n) {
    return this.reads(n).filter((place) => this.inside(place)).length;
  }

  set(change) {
    Object.assign(this, change);
    const d = this.dilation;
    const span = (this.side + 2 * d) * CELL;
    const [start, whole] = [-d * CELL - 1, span + 2];
    this.field.setAttribute("viewBox", `${start} ${start} ${whole} ${whole}`);
    for (const [name, value] of Object.entries({ x: -d * CELL, y: -d * CELL, width: span, height: span })) this.padding.setAttribute(name, value);
    this.cells.replaceChildren(
      ...Array.from({ length: this.side ** 2 }, (_, n) => {
        const [y, x] = this.at(n);
        const seen = this.seen(n);
        return svg(
          "g",
          {},
          svg("rect", { class: "pixel", x: x * CELL, y: y * CELL, width: CELL, height: CELL, "--share": `${Math.round((100 * seen) / this.taps ** 2)}%` }),
          svg("text", { x: (x + 0.5) * CELL, y: (y + 0.5) * CELL + 2.2 }, seen),
        );
      }),
    );
    const { dense, inside } = this.spent[d - 1];
    this.bars.replaceChildren(
      bars([
        { name: "products", value: dense },
        { name: "with a pixel", value: inside, kind: "chosen" },
      ]),
    );
    const share = Math.round((100 * (dense - inside)) / dense);
    this.said.say(`The whole layer: ${number(dense)} products, `, html("strong", {}, `${number(inside)} with a pixel`), `; ${share} % multiply a zero of the padding.`);
    this.field.setAttribute("aria-label", `${this.side} × ${this.side} outputs, in each the number of taps that meet a pixel at dilation ${d}`);
    this.go(this.pixel);
  }

  go(n) {
    this.pixel = n;
    const [row, column] = this.at(n);
    this.dots.replaceChildren(
      svg("rect", { class: "window-here", x: column * CELL, y: row * CELL, width: CELL, height: CELL }),
      ...this.reads(n).map(([y, x]) => svg("circle", { class: this.inside([y, x]) ? "tap-in" : "tap-out", cx: (x + 0.5) * CELL, cy: (y + 0.5) * CELL, r: CELL * 0.42 })),
    );
    const { products, additions, additions_with_bias: biased } = this.output;
    const added = this.bias ? biased : additions;
    const seen = this.seen(n);
    this.steps.replaceChildren(
      html("li", {}, `${products} taps, so ${products} products: ${seen} with a pixel, ${products - seen} with a zero`),
      html("li", {}, `${additions} additions to add up ${products} numbers`, this.bias && `, 1 more for the bias: ${biased}`),
      html("li", {}, html("strong", {}, `${products + added} operations`), this.bias ? `: twice the ${products} MACs` : `: twice the ${products} MACs, less one`),
    );
  }
}

define("learn-counting", (facts) => new Counting(facts).element);
