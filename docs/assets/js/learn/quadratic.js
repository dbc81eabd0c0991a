// A kernel of three numbers as a parabola: it is a product of two kernels of two where the parabola meets the axis.
import { controls, define, html, live, number, slider, svg } from "./widgets.js";

const [WIDTH, HEIGHT, REACH] = [320, 170, 4]; // the drawing, and how far z runs to either side

const across = (z) => WIDTH / 2 + (z / REACH) * (WIDTH / 2);
const down = (value) => HEIGHT / 2 - value * 8;

/** The real numbers as short text. */
const short = (value) => number(Math.abs(value - Math.round(value)) < 1e-9 ? Math.round(value) : value.toFixed(2));

export const discriminant = ([a, b, c]) => b * b - 4 * a * c;

/** Two kernels of two numbers whose product is (a, b, c), or null. */
export function halves([a, b, c]) {
  if (discriminant([a, b, c]) < 0) return null;
  if (!c) return [[a, b], [1, 0]];
  const root = Math.sqrt(discriminant([a, b, c]));
  const [low, high] = [(-b - root) / (2 * c), (-b + root) / (2 * c)];
  return [[-c * low, c], [-high, 1]];
}

class Quadratic {
  constructor({ start, most }) {
    this.at = [...start];
    this.curve = svg("path", { class: "curve" });
    this.roots = svg("g", { class: "roots" });
    this.said = live();
    this.plot = svg(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": "The parabola a + b z + c z²" },
      svg("line", { x1: 0, x2: WIDTH, y1: down(0), y2: down(0), class: "axis" }),
      svg("line", { x1: across(0), x2: across(0), y1: 0, y2: HEIGHT, class: "axis" }),
      this.curve,
      this.roots,
    );
    const bars = ["a", "b", "c"].map((label, n) =>
      slider({ label, name: `Entry ${label}`, min: -most, max: most, value: start[n], onInput: (value) => this.set(n, value) }),
    );
    this.element = html("div", { class: "quadratic" }, controls(...bars), this.plot, this.said.element);
    this.update();
  }

  set(n, value) {
    this.at[n] = value;
    this.update();
  }

  update() {
    const [a, b, c] = this.at;
    const value = (z) => a + b * z + c * z * z;
    const zs = Array.from({ length: 161 }, (_, n) => -REACH + (n * 2 * REACH) / 160);
    this.curve.setAttribute("d", zs.map((z, n) => `${n ? "L" : "M"}${across(z).toFixed(1)},${down(value(z)).toFixed(1)}`).join(""));
    const found = halves(this.at);
    const zeros = found && c ? [-found[0][0] / found[0][1], -found[1][0]] : found && b ? [-a / b] : [];
    this.roots.replaceChildren(...zeros.map((z) => svg("circle", { cx: across(z), cy: down(0), r: 4 })));
    const kernel = `[${this.at.map(number).join(", ")}]`;
    const test = `b² − 4ac = ${number(discriminant(this.at))}`;
    const pair = ([x, y]) => `[${short(x)}, ${short(y)}]`;
    const rounded = found && !found.flat().every((x) => Math.abs(x * 100 - Math.round(x * 100)) < 1e-6);
    this.said.say(
      html("strong", {}, found ? `${kernel} ${rounded ? "≈" : "="} ${pair(found[0])} ∗ ${pair(found[1])}` : `${kernel} is no product of two real kernels of length 2.`),
      ` ${test}${found ? ", not negative." : " is negative: the parabola misses the axis."}`,
    );
  }
}

define("learn-quadratic", (facts) => new Quadratic(facts).element);
