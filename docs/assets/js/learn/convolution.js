// A convolution is a sum: one output pixel, the window it reads, and its products.
import { choice, controls, define, heat, html, letter, light, live, number, player, slider } from "./widgets.js";

class Convolution {
  constructor({ image, kernels, strides, dilations, paddings }) {
    Object.assign(this, { image, kernels });
    this.size = image[0].length;
    this.taps = kernels[0][0].length;
    this.ring = paddings.at(-1);
    this.most = this.size + 2 * this.ring - this.taps + 1; // results along a side, at most
    this.at = { stride: 1, dilation: 1, padding: 1, channels: 1, o: 0 };
    this.pixel = [0, 0];

    const blank = (side) => Array.from({ length: side }, () => Array(side).fill(null));
    this.planes = image.map((_, i) => heat({ name: `Image, channel ${i}, with padding`, rows: blank(this.size + 2 * this.ring), kind: "small" }));
    this.weights = image.map((_, i) => heat({ name: `Kernel for channel ${i}`, rows: kernels[0][i], kind: "small" }));
    this.result = heat({ name: "Result", rows: blank(this.most), kind: "small" });
    this.result.element.addEventListener("pointerover", (event) => this.pointed(event));
    this.result.element.addEventListener("click", (event) => this.pointed(event));
    this.terms = html("div", { class: "terms" });
    this.formula = html("p", { class: "sum-line" });
    this.total = live({ class: "said total" });
    this.detail = html("p", { class: "note detail" });

    const set = (name) => (value) => this.set({ [name]: value });
    const range = (label, name, values) => slider({ label, min: values[0], max: values.at(-1), value: this.at[name], onInput: set(name) });
    this.player = player({
      label: "Output pixel",
      count: 1,
      say: (step) => `${Math.floor(step / this.side)}, ${step % this.side}`,
      onStep: (step) => this.look([Math.floor(step / this.side), step % this.side]),
    });
    this.blocks = this.planes.map((plane, i) =>
      html("div", {}, html("p", { class: "over" }, "Image X, ", letter("i", `i = ${i}`)), plane.element),
    );
    this.kernelBlocks = this.weights.map((grid, i) => html("div", {}, html("p", { class: "over" }, "K, ", letter("i", `i = ${i}`)), grid.element));
    this.element = html(
      "div",
      { class: "convolution" },
      controls(
        range("Stride s", "stride", strides),
        range("Dilation d", "dilation", dilations),
        range("Padding p", "padding", paddings),
        choice({ label: "Input channels", options: [[1, "1"], [2, "2"]], value: 1, onChange: set("channels") }).element,
        choice({ label: ["Output channel ", letter("o")], options: [[0, "0"], [1, "1"]], value: 0, onChange: set("o") }).element,
      ),
      this.player.element,
      html("div", { class: "grids" }, this.blocks, this.kernelBlocks, html("div", {}, (this.heading = html("p", { class: "over" })), this.result.element)),
      this.formula,
      this.terms,
      this.detail,
      this.total.element,
    );
    this.set({});
  }

  /** Results along a side: the windows that fit, counted one by one. */
  get side() {
    const { stride, dilation, padding } = this.at;
    let count = 0;
    while (stride * count + dilation * (this.taps - 1) < this.size + 2 * padding) count += 1;
    return count;
  }

  set(change) {
    Object.assign(this.at, change);
    this.pixel = this.pixel.map((place) => Math.min(place, this.side - 1));
    const { channels, o } = this.at;
    this.planes.forEach((plane, i) => {
      plane.fill(this.padded(i));
      plane.mark("outside", this.where((y, x) => this.isPadding(y, x)));
      this.blocks[i].hidden = this.kernelBlocks[i].hidden = i >= channels;
      this.weights[i].fill(this.kernels[o][i]);
    });
    this.heading.replaceChildren("Result Y, ", letter("o", `o = ${o}`), ` (${this.side} × ${this.side})`);
    this.result.fill(Array.from({ length: this.most }, (_, y) => Array.from({ length: this.most }, (_, x) => (Math.max(y, x) < this.side ? this.value(y, x) : null))));
    this.player.resize(this.side ** 2);
    this.player.go(this.pixel[0] * this.side + this.pixel[1]);
  }

  where(holds) {
    const side = this.size + 2 * this.ring;
    return Array.from({ length: side ** 2 }, (_, n) => [Math.floor(n / side), n % side]).filter(([y, x]) => holds(y - this.ring, x - this.ring));
  }

  inside(y, x) {
    return Math.min(y, x) >= 0 && Math.max(y, x) < this.size;
  }

  isPadding(y, x) {
    const { padding } = this.at;
    return !this.inside(y, x) && Math.min(y, x) >= -padding && Math.max(y, x) < this.size + padding;
  }

  padded(i) {
    const side = this.size + 2 * this.ring;
    return Array.from({ length: side }, (_, y) => Array.from({ length: side }, (_, x) => this.entry(i, y - this.ring, x - this.ring)));
  }

  entry(i, y, x) {
    return this.inside(y, x) ? this.image[i][y][x] : this.isPadding(y, x) ? 0 : null;
  }

  /** The products of one output pixel, in the order of the sum. */
  products(y, x) {
    const { stride, dilation, padding, channels, o } = this.at;
    const found = [];
    for (let i = 0; i < channels; i += 1) {
      for (let u = 0; u < this.taps; u += 1) {
        for (let v = 0; v < this.taps; v += 1) {
          const place = [stride * y + dilation * u - padding, stride * x + dilation * v - padding];
          found.push({ i, u, v, place, weight: this.kernels[o][i][u][v], pixel: this.entry(i, ...place) });
        }
      }
    }
    return found;
  }

  value(y, x) {
    return this.products(y, x).reduce((sum, { weight, pixel }) => sum + weight * pixel, 0);
  }

  pointed(event) {
    const cell = event.target.closest("td");
    if (!cell || cell.classList.contains("none")) return;
    this.player.go(cell.parentElement.rowIndex * this.side + cell.cellIndex);
  }

  look(pixel) {
    this.pixel = pixel;
    const products = this.products(...pixel);
    this.result.mark("here", [pixel]);
    this.planes.forEach((plane, i) => plane.mark("window", products.filter((one) => one.i === i).map(({ place }) => this.cell(place))));
    this.write(products);
    this.focus(null);
  }

  cell([y, x]) {
    return [y + this.ring, x + this.ring];
  }

  write(products) {
    const { stride, dilation, padding, channels, o } = this.at;
    const [y, x] = this.pixel;
    const place = (name, at) => [`${stride}·${at} + ${dilation}·`, letter(name), ` − ${padding}`];
    this.formula.replaceChildren(
      ...[
        `Y[`, letter("o", o), `, ${y}, ${x}] = Σ`, letter("i"), " Σ", letter("u"), " Σ", letter("v"),
        " K[", letter("o", o), ", ", letter("i"), ", ", letter("u"), ", ", letter("v"), "] · X[", letter("i"), ", ", place("u", y), ", ", place("v", x), "]",
      ].flat(),
    );
    this.terms.replaceChildren(
      ...Array.from({ length: channels }, (_, i) =>
        html("p", {}, channels > 1 && letter("i", `i = ${i}: `), products.filter((one) => one.i === i).map((one, n) => [n ? " + " : "", this.term(one)])),
      ),
    );
    const sum = products.reduce((all, { weight, pixel }) => all + weight * pixel, 0);
    this.total.say(`Y[${o}, ${y}, ${x}] = `, html("strong", {}, number(sum)), `, a sum of ${products.length} products`);
  }

  term(product) {
    const { weight, pixel } = product;
    const shown = `${weight < 0 ? `(${number(weight)})` : weight}·${pixel}`;
    const on = () => this.focus(product);
    return html("button", { type: "button", class: `term${weight * pixel ? "" : " zero"}`, onpointerenter: on, onfocus: on, onclick: on, onpointerleave: () => this.focus(null), onblur: () => this.focus(null) }, shown);
  }

  /** Light one product: its weight, its pixel, and the letters that name them. */
  focus(product) {
    this.planes.forEach((plane, i) => plane.mark("lit", product?.i === i ? [this.cell(product.place)] : []));
    this.weights.forEach((grid, i) => grid.mark("lit", product?.i === i ? [[product.u, product.v]] : []));
    light(this.formula, product ? ["i", "u", "v"] : []);
    if (!product) {
      this.detail.replaceChildren("Point at a product, or tab to it, to see where it comes from.");
      return;
    }
    const { i, u, v, place, weight, pixel } = product;
    this.detail.replaceChildren(
      letter("i", `i = ${i}`), ", ", letter("u", `u = ${u}`), ", ", letter("v", `v = ${v}`),
      `: weight ${number(weight)} times pixel ${pixel} at row ${number(place[0])}, column ${number(place[1])}${this.isPadding(...place) ? " (padding)" : ""}`,
    );
  }
}

define("learn-convolution", (facts) => new Convolution(facts).element);
