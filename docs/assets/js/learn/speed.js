// The roofline: how fast each stage can run on a machine of a given balance, and what that makes of the savings.
import { bars, choice, controls, define, html, live, slider, svg } from "./widgets.js";

const [WIDTH, HEIGHT, LEFT, FOOT] = [420, 220, 34, 26];
const [LEAST, MOST, DEEP] = [-1, 9, 8]; // powers of two: intensities drawn, and shares of the peak down to 2^-DEEP

const across = (intensity) => LEFT + ((Math.log2(intensity) - LEAST) / (MOST - LEAST)) * (WIDTH - LEFT - 8);
const down = (share) => 12 + (-Math.log2(share) / DEEP) * (HEIGHT - FOOT - 12);
const intensity = (stage) => stage.flops / stage.bytes;

/** Time in bytes moved at full speed: every stage waits for the slower of the two. */
export const seconds = (stages, balance) => stages.reduce((sum, { flops, bytes }) => sum + Math.max(flops / balance, bytes), 0);
const work = (stages) => stages.reduce((sum, { flops }) => sum + flops, 0);

class Speed {
  constructor({ layers, machines, balances }) {
    Object.assign(this, { layers, machines, balances });
    this.layer = 0;
    this.balance = balances[8];
    this.plot = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": "Share of the peak speed that each stage can reach, by its operations per byte" });
    this.roof = svg("path", { class: "roof" });
    this.points = svg("g");
    this.plot.append(...this.frame(), this.roof, this.points);
    this.bars = html("div", { class: "two-bars" });
    this.said = live();
    this.slider = slider({
      label: "Machine, operations per byte",
      min: 0,
      max: balances.length - 1,
      value: balances.indexOf(this.balance),
      say: (at) => String(Math.round(balances[at])),
      onInput: (at) => this.set({ balance: balances[at] }),
    });
    const near = (machine) => balances.reduce((best, b, n) => (Math.abs(Math.log(b / machine.balance)) < Math.abs(Math.log(balances[best] / machine.balance)) ? n : best), 0);
    this.element = html(
      "div",
      { class: "speed" },
      controls(
        choice({ label: "Layer", options: layers.map(({ words }, n) => [n, words]), value: 0, onChange: (layer) => this.set({ layer }) }),
        this.slider,
        html(
          "div",
          { class: "machines" },
          machines.map((machine) =>
            html("button", { type: "button", class: "control press", onclick: () => (this.slider.set(near(machine)), this.set({ balance: machine.balance })) }, `${machine.name}: ${machine.balance}`),
          ),
        ),
      ),
      this.plot,
      this.bars,
      this.said.element,
    );
    this.set({});
  }

  frame() {
    const ticks = [1, 4, 16, 64, 256];
    const shares = [1, 1 / 4, 1 / 16, 1 / 64];
    return [
      ...ticks.flatMap((x) => [
        svg("line", { class: "gridline", x1: across(x), x2: across(x), y1: 12, y2: HEIGHT - FOOT }),
        svg("text", { class: "tick", x: across(x), y: HEIGHT - FOOT + 11 }, x),
      ]),
      ...shares.flatMap((y) => [
        svg("line", { class: "gridline", x1: LEFT, x2: WIDTH - 8, y1: down(y), y2: down(y) }),
        svg("text", { class: "tick side", x: LEFT - 4, y: down(y) + 3 }, y === 1 ? "peak" : `1/${1 / y}`),
      ]),
      svg("text", { class: "tick", x: (LEFT + WIDTH) / 2, y: HEIGHT - 3 }, "operations per byte"),
    ];
  }

  set(change) {
    Object.assign(this, change);
    const { families } = this.layers[this.layer];
    const reach = (x) => Math.min(1, x / this.balance);
    const corners = [2 ** LEAST, this.balance, 2 ** MOST].map((x) => [across(x), down(reach(x))]);
    this.roof.setAttribute("d", `M${corners.map((corner) => corner.map((n) => n.toFixed(1)).join(",")).join("L")}`);
    const drawn = families.flatMap(({ stages }, family) => stages.map((stage) => ({ ...stage, family })));
    const shown = new Map(); // stages at the same place share a label
    for (const stage of drawn) {
      const place = intensity(stage).toFixed(1);
      shown.set(place, [...(shown.get(place) ?? []), stage]);
    }
    const inOrder = [...shown.values()].sort(([a], [b]) => intensity(a) - intensity(b));
    this.points.replaceChildren(
      ...inOrder.map((group, n) => {
        const [x, y] = [across(intensity(group[0])), down(reach(intensity(group[0])))];
        return svg(
          "g",
          { class: `of-${group[0].family}` },
          svg("line", { class: "drop", x1: x, x2: x, y1: y, y2: HEIGHT - FOOT }),
          svg("circle", { cx: x, cy: y, r: 5 }),
          svg("text", { x: x + 8, y: y + 11 + 13 * (n % 3) }, group.map(({ name }) => name).join(", ")),
        );
      }),
    );
    const [whole] = families;
    const share = (a, b) => Math.round((100 * a) / b);
    const rows = families.map(({ title, stages }) => ({
      title,
      work: share(work(stages), work(whole.stages)),
      time: share(seconds(stages, this.balance), seconds(whole.stages, this.balance)),
    }));
    const largest = Math.max(...rows.flatMap((row) => [row.work, row.time]));
    const list = (name, key, kind) => html("div", {}, html("p", { class: "head" }, name), bars(rows.map((row) => ({ name: row.title, value: row[key], words: `${row[key]} %`, kind })), largest));
    this.bars.replaceChildren(list("Operations", "work", ""), list("Time in the model", "time", "chosen"));
    const cheap = rows[1];
    this.said.say(
      `At ${this.balance} operations per byte the depthwise separable layer does ${cheap.work} % of the operations in `,
      html("strong", {}, `${cheap.time} % of the time`),
      ".",
    );
  }
}

define("learn-speed", (facts) => new Speed(facts).element);
